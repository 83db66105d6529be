use std::path::Path;

use super::error::LabelError;
use super::frame_labels::{FrameLabels, from_numbers, of_mask};
use crate::dataset::error::SourceError;
use crate::format::{MatArray, MatError, MatLimits, MatPart, MatValue, visit_mat};
use crate::sample::{Mask, MaskError};

const EXPECTED: &str = "a row of labels, masks, or cells with a mask for each frame, labels for each video, or first \
                        and last frames for each video";

/// How spans must lie, said wherever they may be meant to lie in another way.
const SPANS: &str = "spans as 2 rows: first frames above, last frames below, counted from 1, one after the other; masks are \
                     wider than 2 pixels";

/// How masks of one array must lie.
const STACK: &str = "masks as [height, width, frames]; where height and frames are equal, cells with a mask for each frame";

/// The most bytes of rows that are kept of a file.
const MOST_KEPT: u64 = 1 << 27;

/// What of an array is kept: all of one with one or two rows or one column, and of masks only whether a value is not 0.
enum Part {
    Mask(bool),
    /// A mask that does not say which pixels are anomalous, and why.
    Unclear(MaskError),
    Rows(MatArray),
}

impl Part {
    fn of(array: MatArray) -> Option<Self> {
        match array.dimensions[..] {
            // Masks are not that narrow: these are spans that lie the other way, which are refused later.
            [rows, 2] if rows > 2 => Some(Self::Rows(array)),
            [rows, columns] if rows <= 2 || columns <= 1 => Some(Self::Rows(array)),
            [_, _] => Some(match Mask::any_of_numbers(array.values.iter().copied()) {
                Ok(anomalous) => Self::Mask(anomalous),
                Err(error) => Self::Unclear(error),
            }),
            _ => None,
        }
    }
}

/// Whether the values of an array are kept, not only whether one is not 0.
fn is_kept(array: &MatArray) -> bool {
    matches!(array.dimensions[..], [rows, columns] if rows <= 2 || columns <= 2)
}

/// A variable that may hold labels.
enum Candidate {
    Labels(FrameLabels),
    Cells(Vec<Part>),
}

pub(super) fn read(path: &Path) -> Result<FrameLabels, SourceError> {
    let mut candidates: Vec<(String, Result<Candidate, LabelError>)> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    let mut kept = 0;
    visit_mat(path, MatLimits::default(), &mut |name, part| {
        let name = name.escape_default();
        if let MatPart::Whole(MatValue::Array(array)) | MatPart::Cell(MatValue::Array(array)) =
            &part
            && is_kept(array)
        {
            kept += 8 * array.values.len() as u64;
            if kept > MOST_KEPT {
                return Err(MatError::OverBudget {
                    place: format!("variable `{name}`"),
                    what: "labels",
                    most: MOST_KEPT,
                });
            }
        }
        match part {
            MatPart::Whole(MatValue::Array(array)) => {
                candidates.push((name.to_string(), of_array(array)));
            }
            MatPart::Whole(MatValue::Other(class)) => others.push(format!("`{name}` ({class})")),
            MatPart::Whole(MatValue::Cells(_)) => {}
            MatPart::CellsBegin => {
                candidates.push((name.to_string(), Ok(Candidate::Cells(Vec::new()))));
            }
            MatPart::Cell(value) => {
                let Some((_, candidate)) = candidates.last_mut() else {
                    return Ok(());
                };
                let (part, class) = match value {
                    MatValue::Array(array) => (Part::of(array), String::new()),
                    MatValue::Other(class) => (None, format!(" ({class})")),
                    MatValue::Cells(_) => (None, String::new()),
                };
                if let Ok(Candidate::Cells(cells)) = candidate {
                    match part {
                        Some(part) => cells.push(part),
                        None => {
                            let number = cells.len() + 1;
                            let found =
                                format!("something else{class} in cell {number} of `{name}`");
                            *candidate = Err(content(found));
                        }
                    }
                }
            }
        }
        Ok(())
    })?;
    let labels = match (candidates.pop(), candidates.is_empty()) {
        (Some((name, candidate)), true) => candidate.and_then(|candidate| match candidate {
            Candidate::Labels(labels) => Ok(labels),
            Candidate::Cells(cells) => of_cells(&name, cells),
        }),
        (None, _) if others.is_empty() => Err(content("no variable".to_string())),
        (None, _) => Err(content(format!("only {}", others.join(", ")))),
        (Some((last, _)), false) => {
            let names = candidates.iter().map(|(name, _)| name.as_str());
            let names: Vec<&str> = names.chain([last.as_str()]).collect();
            Err(content(format!("the variables {}", names.join(", "))))
        }
    };
    labels.map_err(SourceError::in_labels(path))
}

fn content(found: String) -> LabelError {
    LabelError::Content {
        found,
        expected: EXPECTED,
    }
}

/// A variable that is a single array.
fn of_array(array: MatArray) -> Result<Candidate, LabelError> {
    if let [height, width, frames] = array.dimensions[..] {
        if height == frames {
            // As Python saves them, [frames, height, width] would be the same.
            return Err(LabelError::Content {
                found: format!("an array of {height}x{width}x{frames}"),
                expected: STACK,
            });
        }
        let frame = (height * width).max(1);
        let masks = array.values.chunks(frame).enumerate();
        let labels: Vec<bool> = masks
            .map(|(frame, values)| of_mask(frame, values))
            .collect::<Result<_, _>>()?;
        return match labels.len() == frames {
            true => Ok(Candidate::Labels(FrameLabels::Frames(labels))),
            false => Err(content("masks without pixels".to_string())),
        };
    }
    match Part::of(array) {
        Some(Part::Rows(rows)) => of_cells("", vec![Part::Rows(rows)]).map(Candidate::Labels),
        _ => Err(content("a matrix".to_string())),
    }
}

fn of_cells(name: &str, cells: Vec<Part>) -> Result<FrameLabels, LabelError> {
    let mut masks = Vec::new();
    let mut rows = Vec::new();
    for part in cells {
        match part {
            Part::Mask(anomalous) => masks.push(anomalous),
            Part::Unclear(error) => {
                let frame = masks.len();
                return Err(LabelError::Mask { frame, error });
            }
            Part::Rows(array) => rows.push(array),
        }
    }
    if rows.is_empty() {
        return Ok(FrameLabels::Frames(masks));
    }
    if !masks.is_empty() {
        return Err(content(format!("masks and rows in the cells of `{name}`")));
    }
    // First and last frames are told from labels by their size: a video has more than one frame.
    let filled = || rows.iter().filter(|array| !array.values.is_empty());
    let unclear = |array: &&MatArray| match array.dimensions[..] {
        // Spans in rows, of which a single one may be two labels as well.
        [rows, 2] if rows != 2 => array.values.iter().any(|&value| value > 1.0) || rows > 2,
        [2, 1] => rows.len() == 1 && array.values == [1.0, 1.0],
        _ => false,
    };
    if let Some(array) = filled().find(unclear) {
        let [rows, columns] = [array.dimensions[0], array.dimensions[1]];
        return Err(LabelError::Content {
            found: format!("a matrix of {rows}x{columns}"),
            expected: SPANS,
        });
    }
    if filled().all(|array| array.dimensions[0] == 2)
        && filled().any(|array| array.values.iter().any(|&value| value > 1.0))
    {
        let spans = rows.iter().map(spans_of).collect::<Result<_, _>>()?;
        return Ok(FrameLabels::Spans(spans));
    }
    if filled().any(|array| !array.dimensions.contains(&1)) {
        return Err(content(format!("a matrix in `{name}`")));
    }
    let values: Vec<f64> = rows.into_iter().flat_map(|array| array.values).collect();
    from_numbers(&values).map(FrameLabels::Frames)
}

/// Spans from `[2, spans]`, first dimension fastest.
fn spans_of(array: &MatArray) -> Result<Vec<(usize, usize)>, LabelError> {
    let unclear = |found: String| LabelError::Content {
        found,
        expected: SPANS,
    };
    let frame = |value: f64| match value.fract() == 0.0 && (1.0..1e15).contains(&value) {
        true => Ok(value as usize),
        false => Err(unclear(format!("a span that begins or ends at {value}"))),
    };
    let spans: Vec<(usize, usize)> = array
        .values
        .chunks_exact(2)
        .map(|span| Ok((frame(span[0])?, frame(span[1])?)))
        .collect::<Result<_, _>>()?;
    // Lists that lie in another way, or hold something else, are hardly ever in order.
    let mut before = 0;
    for &(first, last) in &spans {
        if first <= before || last < first {
            return Err(unclear(format!(
                "a span from {first} to {last} after frame {before}"
            )));
        }
        before = last;
    }
    Ok(spans)
}
