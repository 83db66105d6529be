//! Where in a file the tensors of a network lie: in which of its dictionaries, and behind which prefix.
//!
//! Training scripts put the `state_dict` into a dictionary beside the epoch and the state of the optimizer, under
//! whatever key they like; `DataParallel` puts `module.` in front of every name, `torch.compile` puts `_orig_mod.`, and
//! Lightning the name of an attribute. So it is the names themselves that are looked for.

use std::collections::{BTreeMap, HashSet};

use burn_store::pytorch_reader::PickleValue;

/// What `torch.nn.Module.state_dict` keeps beside the tensors; it says nothing of use.
const STATE_DICT_METADATA: &str = "_metadata";

/// What PyTorch's wrappers put in front of every name.
const WRAPPERS: [&str; 2] = ["module.", "_orig_mod."];

/// A dictionary of a file.
#[derive(Default)]
pub(super) struct Dict {
    /// Dictionaries in it that hold tensors, at any depth.
    inner: BTreeMap<String, Dict>,
    /// What else is in it that is no tensor: name and type.
    other: Vec<(String, String)>,
}

impl Dict {
    /// The dictionary of a pickle; `tensors` are all that the file holds, each by the keys that lead to it, joined by
    /// dots.
    pub(super) fn new<T>(root: PickleValue, tensors: &BTreeMap<String, T>) -> Self {
        match root {
            PickleValue::Dict(entries) => Self::below("", entries, tensors),
            _ => Self::default(),
        }
    }

    fn below<T>(
        path: &str,
        entries: impl IntoIterator<Item = (String, PickleValue)>,
        tensors: &BTreeMap<String, T>,
    ) -> Self {
        let mut dict = Self::default();
        for (name, value) in entries {
            let full = format!("{path}{name}");
            let inside = format!("{full}.");
            let next = tensors.range(inside.clone()..).next();
            let holds_tensors = next.is_some_and(|(key, _)| key.starts_with(&inside));
            match value {
                PickleValue::Dict(entries) if holds_tensors => {
                    dict.inner
                        .insert(name, Self::below(&inside, entries, tensors));
                }
                value => {
                    let is_tensor = tensors.contains_key(&full);
                    if !is_tensor && !holds_tensors && name != STATE_DICT_METADATA {
                        dict.other.push((name, type_name(&value)));
                    }
                }
            }
        }
        dict.other.sort();
        dict
    }

    /// Goes by the keys at the beginning of `prefix`; gives them, and what is left of it.
    fn descend<'a>(&self, prefix: &'a str) -> (Vec<String>, &'a str) {
        let (mut dict, mut keys, mut rest) = (self, Vec::new(), prefix);
        loop {
            let step = dict.inner.iter().find_map(|(key, inner)| {
                let rest = rest.strip_prefix(key.as_str())?.strip_prefix('.')?;
                Some((key, inner, rest))
            });
            let Some((key, inner, left)) = step else {
                return (keys, rest);
            };
            keys.push(key.clone());
            (dict, rest) = (inner, left);
        }
    }

    /// What is no tensor in the dictionary that `place` names.
    pub(super) fn other_in(&self, place: &Place) -> &[(String, String)] {
        let mut dict = self;
        for key in &place.keys {
            match dict.inner.get(key) {
                Some(inner) => dict = inner,
                None => return &[],
            }
        }
        &dict.other
    }
}

/// Where the tensors of a network lie.
#[derive(Default, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The keys that lead to their dictionary.
    keys: Vec<String>,
    /// What stands in front of every name in it.
    prefix: String,
}

impl Place {
    /// Looks for the tensors of a network; gives the dictionaries that hold them where more than one does.
    pub(super) fn find<'a>(
        names: impl Iterator<Item = &'a str> + Clone,
        root: &Dict,
        needed: &HashSet<&str>,
    ) -> Result<Self, Vec<String>> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for name in names.clone() {
            for start in starts(name, needed) {
                *counts.entry(&name[..start]).or_default() += 1;
            }
        }
        let complete = counts.iter().filter(|&(_, count)| *count == needed.len());
        let mut complete: Vec<Self> = complete
            .map(|(prefix, _)| Self::new(root, prefix))
            .collect();
        complete.dedup_by(|later, first| later.keys == first.keys);
        if complete.len() > 1 {
            return Err(complete.iter().map(Self::shown).collect());
        }
        // The one with the most names tells best what is wrong with it; of equals the first.
        let best = counts.iter().rev().max_by_key(|&(_, count)| *count);
        let best = || best.map(|(prefix, _)| Self::new(root, prefix));
        let place = complete.pop().or_else(best);
        Ok(place.unwrap_or_else(|| Self {
            keys: Vec::new(),
            prefix: wrappers(names),
        }))
    }

    fn new(root: &Dict, prefix: &str) -> Self {
        let (keys, rest) = root.descend(prefix);
        Self {
            keys,
            prefix: rest.to_string(),
        }
    }

    /// The name of a tensor in its dictionary, if it is in that: without the prefix, the lack of which is said.
    pub(super) fn short(&self, full: &str) -> Option<String> {
        let mut name = full;
        for key in &self.keys {
            name = name.strip_prefix(key.as_str())?.strip_prefix('.')?;
        }
        Some(match name.strip_prefix(&self.prefix) {
            Some(name) => name.to_string(),
            None => format!("{name} (without {})", self.prefix),
        })
    }

    /// The name of a tensor in the file.
    pub(super) fn full(&self, short: &str) -> String {
        let keys: String = self.keys.iter().map(|key| format!("{key}.")).collect();
        format!("{keys}{}{short}", self.prefix)
    }

    /// The keys as Python writes them, as in `["model"]`; nothing for the file's own dictionary.
    pub(super) fn shown(&self) -> String {
        self.keys.iter().map(|key| format!("[{key:?}]")).collect()
    }
}

/// Where in a name one of the names that are needed starts, which goes on to its end.
fn starts<'a>(name: &'a str, needed: &'a HashSet<&str>) -> impl Iterator<Item = usize> + 'a {
    let longest = needed.iter().map(|name| name.len()).max().unwrap_or(0);
    let dots = name.bytes().enumerate().rev().take(longest + 1);
    let after_dots = dots.filter(|&(_, byte)| byte == b'.');
    let starts = after_dots.map(|(index, _)| index + 1).chain([0]);
    starts.filter(|&start| needed.contains(&name[start..]))
}

/// What wrappers put in front of all names.
fn wrappers<'a>(names: impl Iterator<Item = &'a str> + Clone) -> String {
    let mut prefix = String::new();
    loop {
        let next = WRAPPERS.into_iter().find(|wrapper| {
            let mut names = names.clone().peekable();
            names.peek().is_some()
                && names.all(|name| {
                    let rest = name.strip_prefix(prefix.as_str());
                    rest.is_some_and(|rest| rest.starts_with(wrapper))
                })
        });
        match next {
            Some(wrapper) => prefix.push_str(wrapper),
            None => return prefix,
        }
    }
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
