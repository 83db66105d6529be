//! How a file says that its frames are to be turned. The program turns them by itself where it reads the file; packets that
//! are handed on don't say it.

use std::path::Path;

use super::error::FfmpegError;
use super::program::Ffmpeg;

impl Ffmpeg {
    /// The filters that turn frames as the program does by itself; none where they stay as they are stored.
    pub(super) fn turns(&self, path: &Path) -> Result<Vec<String>, FfmpegError> {
        let output = self.probed(path, "stream_side_data=displaymatrix")?;
        let matrix = matrix(&String::from_utf8_lossy(&output.stdout));
        Ok(matrix.map(|matrix| filters(&matrix)).unwrap_or_default())
    }
}

/// The first two columns of the first two rows of a matrix that is written as
/// `00000000:            0      -65536           0`, a row a line.
fn matrix(text: &str) -> Option<[[f64; 2]; 2]> {
    let row = |start: &str| -> Option<[f64; 2]> {
        let line = text.lines().find_map(|line| line.strip_prefix(start))?;
        let mut numbers = line.split_whitespace().map(str::parse);
        let row = [numbers.next()?.ok()?, numbers.next()?.ok()?];
        Some(row)
    };
    Some([row("00000000:")?, row("00000001:")?])
}

fn filters(&[[a, b], [c, d]]: &[[f64; 2]; 2]) -> Vec<String> {
    let scales = [a.hypot(c), b.hypot(d)];
    if scales.contains(&0.0) {
        return Vec::new();
    }
    let angle = (b / scales[1]).atan2(a / scales[0]).to_degrees();
    // Just below a whole turn is none.
    let angle = angle - 360.0 * (angle / 360.0 + 0.9 / 360.0).floor();
    let near = |wanted: f64| (angle - wanted).abs() < 1.0;
    let turn = |turn: &str| vec![format!("transpose={turn}")];
    let flips = |flips: [(&str, bool); 2]| -> Vec<String> {
        let wanted = flips.into_iter().filter(|(_, wanted)| *wanted);
        wanted.map(|(name, _)| name.to_string()).collect()
    };
    if near(90.0) {
        turn(if c > 0.0 { "cclock_flip" } else { "clock" })
    } else if near(180.0) {
        flips([("hflip", a < 0.0), ("vflip", d < 0.0)])
    } else if near(270.0) {
        turn(if c < 0.0 { "clock_flip" } else { "cclock" })
    } else if near(0.0) {
        flips([("hflip", false), ("vflip", d < 0.0)])
    } else {
        vec![format!("rotate={angle:.6}*PI/180")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_are_turns_and_flips() {
        let of = |rows: [[i32; 2]; 2]| {
            let [[a, b], [c, d]] = rows;
            let text = format!(
                "displaymatrix=\n00000000:  {a}  {b}  0\n00000001: {c} {d} 0\n00000002: 0 0 1073741824\n\n"
            );
            filters(&matrix(&text).expect("two rows"))
        };
        let one = 65_536;
        assert_eq!(of([[one, 0], [0, one]]), [""; 0]);
        assert_eq!(of([[0, one], [-one, 0]]), ["transpose=clock"]);
        assert_eq!(of([[-one, 0], [0, -one]]), ["hflip", "vflip"]);
        assert_eq!(of([[0, -one], [one, 0]]), ["transpose=cclock"]);
        assert_eq!(of([[one, 0], [0, -one]]), ["vflip"]);
        assert_eq!(of([[-one, 0], [0, one]]), ["hflip"]);
        assert_eq!(of([[0, one], [one, 0]]), ["transpose=cclock_flip"]);
        assert_eq!(of([[0, -one], [-one, 0]]), ["transpose=clock_flip"]);
        assert_eq!(of([[0, 0], [0, 0]]), [""; 0]);
        let slant = of([[one, one], [-one, one]]);
        assert_eq!(slant, ["rotate=45.000000*PI/180"]);
        assert_eq!(matrix(""), None);
    }
}
