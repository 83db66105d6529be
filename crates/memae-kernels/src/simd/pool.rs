//! Numbers of tensors in the making, in memory that earlier tensors left.
//!
//! Fresh memory costs a page fault every few kilobytes, together more than many a kernel takes. Blocks that a tensor
//! leaves are kept until later tensors have not asked for them for a while, and little more than was in use at once
//! lately. [`release`] frees them at once.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use burn::tensor::{AllocationProperty, Bytes, Shape, TensorData};
use pulp::bytemuck::{cast_slice, cast_slice_mut};

use super::FlexTensor;
use super::real::Real;

/// Numbers that become a tensor, each of which is to be written: what is there first is what an earlier tensor left.
pub(crate) struct Numbers<R> {
    storage: Storage,
    element: PhantomData<R>,
}

impl<R: Real> Numbers<R> {
    pub fn new(count: usize) -> Self {
        Self {
            storage: Storage::new(count * size_of::<R>()),
            element: PhantomData,
        }
    }

    /// They as a tensor. A change in place, by an operation of Burn's, copies it first.
    pub fn into_tensor(self, shape: Shape) -> FlexTensor {
        let shared = bytes::Bytes::from_owner(self.storage);
        let bytes = Bytes::from_shared(shared, AllocationProperty::Native);
        FlexTensor::from_data(TensorData::from_bytes(bytes, shape, R::dtype()))
    }
}

impl<R: Real> Deref for Numbers<R> {
    type Target = [R];

    fn deref(&self) -> &[R] {
        cast_slice(&self.storage)
    }
}

impl<R: Real> DerefMut for Numbers<R> {
    fn deref_mut(&mut self) -> &mut [R] {
        cast_slice_mut(&mut self.storage)
    }
}

/// Bytes of a block from which on it is kept.
const KEPT: usize = 1 << 15;
/// A block is freed when this many times the most that was in use at once has been asked for since it was left: two
/// training steps or three.
const PATIENCE: usize = 8;
/// What may be held beyond the most that was in use at once, 8 MiB in numbers of eight bytes: blocks of different lengths
/// are in use at different times.
const SPARE: usize = 1 << 20;

/// Bytes that are aligned for any type and are written before they are read; kept for others when dropped.
pub(crate) struct Storage {
    values: Vec<f64>,
    /// Bytes in use.
    length: usize,
}

impl Storage {
    pub fn new(length: usize) -> Self {
        let count = length.div_ceil(size_of::<f64>());
        let kept = (length >= KEPT).then(|| left(|left| left.take(count)));
        let mut values = kept.flatten().unwrap_or_else(|| vec![0.0; count]);
        if POISON.load(Ordering::Relaxed) {
            // NaN in every float type.
            values.fill(f64::from_bits(u64::MAX));
        }
        Self { values, length }
    }
}

static POISON: AtomicBool = AtomicBool::new(false);

/// Fills what kernels are to write with NaN from now on, so that tests see what they leave out.
#[doc(hidden)]
pub fn poison() {
    POISON.store(true, Ordering::Relaxed);
}

impl Deref for Storage {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &cast_slice(&self.values)[..self.length]
    }
}

impl DerefMut for Storage {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut cast_slice_mut(&mut self.values)[..self.length]
    }
}

impl AsRef<[u8]> for Storage {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        if self.length >= KEPT {
            let values = std::mem::take(&mut self.values);
            left(|left| left.keep(values));
        }
    }
}

static LEFT: Mutex<Left> = Mutex::new(Left::NOTHING);

fn left<T>(run: impl FnOnce(&mut Left) -> T) -> T {
    let (result, freed) = {
        let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
        let result = run(&mut left);
        (result, std::mem::take(&mut left.freed))
    };
    // Unmapping a large block takes long, and others wait for the lock.
    drop(freed);
    result
}

/// Frees the memory that tensors on Flex left for later ones, in the whole process. What is in use stays.
///
/// Worth its while after training, or after a batch that was much larger than those to come; kernels ask for new memory
/// where they miss it.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use burn::tensor::ops::ConvOptions;
/// use memae_kernels::convolution::conv2d;
///
/// let device = Device::flex();
/// let (image, weight) = (Tensor::ones([1, 1, 64, 64], &device), Tensor::ones([4, 1, 3, 3], &device));
/// drop(conv2d(image, weight, None, ConvOptions::new([1, 1], [1, 1], [1, 1], 1)));
/// memae_kernels::release_memory();
/// ```
pub fn release() {
    left(Left::free_all);
}

/// Blocks that nobody uses.
struct Left {
    /// By length, and each with all that was requested before it was left.
    blocks: BTreeMap<usize, Vec<(usize, Vec<f64>)>>,
    /// Length of all that was ever requested.
    requested: usize,
    /// Length of all of them.
    length: usize,
    /// Length of all that are in use, and the most that it was lately.
    used: usize,
    most_used: usize,
    /// The most that was in use since this was requested.
    peak: usize,
    peak_since: usize,
    /// Blocks that are given up, until nobody waits for them.
    freed: Vec<Vec<f64>>,
}

impl Left {
    const NOTHING: Self = Self {
        blocks: BTreeMap::new(),
        requested: 0,
        length: 0,
        used: 0,
        most_used: 0,
        peak: 0,
        peak_since: 0,
        freed: Vec::new(),
    };

    /// A block of this length or a little more, if there is one; else the caller makes one of this length.
    fn take(&mut self, length: usize) -> Option<Vec<f64>> {
        self.requested += length;
        let mut fitting = self.blocks.range_mut(length..=length + length / 4);
        let found = fitting.find_map(|(_, blocks)| blocks.pop());
        if let Some((_, values)) = &found {
            self.length -= values.len();
        }
        self.used += found.as_ref().map_or(length, |(_, values)| values.len());
        self.peak = self.peak.max(self.used);
        self.most_used = self.most_used.max(self.used);
        if self.requested - self.peak_since > PATIENCE * self.most_used {
            (self.most_used, self.peak) = (self.peak, self.used);
            self.peak_since = self.requested;
        }
        self.give_up();
        found.map(|(_, values)| values)
    }

    /// Keeps a block that was in use.
    fn keep(&mut self, values: Vec<f64>) {
        let length = values.len();
        self.used -= length;
        self.length += length;
        let blocks = self.blocks.entry(length).or_default();
        blocks.push((self.requested, values));
        self.give_up();
    }

    /// Frees what has been of no use for long, and what exceeds the limit.
    ///
    /// Training asks for the same blocks each step. Beyond the limit those left last are freed: freeing those left first
    /// would free each shortly before it is asked for again.
    fn give_up(&mut self) {
        while let Some((since, length)) = self.oldest()
            && self.requested - since > PATIENCE * self.most_used
        {
            self.free(length, 0);
        }
        while self.used + self.length > self.most_used + SPARE
            && let Some((length, place)) = self.newest()
        {
            self.free(length, place);
        }
    }

    /// Since when the block is there that was left first, and its length.
    fn oldest(&self) -> Option<(usize, usize)> {
        let of_each_length = self.blocks.iter();
        of_each_length
            .filter_map(|(length, blocks)| Some((blocks.first()?.0, *length)))
            .min()
    }

    /// Length of the block that was left last, and its place among those of this length.
    fn newest(&self) -> Option<(usize, usize)> {
        let of_each_length = self.blocks.iter();
        of_each_length
            .filter_map(|(length, blocks)| Some((blocks.last()?.0, *length, blocks.len() - 1)))
            .max()
            .map(|(_, length, place)| (length, place))
    }

    fn free(&mut self, length: usize, place: usize) {
        if let Some(blocks) = self.blocks.get_mut(&length) {
            let (_, values) = blocks.remove(place);
            self.freed.push(values);
            if blocks.is_empty() {
                self.blocks.remove(&length);
            }
            self.length -= length;
        }
    }

    fn free_all(&mut self) {
        let blocks = std::mem::take(&mut self.blocks);
        let blocks = blocks.into_values().flatten();
        self.freed.extend(blocks.map(|(_, values)| values));
        self.length = 0;
        (self.most_used, self.peak) = (self.used, self.used);
    }
}

#[cfg(test)]
mod tests {
    use burn::backend::TensorMetadata;

    use super::*;

    #[test]
    fn a_tensor_has_the_numbers_and_leaves_its_memory() {
        // More than all other tests together ask for.
        let count = 10_000_019;
        let mut numbers = Numbers::<f32>::new(count);
        let place = numbers.as_ptr();
        for (index, number) in numbers.iter_mut().enumerate() {
            *number = index as f32;
        }
        let tensor = numbers.into_tensor(Shape::new([count]));
        assert_eq!(tensor.shape(), Shape::new([count]));
        let values: &[f32] = tensor.as_slice().unwrap();
        assert_eq!(values.as_ptr(), place);
        assert!(
            values
                .iter()
                .enumerate()
                .all(|(index, value)| *value == index as f32)
        );
        let held = tensor.clone();
        drop(tensor);
        assert_ne!(Numbers::<f32>::new(count).as_ptr(), place, "memory in use");
        drop(held);
        let kept: Vec<Numbers<f32>> = (0..2).map(|_| Numbers::new(count)).collect();
        assert!(kept.iter().any(|numbers| numbers.as_ptr() == place));
    }

    #[test]
    fn a_change_in_place_leaves_what_shares_the_memory() {
        let mut numbers = Numbers::<f64>::new(3);
        numbers.copy_from_slice(&[1.0, 2.0, 3.0]);
        let tensor = numbers.into_tensor(Shape::new([3]));
        let mut changed = tensor.clone();
        changed.storage_mut::<f64>()[1] = 7.0;
        assert_eq!(tensor.as_slice::<f64>().unwrap(), [1.0, 2.0, 3.0]);
        assert_eq!(changed.as_slice::<f64>().unwrap(), [1.0, 7.0, 3.0]);
        changed.storage_mut::<f64>()[2] = 8.0;
        assert_eq!(changed.as_slice::<f64>().unwrap(), [1.0, 7.0, 8.0]);
    }

    /// A block as its user has it.
    fn used(left: &mut Left, length: usize) -> Vec<f64> {
        let kept = left.take(length);
        kept.unwrap_or_else(|| vec![0.0; length])
    }

    #[test]
    fn blocks_go_to_users_of_about_their_length() {
        let mut left = Left {
            most_used: 10_000,
            ..Left::NOTHING
        };
        let blocks = [1000, 2000].map(|length| used(&mut left, length));
        for block in blocks {
            left.keep(block);
        }
        assert_eq!(left.take(1001), None);
        assert_eq!(left.take(999).map(|values| values.len()), Some(1000));
        assert_eq!(left.take(1500), None);
        assert_eq!(left.take(1800).map(|values| values.len()), Some(2000));
        assert_eq!(left.length, 0);
    }

    #[test]
    fn blocks_that_nobody_wants_are_given_up() {
        let mut left = Left::NOTHING;
        let blocks = [10, 1000, 2000].map(|length| used(&mut left, length));
        for block in blocks {
            left.keep(block);
        }
        for _ in 0..PATIENCE * 301 {
            let block = used(&mut left, 10);
            left.keep(block);
            assert_eq!(left.length, 3010);
        }
        for _ in 0..PATIENCE {
            let block = used(&mut left, 10);
            left.keep(block);
        }
        assert_eq!(left.length, 10);
    }

    #[test]
    fn little_more_is_held_than_was_in_use_at_once() {
        let mut left = Left::NOTHING;
        for length in (1..100).map(|index| SPARE / 10 * index) {
            let block = used(&mut left, length);
            left.keep(block);
            assert!(left.used + left.length <= left.most_used + SPARE);
        }
        assert_eq!(left.most_used, SPARE / 10 * 99);
        // More than was there before, and nothing of its length.
        let block = used(&mut left, 11 * SPARE);
        assert!(left.length <= SPARE);
        left.keep(block);
    }

    #[test]
    fn after_a_peak_less_is_held_again() {
        let mut left = Left::NOTHING;
        let large: Vec<_> = (0..9).map(|_| used(&mut left, 2 * SPARE)).collect();
        large.into_iter().for_each(|block| left.keep(block));
        assert!(left.length >= 17 * SPARE);
        // Other work, of several lengths at once, for long enough.
        for _ in 0..2 * PATIENCE * 18 {
            let blocks = [SPARE / 2, SPARE / 3, SPARE / 7].map(|length| used(&mut left, length));
            blocks.into_iter().for_each(|block| left.keep(block));
        }
        assert!(left.length <= 2 * SPARE, "{}", left.length);
        assert!(left.most_used <= SPARE, "{}", left.most_used);
    }

    #[test]
    fn all_that_nobody_uses_is_freed_when_asked() {
        let mut left = Left::NOTHING;
        let in_use = used(&mut left, 700);
        let blocks = [1000, 2000].map(|length| used(&mut left, length));
        blocks.into_iter().for_each(|block| left.keep(block));
        left.freed.clear();
        left.free_all();
        assert_eq!((left.length, left.used, left.most_used), (0, 700, 700));
        assert_eq!(left.freed.iter().map(Vec::len).sum::<usize>(), 3000);
        left.keep(in_use);
        assert_eq!(left.length, 700);
    }

    #[test]
    fn steps_find_what_they_left_though_not_all_is_kept() {
        const PASSES: [[usize; 4]; 2] = [[40, 30, 20, 10], [7, 15, 25, 35]];
        let mut left = Left::NOTHING;
        let (mut asked, mut missed) = (0, 0);
        for step in 0..10 {
            let mut take = |left: &mut Left, length: usize| {
                let length = SPARE / 4 * length;
                let kept = left.take(length);
                if step > 1 {
                    asked += length;
                    missed += usize::from(kept.is_none()) * length;
                }
                kept.unwrap_or_else(|| vec![0.0; length])
            };
            let [forward, backward] = PASSES;
            let outputs = forward.map(|length| take(&mut left, length));
            for (output, length) in outputs.into_iter().rev().zip(backward) {
                let gradient = take(&mut left, length);
                left.keep(output);
                left.keep(gradient);
            }
        }
        assert!(missed < asked / 4, "{missed} of {asked}");
    }

    #[test]
    fn other_work_soon_finds_what_it_leaves() {
        let mut left = Left::NOTHING;
        for lengths in [[40, 30, 20, 10], [51, 27, 13, 6]] {
            let mut missed = Vec::new();
            for _ in 0..20 {
                let kept = lengths.map(|length| left.take(SPARE * length));
                missed.push(kept.iter().filter(|kept| kept.is_none()).count());
                for (kept, length) in kept.into_iter().zip(lengths) {
                    left.keep(kept.unwrap_or_else(|| vec![0.0; SPARE * length]));
                }
            }
            assert_eq!(missed[10..], [0; 10], "{missed:?}");
        }
    }
}
