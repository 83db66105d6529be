//! Files, each of which counts once, however it is reached.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use memae::data::format::shown;

use crate::failure::Failure;
use crate::left_out::LeftOut;

/// Files that paths lead to, told apart by where they lie: not by links, overlapping folders or spellings. A sample that counted twice
/// would be trained on and held out at once.
#[derive(Debug, Default)]
pub(crate) struct Distinct {
    /// Whether each is anomalous, where that is known.
    seen: HashMap<PathBuf, bool>,
    again: usize,
}

impl Distinct {
    /// Whether nothing led to this normal file before.
    pub(crate) fn is_new(&mut self, path: &Path) -> bool {
        self.is_new_of(path, false).unwrap_or(false)
    }

    /// The same of normal and anomalous files; one that is both is an error.
    pub(crate) fn is_new_of(&mut self, path: &Path, anomalous: bool) -> Result<bool, Failure> {
        // What can't be found is told when it is read.
        let place = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        match self.seen.insert(place, anomalous) {
            None => Ok(true),
            Some(before) if before == anomalous => {
                self.again += 1;
                Ok(false)
            }
            Some(_) => Err(Failure::Other(format!(
                "{}: found among the normal and among the anomalous samples, expected it in one of them",
                shown(path)
            ))),
        }
    }

    /// Says of files that were found again that they count once.
    pub(crate) fn report(&self, left_out: &mut LeftOut) {
        if let Some(text) = self.remark() {
            left_out.remark(text);
        }
    }

    fn remark(&self) -> Option<String> {
        match self.again {
            0 => None,
            1 => Some("1 file was found twice and counts once".to_string()),
            again => Some(format!("{again} files were found again and count once")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_new_once_however_it_is_spelled() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (first, second) = (folder.path().join("a.png"), folder.path().join("b.png"));
        fs::write(&first, "a").expect("room");
        fs::write(&second, "a").expect("room");
        let mut distinct = Distinct::default();
        assert!(distinct.is_new(&first) && distinct.is_new(&second));
        assert_eq!(distinct.remark(), None);
        assert!(!distinct.is_new(&folder.path().join("./a.png")));
        let found_twice = "1 file was found twice and counts once";
        assert_eq!(distinct.remark().as_deref(), Some(found_twice));
        #[cfg(unix)]
        {
            let link = folder.path().join("link.png");
            std::os::unix::fs::symlink(&second, &link).expect("links");
            assert!(!distinct.is_new(&link));
            let found_again = "2 files were found again and count once";
            assert_eq!(distinct.remark().as_deref(), Some(found_again));
        }
        // Nothing lies there, so that nothing is known of it.
        assert!(distinct.is_new(Path::new("missing.png")));
    }

    #[test]
    fn a_file_cannot_be_normal_and_anomalous() {
        let mut distinct = Distinct::default();
        let path = Path::new("x.png");
        assert!(matches!(distinct.is_new_of(path, true), Ok(true)));
        assert!(matches!(distinct.is_new_of(path, true), Ok(false)));
        let error = distinct.is_new_of(path, false).expect_err("both");
        assert_eq!(
            error.to_string(),
            "x.png: found among the normal and among the anomalous samples, expected it in one of them"
        );
    }
}
