use memae_data::format::FileError;

use crate::paper_tables::data::Data;

/// On what runs are made, and by what.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Name of the data set.
    pub(crate) data: String,
    /// What tells it from others of the same name.
    pub(crate) digest: String,
    /// Name of the device.
    pub(crate) device: String,
}

impl Place {
    /// `device`: its name.
    pub(crate) fn new(data: &Data, device: &str) -> Result<Self, FileError> {
        Ok(Self {
            data: data.name().to_string(),
            digest: data.digest()?,
            device: device.to_string(),
        })
    }
}
