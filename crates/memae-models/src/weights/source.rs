//! Files of weights: what tensors they hold, before any is read.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use burn::tensor::{bf16, f16};
use burn_store::pytorch_reader::{DType, PytorchReader, Tensor};
use memae_data::format::shown;
use memae_data::format::{FileError, open_file, read_file};
use safetensors::{Dtype, SafeTensors};
use zip::ZipArchive;

use super::error::WeightsError;
use super::place::{Dict, Place};
use super::python::{self, WholeModule};

const PYTORCH: &str = "PyTorch";
const SAFETENSORS: &str = "safetensors";

/// Largest pickle read. Each of its bytes may become an object of a hundred, and a compressed entry
/// of an archive may claim any size. That of a network takes some hundred bytes a tensor.
const MAX_PICKLE_BYTES: u64 = 1 << 20;

/// Bytes of whatever else lies in a safetensors file.
const MAX_OTHER_BYTES: u64 = 64 << 20;

/// How many times the weights a file may hold that is read whole: with them the two moments of Adam, and their moving average,
/// all in double precision.
const MOST_TIMES: u64 = 8;

/// How files of `torch.save` start: archives since release 1.6, before them a pickle of this number.
const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
const LEGACY_MAGIC: &[u8] = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19";

/// Where the bytes of the tensors come from.
enum Source {
    PyTorch(BTreeMap<String, Tensor>),
    Safetensors(Vec<u8>),
}

/// An open file of weights.
pub(super) struct WeightsFile {
    pub(super) path: String,
    source: Source,
    root: Dict,
    place: Place,
    pub(super) module: WholeModule,
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

    /// Whether it is the same tensor, but in half or double precision.
    pub(super) fn converts_to(&self, other: &Self) -> bool {
        let float = matches!(self.dtype, Dtype::F16 | Dtype::BF16 | Dtype::F64);
        float && other.dtype == Dtype::F32 && self.shape == other.shape
    }
}

impl fmt::Display for TensorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.dtype, self.shape)
    }
}

impl WeightsFile {
    /// Opens a file whose format is told from its first bytes, and looks in it for the tensors that are `needed`.
    /// `expected_bytes` is about what the weights of the network take.
    pub(super) fn open(
        path: &Path,
        expected_bytes: usize,
        needed: &HashSet<&str>,
    ) -> Result<Self, WeightsError> {
        let mut file = Self::read(path, expected_bytes)?;
        let names = file.names();
        let names = names.iter().map(String::as_str);
        file.place =
            Place::find(names, &file.root, needed).map_err(|places| WeightsError::Ambiguous {
                path: file.path.clone(),
                found: python::listed(&places),
                line: python::choosing(places.first().map_or("", String::as_str)),
            })?;
        Ok(file)
    }

    fn read(path: &Path, expected_bytes: usize) -> Result<Self, WeightsError> {
        let shown = shown(path);
        let read_error = |error| FileError::Read {
            path: path.to_path_buf(),
            error,
        };
        let mut file = open_file(path)?;
        let mut start = Vec::new();
        (&mut file)
            .take(LEGACY_MAGIC.len() as u64)
            .read_to_end(&mut start)
            .map_err(read_error)?;
        let is_archive = start.starts_with(ZIP_MAGIC);
        if is_archive || start.starts_with(LEGACY_MAGIC) {
            let module = WholeModule::new(path, MAX_PICKLE_BYTES);
            let checked = match is_archive {
                true => check_archive(path),
                false => check_legacy_size(&file, expected_bytes),
            };
            let parts = checked.and_then(|()| read_pickle(path));
            let (tensors, root) = parts.map_err(|reason| WeightsError::Format {
                path: shown.clone(),
                format: PYTORCH,
                reason: format!("{}{}", one_line(&reason), module.hint()),
            })?;
            return Ok(Self::new(shown, Source::PyTorch(tensors), root, module));
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
        let bytes = read_file(path, most_safetensors_bytes(expected_bytes))?;
        match SafeTensors::deserialize(&bytes) {
            Ok(_) => {
                let source = Source::Safetensors(bytes);
                Ok(Self::new(
                    shown,
                    source,
                    Dict::default(),
                    WholeModule::none(),
                ))
            }
            Err(error) => Err(WeightsError::Format {
                path: shown,
                format: SAFETENSORS,
                reason: one_line(&error.to_string()),
            }),
        }
    }

    fn new(path: String, source: Source, root: Dict, module: WholeModule) -> Self {
        Self {
            path,
            source,
            root,
            place: Place::default(),
            module,
        }
    }

    /// The names of all tensors of the file.
    fn names(&self) -> Vec<String> {
        match &self.source {
            Source::PyTorch(tensors) => tensors.keys().cloned().collect(),
            Source::Safetensors(bytes) => safetensors(bytes)
                .iter()
                .flat_map(SafeTensors::iter)
                .map(|(name, _)| name.to_string())
                .collect(),
        }
    }

    /// The dictionary that the tensors are in, as Python writes it; nothing for the file's own.
    pub(super) fn dictionary(&self) -> String {
        self.place.shown()
    }

    /// What is no tensor in that dictionary: name and type.
    pub(super) fn other(&self) -> &[(String, String)] {
        self.root.other_in(&self.place)
    }

    /// All tensors of that dictionary by name.
    pub(super) fn tensors(&self) -> BTreeMap<String, TensorKind> {
        let named = |name: &str, dtype, shape: &[usize]| {
            let name = self.place.short(name)?;
            Some((name, TensorKind::new(dtype, shape)))
        };
        match &self.source {
            Source::PyTorch(tensors) => tensors
                .iter()
                .filter_map(|(name, tensor)| named(name, dtype(tensor.dtype()), tensor.shape()))
                .collect(),
            Source::Safetensors(bytes) => safetensors(bytes)
                .iter()
                .flat_map(SafeTensors::iter)
                .filter_map(|(name, tensor)| named(name, tensor.dtype(), tensor.shape()))
                .collect(),
        }
    }

    /// Values of a tensor in f32, or in half or double precision, all of them finite, and none negative where it is a
    /// variance.
    pub(super) fn finite_floats(&self, name: &str) -> Result<Vec<f32>, WeightsError> {
        let values: Vec<f32> = match self.dtype(name) {
            Some(Dtype::F16) => self.values(name, |bytes| f16::from_le_bytes(bytes).to_f32())?,
            Some(Dtype::BF16) => self.values(name, |bytes| bf16::from_le_bytes(bytes).to_f32())?,
            Some(Dtype::F64) => self.narrowed(name)?,
            _ => self.values(name, f32::from_le_bytes)?,
        };
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

    /// Values of a tensor in f64, each the nearest in f32.
    fn narrowed(&self, name: &str) -> Result<Vec<f32>, WeightsError> {
        let values: Vec<f64> = self.values(name, f64::from_le_bytes)?;
        let too_large = |value: &&f64| value.is_finite() && (**value as f32).is_infinite();
        match values.iter().find(too_large) {
            None => Ok(values.into_iter().map(|value| value as f32).collect()),
            Some(found) => Err(WeightsError::TooLarge {
                path: self.path.clone(),
                name: name.to_string(),
                found: *found,
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

    fn dtype(&self, name: &str) -> Option<Dtype> {
        let full = self.place.full(name);
        match &self.source {
            Source::PyTorch(tensors) => tensors.get(&full).map(|tensor| dtype(tensor.dtype())),
            Source::Safetensors(bytes) => {
                let tensors = safetensors(bytes)?;
                tensors.tensor(&full).ok().map(|tensor| tensor.dtype())
            }
        }
    }

    /// Bytes of a tensor, little-endian. Its shape is to be checked before: a pickle may claim any.
    fn bytes(&self, name: &str) -> Result<Vec<u8>, WeightsError> {
        let full = self.place.full(name);
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

/// Nothing in an archive may claim much memory before it is known what it is; programs are told from weights.
fn check_archive(path: &Path) -> Result<(), String> {
    let file = open_file(path).map_err(|error| error.to_string())?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| error.to_string())?;
    for index in 0..archive.len() {
        let entry = archive
            .by_index_raw(index)
            .map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if name.ends_with("constants.pkl") {
            return Err(format!(
                "it is a TorchScript program; {}",
                python::OF_SCRIPT
            ));
        }
        if name.ends_with("data.pkl") && entry.size() > MAX_PICKLE_BYTES {
            return Err(format!(
                "entry {name} claims {} bytes, expected at most {MAX_PICKLE_BYTES}",
                entry.size()
            ));
        }
    }
    Ok(())
}

/// The most bytes of a safetensors file, which is read whole, whatever else it holds beside the network.
fn most_safetensors_bytes(expected: usize) -> u64 {
    (expected as u64)
        .saturating_mul(16)
        .saturating_add(MAX_OTHER_BYTES)
}

/// A file of the old format is one stream: its pickle ends where it says so itself. What bounds it is
/// the file, and that is known.
fn check_legacy_size(file: &File, expected_bytes: usize) -> Result<(), String> {
    let found = file.metadata().map_err(|error| error.to_string())?.len();
    let most = (expected_bytes as u64)
        .saturating_mul(MOST_TIMES)
        .saturating_add(MAX_PICKLE_BYTES);
    match found <= most {
        true => Ok(()),
        false => Err(format!(
            "it has {found} bytes, expected about {expected_bytes}, at most {most}"
        )),
    }
}

/// Tensors of a pickle, and the dictionaries that they are in.
fn read_pickle(path: &Path) -> Result<(BTreeMap<String, Tensor>, Dict), String> {
    let reader = PytorchReader::new(path).map_err(|error| error.to_string())?;
    let tensors: BTreeMap<String, Tensor> = reader.into_tensors().into_iter().collect();
    let root = PytorchReader::read_pickle_data(path, None).map_err(|error| error.to_string())?;
    let root = Dict::new(root, &tensors);
    Ok((tensors, root))
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
