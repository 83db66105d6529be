//! Scores videos as a camera would deliver them: one frame at a time, with a detector that was saved before.
//!
//! `cargo run --release --example video_stream -- --detector FILE VIDEO …`

#[allow(dead_code, reason = "nothing is trained and no digits are read")]
mod arguments;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use burn::tensor::Device;
use clap::Parser;
use memae::data::encode::{ClipLayout, ClipsConfig};
use memae::data::format::{Ffmpeg, Numbering};
use memae::data::sample::{FrameColour, FrameFormat, Video};
use memae::detect::video::{FrameScore, GapPolicy, StreamScorer, VideoDetector};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Scores videos frame by frame and says which frames are anomalous.
#[derive(Parser)]
#[command(name = "video_stream")]
struct Options {
    /// Folders of images, or video files
    #[arg(required = true, value_name = "VIDEO")]
    videos: Vec<PathBuf>,
    /// The detector, as the example `video` saves it
    #[arg(long, value_name = "FILE")]
    detector: PathBuf,
    /// CSV file for the score of every frame
    #[arg(long, value_name = "FILE", conflicts_with = "frames")]
    csv: Option<PathBuf>,
    /// Frames in all: the videos are shown again and again until there are so many
    #[arg(long)]
    frames: Option<usize>,
    /// Score all clips at once as well, and compare
    #[arg(long, conflicts_with = "frames")]
    compare: bool,
    /// Device, among those compiled in
    #[arg(long, default_value = memae::device::names()[0])]
    device: String,
}

/// A frame of a video with its score.
struct Line {
    video: usize,
    score: FrameScore,
}

fn main() -> ExitCode {
    arguments::finish(run(&Options::parse()))
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let device = memae::device::by_name(&options.device)?;
    let detector = VideoDetector::load(&options.detector, &device)?;
    let videos = options
        .videos
        .iter()
        .map(|path| match path.is_dir() {
            true => Video::from_folder(path, Numbering::default()),
            false => Video::from_file(path, Ffmpeg::default()),
        })
        .collect::<Result<Vec<_>, _>>()?;
    let input = detector.network.input;
    let format = FrameFormat::default()
        .with_colour(match input.channels {
            3 => FrameColour::Rgb,
            _ => FrameColour::Grey,
        })
        .with_size(input.height, input.width);

    let mut stream = detector.stream(GapPolicy::Refuse, &device);
    let start = Instant::now();
    let (mut lines, mut pushed, mut scoring) = (Vec::new(), 0, 0.0);
    let mut heap_before = None;
    'all: loop {
        for (index, video) in videos.iter().enumerate() {
            stream.reset();
            let before_video = pushed;
            for (number, frame) in video.frames(&format)?.enumerate() {
                if options.frames.is_some_and(|frames| pushed >= frames) {
                    break 'all;
                }
                let frame = frame?;
                let before = Instant::now();
                let score = push(&mut stream, number, &frame)?;
                scoring += before.elapsed().as_secs_f64();
                pushed += 1;
                if options.frames.is_none() {
                    lines.extend(score.map(|score| Line {
                        video: index,
                        score,
                    }));
                } else if pushed == 2 * input.frames {
                    // From here on nothing may grow.
                    ALLOCATOR.reset_peak_usage();
                    heap_before = Some(ALLOCATOR.current_usage_as_mb());
                }
            }
            let found = pushed - before_video;
            if found < input.frames {
                return Err(format!(
                    "{}: found {found} frames, expected at least {}, those of a clip",
                    options.videos[index].display(),
                    input.frames
                )
                .into());
            }
        }
        if options.frames.is_none() {
            break;
        }
    }
    let seconds = start.elapsed().as_secs_f64();

    if options.frames.is_none() {
        report(options, &videos, &detector, &lines)?;
    }
    println!(
        "{pushed} frames in {seconds:.1} s: {:.1} frames a second, {:.1} without decoding",
        pushed as f64 / seconds,
        pushed as f64 / scoring.max(f64::EPSILON)
    );
    if let Some(before) = heap_before {
        println!(
            "heap: {before:.2} MiB after {} frames, {:.2} MiB at the end, peak between {:.2} MiB",
            2 * input.frames,
            ALLOCATOR.current_usage_as_mb(),
            ALLOCATOR.peak_usage_as_mb()
        );
    }
    if options.compare {
        compare(&detector, &videos, &lines, &device)?;
    }
    Ok(())
}

fn push(
    stream: &mut StreamScorer,
    number: usize,
    frame: &memae::data::sample::Frame,
) -> Result<Option<FrameScore>, memae::detect::video::StreamError> {
    stream.push_pixels(number as u64, frame.shape, &frame.pixels)
}

/// What was flagged, and the scores as CSV.
fn report(
    options: &Options,
    videos: &[Video],
    detector: &VideoDetector,
    lines: &[Line],
) -> Result<(), Box<dyn std::error::Error>> {
    for (index, video) in videos.iter().enumerate() {
        let of_video = lines.iter().filter(|line| line.video == index);
        let flagged: Vec<u64> = of_video
            .clone()
            .filter(|line| line.score.anomalous)
            .map(|line| line.score.frame)
            .collect();
        let count = of_video.count();
        println!(
            "{}: {} of {count} frames above {:.3}: {}",
            video.name(),
            flagged.len(),
            detector.threshold(),
            spans(&flagged)
        );
    }
    if let Some(path) = &options.csv {
        write_table(path, options, lines)
            .map_err(|error| format!("{}: can't be written: {error}", path.display()))?;
    }
    Ok(())
}

/// Writes a temporary file and renames it, so that never a part of the table is found at `path`.
fn write_table(path: &Path, options: &Options, lines: &[Line]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut file = tempfile::Builder::new().make_in(folder, |path| File::create_new(path))?;
    let mut table = csv::Writer::from_writer(file.as_file_mut());
    table.write_record(["video", "frame", "score", "anomalous"])?;
    for Line { video, score } in lines {
        table.write_record([
            options.videos[*video].display().to_string(),
            score.frame.to_string(),
            score.score.to_string(),
            u8::from(score.anomalous).to_string(),
        ])?;
    }
    table.flush()?;
    drop(table);
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Numbers in a row as `first-last`.
fn spans(frames: &[u64]) -> String {
    let spans = frames.chunk_by(|a, b| a + 1 == *b);
    let texts: Vec<String> = spans
        .map(|span| match span {
            [only] => only.to_string(),
            span => format!("{}-{}", span[0], span[span.len() - 1]),
        })
        .collect();
    match texts.is_empty() {
        true => "none".to_string(),
        false => texts.join(", "),
    }
}

/// The largest difference to scores of the same clips in batches.
fn compare(
    detector: &VideoDetector,
    videos: &[Video],
    lines: &[Line],
    device: &Device,
) -> Result<(), Box<dyn std::error::Error>> {
    let input = detector.network.input;
    let clips = ClipsConfig::default()
        .with_layout(ClipLayout::new(input.frames)?)
        .with_size(input.height, input.width)
        .with_colour(match input.channels {
            3 => FrameColour::Rgb,
            _ => FrameColour::Grey,
        })
        .with_range(detector.pixels().unwrap_or_default())
        .open(videos)?;
    let verdicts = detector.detect(&clips, device)?;
    if verdicts.len() != lines.len() {
        return Err(format!(
            "compare: found {} scores, expected {}, one for each clip",
            lines.len(),
            verdicts.len()
        )
        .into());
    }
    let (mut largest, mut others): (f64, usize) = (0.0, 0);
    for (verdict, line) in verdicts.iter().zip(lines) {
        largest = largest.max((verdict.score - line.score.score).abs());
        others += usize::from(verdict.anomalous != line.score.anomalous);
    }
    println!(
        "{} clips in batches: scores differ by at most {largest:.1e}, {others} verdicts differ",
        verdicts.len()
    );
    Ok(())
}
