/// The median of numbers, of which there is at least one; the mean of the two in the middle where there are two. They are
/// put in another order.
pub(super) fn median(numbers: &mut [f64]) -> f64 {
    let count = numbers.len();
    let (below, &mut upper, _) = numbers.select_nth_unstable_by(count / 2, f64::total_cmp);
    let lower = below.iter().copied().reduce(f64::max);
    match lower {
        Some(lower) if count.is_multiple_of(2) => lower + (upper - lower) / 2.0,
        _ => upper,
    }
}
