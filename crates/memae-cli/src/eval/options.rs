//! What is said on the command line.

use std::path::PathBuf;

use clap::Args;

#[derive(Args)]
#[command(
    override_usage = "memae eval [OPTIONS] <DETECTOR> <DIR>\n       memae eval [OPTIONS] <DETECTOR> --normal <PATH>... --anomalous <PATH>..."
)]
pub(crate) struct Options {
    /// The detector's file
    #[arg(value_name = "DETECTOR")]
    pub(super) detector: PathBuf,
    /// A folder of pictures with `test/good` (or `test/normal`) and other folders in `test`, as those of MVTec AD
    #[arg(value_name = "DIR", required_unless_present_all = ["normal", "anomalous"], conflicts_with_all = ["normal", "anomalous"])]
    pub(super) folder: Option<PathBuf>,
    /// What is normal; it was not trained on
    #[arg(long, value_name = "PATH", num_args = 1.., requires = "anomalous")]
    pub(super) normal: Vec<PathBuf>,
    /// What is anomalous
    #[arg(long, value_name = "PATH", num_args = 1.., requires = "normal")]
    pub(super) anomalous: Vec<PathBuf>,
    /// Pictures: masks of the anomalous ones, laid out like these; those of a folder with `ground_truth` are found
    #[arg(long, value_name = "DIR", requires = "anomalous")]
    pub(super) masks: Option<PathBuf>,
    /// Pictures: most memory for the pixels that are compared with masks, in MiB
    #[arg(long, default_value_t = 4096)]
    pub(super) memory: u64,
    /// Masks with soft edges: from the middle of the range on a pixel is anomalous
    #[arg(long)]
    pub(super) soft_masks: bool,
    /// Write a report, one HTML file
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// One JSON object instead of lines
    #[arg(long)]
    pub(super) json: bool,
}
