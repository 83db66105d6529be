//! Files of weights: what tensors they hold, before any is read.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use burn_store::pytorch_reader::{DType, PickleValue, PytorchReader, Tensor};
use safetensors::{Dtype, SafeTensors};
use zip::ZipArchive;

use super::error::WeightsError;

const PYTORCH: &str = "PyTorch";
const SAFETENSORS: &str = "safetensors";

/// Largest pickle read. Each of its bytes may become an object of a hundred, and a compressed entry
/// of an archive may claim any size. That of a network takes some hundred bytes a tensor.
const MAX_PICKLE_BYTES: u64 = 1 << 20;

/// How files of `torch.save` start: archives since release 1.6, before them a pickle of this number.
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
const LEGACY_MAGIC: &[u8] = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19";

/// What `torch.nn.Module.state_dict` keeps beside the tensors; it says nothing of use.
const STATE_DICT_METADATA: &str = "_metadata";

/// What `DataParallel` puts in front of every name.
const PARALLEL_PREFIX: &str = "module.";

/// Where the bytes of the tensors come from.
enum Source {
    PyTorch(BTreeMap<String, Tensor>),
    Safetensors(Vec<u8>),
}

/// An open file of weights.
pub(super) struct WeightsFile {
    pub(super) path: String,
    source: Source,
    /// What stands in front of every name in the file, and is left out everywhere else.
    prefix: &'static str,
    /// What the file holds that is no tensor: name and type.
    pub(super) other: Vec<(String, String)>,
}

/// Type and shape of a tensor.
#[derive(PartialEq, Eq)]
pub(super) struct TensorKind {
    dtype: Dtype,
    shape: Vec<usize>,
}

impl TensorKind {
    pub(super) fn new(dtype: Dtype, shape: &[usize]) -> Self {
        let shape = shape.to_vec();
        Self { dtype, shape }
    }
}

impl fmt::Display for TensorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.dtype, self.shape)
    }
}

impl WeightsFile {
    /// Opens a file whose format is told from its first bytes. `expected_bytes` is about what the
    /// weights of the network take.
    pub(super) fn open(path: &Path, expected_bytes: usize) -> Result<Self, WeightsError> {
        let shown = path.display().to_string();
        let read_error = |source| WeightsError::Read {
            path: shown.clone(),
            source,
        };
        let mut file = File::open(path).map_err(read_error)?;
        let mut start = Vec::new();
        (&mut file)
            .take(LEGACY_MAGIC.len() as u64)
            .read_to_end(&mut start)
            .map_err(read_error)?;
        let is_archive = start.starts_with(ZIP_MAGIC);
        if is_archive || start.starts_with(LEGACY_MAGIC) {
            let checked = match is_archive {
                true => check_pickle_in_archive(path),
                false => check_legacy_size(&file, expected_bytes),
            };
            let parts = checked.and_then(|()| read_pickle(path));
            let (tensors, other) = parts.map_err(|reason| WeightsError::Format {
                path: shown.clone(),
                format: PYTORCH,
                reason: one_line(&reason),
            })?;
            return Ok(Self::new(shown, Source::PyTorch(tensors), other));
        }
        // The JSON of a safetensors header follows its length.
        if start.get(8) != Some(&b'{') {
            return Err(WeightsError::Format {
                path: shown,
                format: "PyTorch or safetensors",
                reason: format!(
                    "found a file that starts with {:?}",
                    String::from_utf8_lossy(&start)
                ),
            });
        }
        let bytes = std::fs::read(path).map_err(read_error)?;
        match SafeTensors::deserialize(&bytes) {
            Ok(_) => Ok(Self::new(shown, Source::Safetensors(bytes), Vec::new())),
            Err(error) => Err(WeightsError::Format {
                path: shown,
                format: SAFETENSORS,
                reason: one_line(&error.to_string()),
            }),
        }
    }

    fn new(path: String, source: Source, other: Vec<(String, String)>) -> Self {
        let mut file = Self {
            path,
            source,
            prefix: "",
            other,
        };
        let tensors = file.tensors();
        if !tensors.is_empty() && tensors.keys().all(|name| name.starts_with(PARALLEL_PREFIX)) {
            file.prefix = PARALLEL_PREFIX;
        }
        file
    }

    /// All tensors by name.
    pub(super) fn tensors(&self) -> BTreeMap<String, TensorKind> {
        let named = |name: &str, dtype, shape: &[usize]| {
            let name = name.strip_prefix(self.prefix).unwrap_or(name);
            (name.to_string(), TensorKind::new(dtype, shape))
        };
        match &self.source {
            Source::PyTorch(tensors) => tensors
                .iter()
                .map(|(name, tensor)| named(name, dtype(tensor.dtype()), tensor.shape()))
                .collect(),
            Source::Safetensors(bytes) => safetensors(bytes)
                .iter()
                .flat_map(SafeTensors::iter)
                .map(|(name, tensor)| named(name, tensor.dtype(), tensor.shape()))
                .collect(),
        }
    }

    /// Values of an F32 tensor, all of them finite, and none negative where it is a variance.
    pub(super) fn finite_floats(&self, name: &str) -> Result<Vec<f32>, WeightsError> {
        let values: Vec<f32> = self.values(name, f32::from_le_bytes)?;
        let variance = name.ends_with("running_var");
        let bad = |value: &&f32| !value.is_finite() || (variance && **value < 0.0);
        match values.iter().find(bad) {
            None => Ok(values),
            Some(found) => Err(WeightsError::Value {
                path: self.path.clone(),
                name: name.to_string(),
                found: *found,
                expected: match variance {
                    true => "finite numbers, 0 or above",
                    false => "finite numbers",
                },
            }),
        }
    }

    /// Value of an I64 tensor without axes.
    pub(super) fn integer(&self, name: &str) -> Result<i64, WeightsError> {
        let values: Vec<i64> = self.values(name, i64::from_le_bytes)?;
        match values[..] {
            [value] => Ok(value),
            _ => Err(self.damaged(&format!("{name} holds {} values", values.len()))),
        }
    }

    fn values<T, const S: usize>(
        &self,
        name: &str,
        value: impl Fn([u8; S]) -> T,
    ) -> Result<Vec<T>, WeightsError> {
        let bytes = self.bytes(name)?;
        let (values, _) = bytes.as_chunks::<S>();
        Ok(values.iter().map(|bytes| value(*bytes)).collect())
    }

    /// Bytes of a tensor, little-endian. Its shape is to be checked before: a pickle may claim any.
    fn bytes(&self, name: &str) -> Result<Vec<u8>, WeightsError> {
        let full = format!("{}{name}", self.prefix);
        let bytes = match &self.source {
            Source::PyTorch(tensors) => tensors.get(&full).map(|tensor| {
                let bytes = tensor.read().map_err(|error| error.to_string())?;
                Ok(to_little_endian(bytes, tensor.dtype().size()))
            }),
            Source::Safetensors(bytes) => safetensors(bytes)
                .and_then(|tensors| tensors.tensor(&full).ok())
                .map(|tensor| Ok(tensor.data().to_vec())),
        };
        bytes
            .unwrap_or_else(|| Err(format!("{name} is not there")))
            .map_err(|reason: String| self.damaged(&reason))
    }

    /// The error of a file whose parts contradict each other.
    pub(super) fn damaged(&self, reason: &str) -> WeightsError {
        WeightsError::Format {
            path: self.path.clone(),
            format: match &self.source {
                Source::PyTorch(_) => PYTORCH,
                Source::Safetensors(_) => SAFETENSORS,
            },
            reason: one_line(reason),
        }
    }
}

/// Parsed anew each time: the parts borrow the bytes, and the header is small.
fn safetensors(bytes: &[u8]) -> Option<SafeTensors<'_>> {
    SafeTensors::deserialize(bytes).ok()
}

fn check_pickle_in_archive(path: &Path) -> Result<(), String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| error.to_string())?;
    for index in 0..archive.len() {
        let entry = archive
            .by_index_raw(index)
            .map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if name.ends_with("data.pkl") && entry.size() > MAX_PICKLE_BYTES {
            return Err(format!(
                "entry {name} claims {} bytes, expected at most {MAX_PICKLE_BYTES}",
                entry.size()
            ));
        }
    }
    Ok(())
}

/// A file of the old format is one stream: its pickle ends where it says so itself. What bounds it is
/// the file, and that is known.
fn check_legacy_size(file: &File, expected_bytes: usize) -> Result<(), String> {
    let found = file.metadata().map_err(|error| error.to_string())?.len();
    let most = (expected_bytes as u64)
        .saturating_mul(2)
        .saturating_add(MAX_PICKLE_BYTES);
    match found <= most {
        true => Ok(()),
        false => Err(format!(
            "it has {found} bytes, expected about {expected_bytes}, at most {most}"
        )),
    }
}

type Pickle = (BTreeMap<String, Tensor>, Vec<(String, String)>);

/// Tensors of a pickle, and what else is in it.
fn read_pickle(path: &Path) -> Result<Pickle, String> {
    let reader = PytorchReader::new(path).map_err(|error| error.to_string())?;
    let tensors: BTreeMap<String, Tensor> = reader.into_tensors().into_iter().collect();
    let root = PytorchReader::read_pickle_data(path, None).map_err(|error| error.to_string())?;
    let mut other = Vec::new();
    if let PickleValue::Dict(entries) = root {
        for (name, value) in entries {
            let holds_tensors = |name: &str| {
                let inside = format!("{name}.");
                tensors.contains_key(name) || tensors.keys().any(|key| key.starts_with(&inside))
            };
            if name != STATE_DICT_METADATA && !holds_tensors(&name) {
                other.push((name, type_name(&value)));
            }
        }
    }
    other.sort();
    Ok((tensors, other))
}

fn type_name(value: &PickleValue) -> String {
    match value {
        PickleValue::None => "None",
        PickleValue::Bool(_) => "bool",
        PickleValue::Int(_) => "int",
        PickleValue::Float(_) => "float",
        PickleValue::String(_) => "str",
        PickleValue::List(_) => "list",
        PickleValue::Dict(_) => "dict",
        PickleValue::Bytes(_) => "bytes",
        PickleValue::Unsupported(name) => name,
    }
    .to_string()
}

fn dtype(dtype: DType) -> Dtype {
    match dtype {
        DType::F64 => Dtype::F64,
        DType::F32 => Dtype::F32,
        DType::F16 => Dtype::F16,
        DType::BF16 => Dtype::BF16,
        DType::I64 => Dtype::I64,
        DType::I32 => Dtype::I32,
        DType::I16 => Dtype::I16,
        DType::I8 => Dtype::I8,
        DType::U64 => Dtype::U64,
        DType::U32 => Dtype::U32,
        DType::U16 => Dtype::U16,
        DType::U8 => Dtype::U8,
        DType::Bool => Dtype::BOOL,
    }
}

/// The reader gives the machine's own byte order.
fn to_little_endian(mut bytes: Vec<u8>, size: usize) -> Vec<u8> {
    if cfg!(target_endian = "big") {
        bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }
    bytes
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
