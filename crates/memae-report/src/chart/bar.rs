use askama::Template;

use super::axis;

/// A share as the length of a bar, with a line at another share.
#[derive(Template)]
#[template(path = "chart/bar.svg")]
pub(crate) struct Bar {
    /// What is read out, and shown under the pointer.
    title: String,
    /// The style.
    class: &'static str,
    length: f64,
    line: Option<f64>,
}

impl Bar {
    /// A bar as long as `share`; none where that is no number.
    pub(crate) fn new(title: String, class: &'static str, share: f64) -> Self {
        Self {
            title,
            class,
            length: if share.is_nan() {
                0.0
            } else {
                share.clamp(0.0, 1.0)
            },
            line: None,
        }
    }

    /// A line across, at a share in [0, 1].
    pub(crate) fn with_line(mut self, share: f64) -> Self {
        self.line = Some(share);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(share: f64) -> String {
        Bar::new("a < b".to_string(), "normal", share)
            .with_line(0.5)
            .render()
            .unwrap()
    }

    #[test]
    fn the_length_is_the_share() {
        let bar = drawn(0.375);
        assert!(
            bar.contains(r#"class="filled normal" width="37.50%""#),
            "{bar}"
        );
        assert!(bar.contains(r#"x1="50.00%""#), "{bar}");
        assert!(bar.contains("<title>a &#60; b</title>"), "{bar}");
    }

    #[test]
    fn a_share_beyond_its_range_fills_the_bar_or_leaves_it_empty() {
        for (share, width) in [
            (7.0, "100.00%"),
            (f64::INFINITY, "100.00%"),
            (-1.0, "0.00%"),
            (f64::NAN, "0.00%"),
        ] {
            assert!(
                drawn(share).contains(&format!(r#"normal" width="{width}""#)),
                "{share}"
            );
        }
    }
}
