//! What the program says that hands packets on, line by line: what it opened, and what it complains of.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

use super::kinds::refused;
use super::opened::Opened;

/// The longest line that is looked at, in bytes.
const LONGEST_LINE: u64 = 1 << 13;

/// What was said, when all is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The last complaint.
    pub(super) last: Option<String>,
    /// The kind of a stream that is not read.
    pub(super) refused: Option<String>,
    /// Whether there was one after the stream was opened. What is wrong before the first whole frame is not looked at: most streams
    /// are joined somewhere in the middle.
    pub(super) complained: bool,
}

/// A program that is listened to.
pub(super) struct Listening {
    /// What was opened; nothing comes where nothing was.
    pub(super) opened: Receiver<Opened>,
    said: JoinHandle<Said>,
}

impl Listening {
    /// Reads all the while, or the program would wait for a reader in the end.
    pub(super) fn to(stderr: impl Read + Send + 'static) -> Self {
        let (sender, opened) = sync_channel(1);
        let listen = move || {
            listen(stderr, &mut |opened| {
                // Nobody may want to know it any more.
                let _ = sender.try_send(opened);
            })
        };
        Self {
            opened,
            said: std::thread::spawn(listen),
        }
    }

    /// What was said, once the program has ended.
    pub(super) fn said(self) -> Said {
        self.said.join().unwrap_or_default()
    }
}

fn listen(stderr: impl Read, opened: &mut dyn FnMut(Opened)) -> Said {
    let mut stderr = BufReader::new(stderr);
    let (mut said, mut stream, mut begun) = (Said::default(), None, false);
    let mut line = Vec::new();
    loop {
        line.clear();
        match stderr
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)
        {
            Ok(0) | Err(_) => return said,
            Ok(_) => {}
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if let Some(complaint) = complaint(line) {
            said.refused = said.refused.or_else(|| refused(line.as_bytes()));
            said.last = Some(complaint.to_string());
            said.complained |= begun;
        } else if let Some(line) = line.strip_prefix("[info] ").filter(|_| !begun) {
            if let Some(found) = Opened::parse(line) {
                stream = Some(found.first(stream.take()));
            }
            if line.starts_with("Output #0") {
                begun = true;
                stream.take().map(&mut *opened);
            }
        }
    }
}

/// A line without its level, where that is one of errors.
fn complaint(line: &str) -> Option<&str> {
    ["[error] ", "[fatal] ", "[panic] "]
        .iter()
        .find_map(|level| {
            let (before, said) = line.split_once(level)?;
            let from = before.is_empty() || (before.starts_with('[') && before.ends_with("] "));
            from.then_some(said)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(text: &str) -> (Said, Vec<Opened>) {
        let mut streams = Vec::new();
        let said = listen(text.as_bytes(), &mut |opened| streams.push(opened));
        (said, streams)
    }

    #[test]
    fn what_was_opened_and_what_was_wrong_are_told_apart() {
        let text = "[h264 @ 0x55] [error] no frame!\n[info] Input #0, mpegts, from 'pipe:0':\n\
            [info]   Stream #0:1[0x101]: Video: h264 (High), yuv420p, 64x48\n\
            [info]   Stream #0:0[0x100]: Video: gif, bgra, 64x48\n[info] Output #0, nut, to 'pipe:1':\n\
            [info]   Stream #0:0: Video: ffv1, gray16le, 64x48\n[mpegts @ 0x1] [warning] Packet corrupt.\n";
        let (said, streams) = heard(text);
        assert_eq!(
            (said.last.as_deref(), said.complained),
            (Some("no frame!"), false)
        );
        assert_eq!(streams.len(), 1);
        assert_eq!(streams[0].alpha(), Ok(true));
        let (said, _) = heard(&format!(
            "{text}[fatal] pipe:0: corrupt input packet in stream 0\n"
        ));
        let last = Some("pipe:0: corrupt input packet in stream 0");
        assert_eq!((said.last.as_deref(), said.complained), (last, true));
        let (said, _) = heard(
            "[hls @ 0x1] [error] Format not on whitelist 'mov'\n[error] pipe:0: Invalid argument\n",
        );
        assert_eq!(said.refused.as_deref(), Some("hls"));
        let (said, streams) = heard("[info] a [error] b\n[tcp @ 0x1] [error] refused");
        assert_eq!((said.last.as_deref(), streams.len()), (Some("refused"), 0));
        let (said, _) = heard(&"x".repeat(1 << 20));
        assert_eq!(said, Said::default());
    }
}
