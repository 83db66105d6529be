//! Regions of anomalous pixels that touch each other.

/// Numbers the regions of anomalous pixels that touch each other, also by a corner only, from 1 in the order of their
/// first pixels; 0 for normal pixels. `[height, width]`.
///
/// `anomalous` has whole rows of `width` pixels.
pub(super) fn regions(anomalous: &[bool], width: usize) -> Vec<u32> {
    let mut regions = vec![0; anomalous.len()];
    let mut count = 0;
    let mut pending = Vec::new();
    for start in 0..regions.len() {
        if !anomalous[start] || regions[start] != 0 {
            continue;
        }
        count += 1;
        regions[start] = count;
        pending.push(start);
        let height = anomalous.len() / width;
        while let Some(pixel) = pending.pop() {
            let (y, x) = (pixel / width, pixel % width);
            for y in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                for x in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let neighbour = y * width + x;
                    if anomalous[neighbour] && regions[neighbour] == 0 {
                        regions[neighbour] = count;
                        pending.push(neighbour);
                    }
                }
            }
        }
    }
    regions
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masks() -> impl Strategy<Value = (usize, Vec<bool>)> {
        (1usize..8, 1usize..12).prop_flat_map(|(height, width)| {
            proptest::collection::vec(any::<bool>(), height * width)
                .prop_map(move |anomalous| (width, anomalous))
        })
    }

    proptest! {
        #[test]
        fn a_region_holds_all_that_touches_and_nothing_else((width, anomalous) in masks()) {
            let regions = regions(&anomalous, width);
            let place = |pixel: usize| (pixel / width, pixel % width);
            let touch = |a: usize, b: usize| {
                let ((ay, ax), (by, bx)) = (place(a), place(b));
                ay.abs_diff(by) <= 1 && ax.abs_diff(bx) <= 1
            };
            // Numbers that spread among neighbours until nothing changes, without any search.
            let mut spread: Vec<usize> = (0..regions.len()).collect();
            for _ in 0..regions.len() {
                for a in 0..regions.len() {
                    for b in 0..regions.len() {
                        if anomalous[a] && anomalous[b] && touch(a, b) {
                            spread[a] = spread[a].min(spread[b]);
                        }
                    }
                }
            }
            for a in 0..regions.len() {
                prop_assert_eq!(regions[a] == 0, !anomalous[a]);
                for b in 0..regions.len() {
                    if anomalous[a] && anomalous[b] {
                        prop_assert_eq!(regions[a] == regions[b], spread[a] == spread[b]);
                    }
                }
            }
        }
    }

    #[test]
    fn regions_are_numbered_in_the_order_of_their_first_pixels() {
        let anomalous = [true, false, false, true, false, true, false, false];
        assert_eq!(regions(&anomalous, 4), [1, 0, 0, 2, 0, 1, 0, 0]);
    }

    #[test]
    fn a_region_of_a_whole_frame_is_one() {
        assert!(
            regions(&vec![true; 120_000], 400)
                .iter()
                .all(|&region| region == 1)
        );
    }
}
