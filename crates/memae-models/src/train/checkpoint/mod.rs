//! What a run writes into its folder: logs of figures, and after each epoch all that a run which goes on from there must know.
//!
//! Models, optimisers and schedules are files of their own. `run.json` says which of them belong together; it is renamed to its place
//! after them, so that a run that is killed at any moment leaves one that is whole.

mod fingerprint;
mod folder;
mod identity;
mod kept;
mod log_files;
mod manifest;
mod names;
mod publication;
mod records;
mod saved_run;

pub(super) use fingerprint::Fingerprint;
pub(super) use folder::CheckpointFolder;
pub(super) use identity::RunIdentity;
pub(super) use kept::KeptCheckpoints;
pub(super) use log_files::{FileFailure, LogFiles};
pub(super) use names::is_file_of;
pub(super) use publication::{PhaseAccount, RunAccount};
pub(super) use saved_run::{SavedPhase, SavedRun};
