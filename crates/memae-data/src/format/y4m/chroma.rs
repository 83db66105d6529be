/// How many of the colours of a frame are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chroma {
    /// None.
    Mono,
    /// One for so many columns and so many rows.
    Every { columns: usize, rows: usize },
}

impl Chroma {
    /// Of the value of the parameter `C`. Where within its pixels a colour was sampled is of no matter.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let every = |columns, rows| Some(Self::Every { columns, rows });
        match text {
            "mono" => Some(Self::Mono),
            "420" | "420jpeg" | "420mpeg2" | "420paldv" => every(2, 2),
            "422" => every(2, 1),
            "411" => every(4, 1),
            "444" => every(1, 1),
            _ => None,
        }
    }

    /// Height and width of each of the two planes of colour.
    pub(super) fn plane(self, height: usize, width: usize) -> (usize, usize) {
        match self {
            Self::Mono => (0, 0),
            Self::Every { columns, rows } => (height.div_ceil(rows), width.div_ceil(columns)),
        }
    }

    /// Bytes of a frame.
    pub(super) fn frame_bytes(self, height: usize, width: usize) -> usize {
        let (rows, columns) = self.plane(height, width);
        height * width + 2 * rows * columns
    }
}
