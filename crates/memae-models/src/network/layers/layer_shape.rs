/// One layer of a list, over `S` axes besides the channels.
pub(in crate::network) trait LayerShape<const S: usize> {
    /// Kernel along each axis.
    fn kernel(&self) -> [usize; S];

    /// Stride along each axis.
    fn stride(&self) -> [usize; S];

    /// Output channels.
    fn channels(&self) -> usize;

    /// Zeros added on each side of the input, along each axis.
    fn padding(&self) -> [usize; S] {
        self.kernel().map(padding)
    }
}

/// Zeros on each side with which a kernel of odd size keeps positions centred.
pub(in crate::network) fn padding(kernel: usize) -> usize {
    (kernel - 1) / 2
}
