//! Decoded frames in memory, those that were not needed for longest given up first.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;

use super::error::ClipsError;

/// A frame of a video.
pub(super) type Key = (usize, usize);

/// A place for a frame. Whoever comes first decodes it, and others who want it wait for that.
type Place = Arc<Mutex<Option<Arc<[u8]>>>>;

/// At most so many frames, each of the same size.
pub(super) struct FrameCache {
    places: Option<Mutex<LruCache<Key, Place>>>,
}

impl FrameCache {
    /// Room for as many of `frames` frames of `frame_bytes` bytes as `bytes` bytes hold.
    pub(super) fn new(bytes: u64, frame_bytes: usize, frames: usize) -> Self {
        let fitting = bytes / (frame_bytes.max(1) as u64);
        let capacity = usize::try_from(fitting).unwrap_or(usize::MAX).min(frames);
        Self {
            places: NonZeroUsize::new(capacity).map(|capacity| Mutex::new(LruCache::new(capacity))),
        }
    }

    /// The frame of this key; `decode` makes it where it is not in memory.
    pub(super) fn get(
        &self,
        key: Key,
        decode: impl FnOnce() -> Result<Arc<[u8]>, ClipsError>,
    ) -> Result<Arc<[u8]>, ClipsError> {
        let Some(places) = &self.places else {
            return decode();
        };
        // A thread that panicked while it held a lock leaves the map whole: it only looks up and inserts.
        let place = places
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(key, Place::default)
            .clone();
        // The map is free again, and other frames can be had while this one is decoded.
        let mut frame = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(frame) = &*frame {
            return Ok(frame.clone());
        }
        let decoded = decode()?;
        *frame = Some(decoded.clone());
        Ok(decoded)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn frame(value: u8) -> Result<Arc<[u8]>, ClipsError> {
        Ok(vec![value; 10].into())
    }

    #[test]
    fn frames_are_decoded_once_while_there_is_room() {
        let cache = FrameCache::new(30, 10, 100);
        let decoded = AtomicUsize::new(0);
        let get = |number: usize| {
            let frame = cache.get((0, number), || {
                decoded.fetch_add(1, Ordering::Relaxed);
                frame(number as u8)
            });
            assert_eq!(frame.unwrap()[..], [number as u8; 10]);
            decoded.load(Ordering::Relaxed)
        };
        assert_eq!([0, 1, 2, 0, 1, 2].map(&get), [1, 2, 3, 3, 3, 3]);
        // 0 is needed again, so 1 has not been needed for longest and gives way to 3.
        assert_eq!([0, 3, 0, 2, 1].map(&get), [3, 4, 4, 4, 5]);
    }

    #[test]
    fn no_more_is_kept_than_fits() {
        for (bytes, fitting) in [(0, 0), (9, 0), (10, 1), (59, 5), (u64::MAX, 7)] {
            let cache = FrameCache::new(bytes, 10, 7);
            let frames: Vec<Arc<[u8]>> = (0..7)
                .map(|n| cache.get((0, n), || frame(n as u8)).unwrap())
                .collect();
            let kept = frames
                .iter()
                .filter(|frame| Arc::strong_count(frame) > 1)
                .count();
            assert_eq!(kept, fitting, "{bytes}");
        }
    }

    #[test]
    fn a_frame_that_failed_is_tried_again() {
        let cache = FrameCache::new(100, 10, 10);
        assert!(cache.get((0, 0), || Err(ClipsError::NoVideos)).is_err());
        assert!(cache.get((0, 0), || frame(1)).is_ok());
    }

    #[test]
    fn threads_that_want_the_same_frame_decode_it_once() {
        let cache = FrameCache::new(1_000, 10, 100);
        let decoded = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for number in 0..50 {
                        let frame = cache.get((1, number), || {
                            decoded.fetch_add(1, Ordering::Relaxed);
                            std::thread::yield_now();
                            frame(number as u8)
                        });
                        assert_eq!(frame.unwrap()[0], number as u8);
                    }
                });
            }
        });
        assert_eq!(decoded.load(Ordering::Relaxed), 50);
    }
}
