//! Command-line options that the video examples share.

use std::path::PathBuf;

use clap::Args;
use memae::data::encode::ClipsConfig;
use memae::data::format::DamagePolicy;
use memae::data::sample::VideoConfig;

/// How videos are opened, and where decoded frames are kept.
#[derive(Args)]
pub struct VideoOptions {
    /// Leave out what can't be decoded of damaged video files, and count it, instead of refusing them; a clip never spans
    /// such a gap, nor two recordings in one file
    #[arg(long)]
    leave_out_damage: bool,
    /// Where to begin in each video, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0)]
    start: f64,
    /// Where to end in each video, in seconds [default: at its end]
    #[arg(long, value_name = "SECONDS")]
    end: Option<f64>,
    /// Most frames a second, evenly spread [default: all]
    #[arg(long, value_name = "FRAMES")]
    rate: Option<f64>,
    /// Images a second of videos that are folders of images; needed for these with --start, --end or --rate
    #[arg(long, value_name = "IMAGES")]
    image_rate: Option<f64>,
    /// Folder for decoded frames of video files, in a file without a name that is gone at the end [default: the system's
    /// folder for temporary files]
    #[arg(long, value_name = "DIR")]
    spool_dir: Option<PathBuf>,
    /// Most space for them, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 32 << 10)]
    spool_limit: u64,
}

impl VideoOptions {
    /// How videos are opened.
    pub fn config(&self) -> VideoConfig {
        let mut config = VideoConfig::default().with_start(self.start);
        config.end = self.end;
        config.rate = self.rate;
        config.image_rate = self.image_rate;
        if self.leave_out_damage {
            config.damage = DamagePolicy::LeaveOut;
        }
        config
    }

    /// Clips whose decoded frames are kept there.
    pub fn with_spool(&self, mut clips: ClipsConfig) -> ClipsConfig {
        clips.spool_folder = self.spool_dir.clone();
        clips.spool_bytes = self.spool_limit.saturating_mul(1 << 20);
        clips
    }
}
