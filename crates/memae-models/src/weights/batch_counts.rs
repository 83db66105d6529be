use std::collections::BTreeMap;

use super::names::count_name;
use crate::network::VideoAutoencoder;

/// How many batches each batch norm has seen, by the authors' names.
pub(super) fn batch_counts(model: &mut VideoAutoencoder) -> BTreeMap<String, &mut Option<i64>> {
    let last = model.decoder.len() - 1;
    let encoder = model
        .encoder
        .iter_mut()
        .map(|layer| &mut layer.batches_tracked);
    let encoder = encoder
        .enumerate()
        .map(|(index, count)| (count_name("encoder", index), count));
    let decoder = model
        .decoder
        .iter_mut()
        .map(|layer| &mut layer.batches_tracked);
    // The last layer has no norm.
    let decoder = decoder
        .take(last)
        .enumerate()
        .map(|(index, count)| (count_name("decoder", index), count));
    encoder.chain(decoder).collect()
}
