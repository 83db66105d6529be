//! Bytes on their way from a reader into a program, as they arrive.

use std::io::{self, Read, Write};
use std::process::ChildStdin;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

/// Bytes that are handed on at once, at most.
const CHUNK: usize = 1 << 16;

/// Whether a reader is at its end, and what was wrong if it isn't the end of what was written.
#[derive(Clone, Default)]
pub(super) struct ReaderEnd(Arc<Mutex<Option<Option<String>>>>);

impl ReaderEnd {
    pub(super) fn is_reached(&self) -> bool {
        self.0.lock().is_ok_and(|end| end.is_some())
    }

    /// Why it could not be read on, told once.
    pub(super) fn take_fault(&self) -> Option<String> {
        self.0.lock().ok()?.as_mut()?.take()
    }

    fn reach(&self, fault: Option<String>) {
        if let Ok(mut end) = self.0.lock() {
            *end = Some(fault);
        }
    }
}

/// Hands on all of a reader to the program that takes it at the time; where that has ended, to the next one. Returns at the end
/// of the reader, or when nobody wants the rest.
pub(super) fn pump(mut reader: impl Read, programs: &Receiver<ChildStdin>, end: &ReaderEnd) {
    let mut buffer = vec![0; CHUNK];
    let Ok(mut program) = programs.recv() else {
        return;
    };
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => return end.reach(None),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return end.reach(Some(error.to_string())),
        };
        while program.write_all(&buffer[..count]).is_err() {
            match programs.recv() {
                Ok(next) => program = next,
                Err(_) => return,
            }
        }
    }
}
