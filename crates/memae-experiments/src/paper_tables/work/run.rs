use burn::tensor::Device;
use memae_data::encode::TableEncoder;
use memae_models::network::{ColumnMasks, VectorAutoencoderConfig};
use memae_models::train::ProgressDisplay;

use super::found::Found;
use super::{images, vectors, video};
use crate::paper_tables::data::Data;
use crate::paper_tables::error::TableError;
use crate::paper_tables::plan::Work;

/// Does what a cell says.
pub(crate) fn run(
    work: &Work,
    data: &Data,
    device: &Device,
    display: ProgressDisplay,
) -> Result<Found, TableError> {
    match (work, data) {
        (
            Work::Images {
                label,
                network,
                train,
                every_epoch,
            },
            Data::Images {
                train: training,
                test,
                ..
            },
        ) => {
            let split = images::one_class(training, test, *label, train.seed)?;
            images::network(&split, network, train, *every_epoch, device, display)
        }
        (
            Work::ImageBaseline {
                label,
                baseline,
                seed,
                ..
            },
            Data::Images { train, test, .. },
        ) => {
            let split = images::one_class(train, test, *label, *seed)?;
            images::baseline(&split, *baseline, *seed)
        }
        (
            Work::Vectors {
                network,
                encoder,
                train,
                every_epoch,
            },
            Data::Connections(data),
        ) => {
            let network = |_: &TableEncoder| Ok(VectorAutoencoderConfig::clone(network));
            vectors::network(data, network, encoder, train, *every_epoch, device, display)
        }
        (
            Work::VectorBaseline {
                encoder,
                baseline,
                seed,
                ..
            },
            Data::Connections(data),
        ) => vectors::baseline(data, encoder, *baseline, *seed),
        (
            Work::MaskedVectors {
                variant,
                num_items,
                masks,
                encoder,
                train,
            },
            Data::Connections(data),
        ) => {
            let network = |encoder: &TableEncoder| {
                let columns = encoder.column_ranges().map(|(_, range)| range);
                let masks = ColumnMasks::draw(columns, *masks, train.seed)?;
                Ok(VectorAutoencoderConfig::masked_columns(
                    masks, *variant, *num_items,
                ))
            };
            vectors::network(data, network, encoder, train, false, device, display)
        }
        (Work::VectorMemory { encoder, memory }, Data::Connections(data)) => {
            vectors::memory(data, encoder, memory, device)
        }
        (
            Work::Video {
                network,
                variant,
                train,
            },
            Data::Videos { source, .. },
        ) => video::network(network, *variant, train, source, device, display),
        _ => Err(TableError::OtherData),
    }
}
