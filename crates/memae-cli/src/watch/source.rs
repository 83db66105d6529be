//! What is watched.

use std::path::{Path, PathBuf};

use memae::data::format::{AddressError, StreamAddress};

/// What is watched.
pub(super) enum Source {
    /// A file or a folder.
    Path(PathBuf),
    StandardInput,
    Address(StreamAddress),
}

impl Source {
    /// Of an argument: `-`, an address, or a path.
    pub(super) fn of(argument: &Path) -> Result<Self, AddressError> {
        if argument == Path::new("-") {
            return Ok(Self::StandardInput);
        }
        // There are paths as file://x, but nobody writes them.
        match argument.to_string_lossy() {
            address if address.contains("://") => address.parse().map(Self::Address),
            _ => Ok(Self::Path(argument.to_path_buf())),
        }
    }

    /// What verdicts and errors call it; credentials are left out.
    pub(super) fn name(&self) -> PathBuf {
        match self {
            Self::Path(path) => path.clone(),
            Self::StandardInput => PathBuf::from("-"),
            Self::Address(address) => PathBuf::from(address.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_told_apart() {
        let of = |argument: &str| Source::of(Path::new(argument));
        assert!(matches!(of("-"), Ok(Source::StandardInput)));
        assert!(matches!(of("./-"), Ok(Source::Path(_))));
        assert!(matches!(of("a/b.mp4"), Ok(Source::Path(_))));
        assert!(matches!(of("RTSP://cam/1"), Ok(Source::Address(_))));
        let error = of("file://u:secret@x").map(|_| ()).unwrap_err().to_string();
        assert!(
            error.contains("found file, expected") && !error.contains("secret"),
            "{error}"
        );
    }
}
