use super::camera::CameraMotion;
use super::field::MotionField;

/// What moves in a frame.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MotionFrame {
    /// The query of each place: the mean over the last [frames](super::MotionLayout::frames). `None` where fewer have followed
    /// each other since the beginning, a restart, or a cut.
    pub field: Option<MotionField>,
    /// Whether the frame does not continue the one before: most of it is something else. The queries begin anew.
    pub cut: bool,
    /// Share of the pixels that are not where the flow leads, which a cut is told by; 0 for a first frame.
    pub unexplained: f32,
    /// How the picture moves as a whole.
    pub camera: CameraMotion,
    /// What the frame was multiplied by to be [as bright](super::Brightness) as the one before.
    pub gain: f32,
}

impl MotionFrame {
    /// Nothing is known to move.
    pub(super) fn first() -> Self {
        Self {
            field: None,
            cut: false,
            unexplained: 0.0,
            camera: CameraMotion::default(),
            gain: 1.0,
        }
    }
}
