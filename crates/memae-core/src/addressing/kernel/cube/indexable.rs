/// Kernels count in 32 bits.
pub(super) fn assert_indexable(what: &str, dims: [usize; 2]) {
    let elements = dims[0].checked_mul(dims[1]);
    assert!(
        elements.is_some_and(|elements| u32::try_from(elements).is_ok()),
        "{what}: {dims:?} elements, expected fewer than 2^32"
    );
}
