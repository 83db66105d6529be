/// What the x axis of a [`SweepPicture`](crate::SweepPicture) is.
///
/// ```
/// use memae_pictures::SweepAxis;
///
/// let memory_size = SweepAxis::Logarithmic;
/// let shrinkage = SweepAxis::Linear; // a multiple of 1/N, 0 included
/// let entropy_weight = SweepAxis::LogarithmicFromZero; // 0, 0.0002, 0.002, ...
/// let query = SweepAxis::Names(&["encoding", "position"]);
/// # let _ = (memory_size, shrinkage, entropy_weight, query);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SweepAxis<'a> {
    /// Numbers, evenly spread.
    Linear,
    /// Numbers above 0, spread by their logarithm.
    Logarithmic,
    /// Numbers of 0 or more, spread by their logarithm; 0 stands on its own left of a break in the axis, joined by
    /// dashes.
    LogarithmicFromZero,
    /// These names, at most 20; a point's x counts them from 0. Points are not joined, and those of several series
    /// stand side by side.
    Names(&'a [&'a str]),
}
