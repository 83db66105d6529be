//! Names of tensors, ours and those of the authors' `nn.Sequential`s, in which each layer is three
//! modules (convolution, batch norm, activation) and the last is one.

const ITEMS: &str = "memory.items";
const REFERENCE_ITEMS: &str = "mem_rep.memory.weight";

/// The authors' name of one of our tensors, as PyTorch's adapter names it; `None` for a tensor that
/// they don't have.
pub(super) fn reference_name(name: &str) -> Option<String> {
    if name == ITEMS {
        return Some(REFERENCE_ITEMS.to_string());
    }
    let mut parts = name.splitn(4, '.');
    let (part, index) = (parts.next()?, parts.next()?.parse::<usize>().ok()?);
    let module = match parts.next()? {
        "conv" => 3 * index,
        "norm" => 3 * index + 1,
        _ => return None,
    };
    Some(format!("{part}.{module}.{}", parts.next()?))
}

/// The authors' name of the count of batches that the norm of a layer has seen in training.
pub(super) fn count_name(part: &str, index: usize) -> String {
    format!("{part}.{}.num_batches_tracked", 3 * index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_authors_modules() {
        let cases = [
            ("encoder.0.conv.weight", "encoder.0.weight"),
            ("encoder.1.norm.running_var", "encoder.4.running_var"),
            ("encoder.3.conv.bias", "encoder.9.bias"),
            ("memory.items", "mem_rep.memory.weight"),
            ("decoder.2.norm.bias", "decoder.7.bias"),
            ("decoder.3.conv.weight", "decoder.9.weight"),
        ];
        for (ours, theirs) in cases {
            assert_eq!(reference_name(ours).as_deref(), Some(theirs));
        }
        assert_eq!(count_name("encoder", 3), "encoder.10.num_batches_tracked");
        for name in [
            "memory",
            "encoder.x.conv.weight",
            "encoder.0.pool.weight",
            "",
        ] {
            assert_eq!(reference_name(name), None, "{name}");
        }
    }
}
