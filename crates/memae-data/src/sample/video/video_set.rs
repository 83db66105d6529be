use super::sequence::Video;
use super::test_video::TestVideo;
use crate::format::PassedOver;

/// Videos to train on, which are normal, and videos to test.
///
/// ```no_run
/// use memae_data::dataset::VideoLayout;
/// use memae_data::sample::VideoSet;
///
/// let ped2 = VideoSet::open("data/UCSDped2", VideoLayout::Ucsd)?;
/// for test in &ped2.test {
///     println!("{}: {} frames", test.video.name(), test.video.frame_count()?);
/// }
/// # Ok::<(), memae_data::dataset::SourceError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct VideoSet {
    /// Training videos.
    pub train: Vec<Video>,
    /// Test videos.
    pub test: Vec<TestVideo>,
    /// What lies beside the videos, as seen from the folder that was opened. What lies beside the images of one is counted by
    /// [`Video::passed_over`].
    pub passed_over: PassedOver,
}
