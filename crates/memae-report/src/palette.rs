//! The colours of the page, in a light and in a dark scheme.

/// A colour by its name on the page, with its values in both schemes: red, green, blue in hexadecimal.
pub(crate) struct Colour {
    pub(crate) name: &'static str,
    pub(crate) light: &'static str,
    pub(crate) dark: &'static str,
}

const fn colour(name: &'static str, light: &'static str, dark: &'static str) -> Colour {
    Colour { name, light, dark }
}

/// All colours; the style sheet has no others.
///
/// Blue and orange are told apart with any kind of colour vision; what they mean is always said in words too.
pub(crate) const COLOURS: [Colour; 13] = [
    colour("paper", "#f6f6f4", "#131316"),
    colour("panel", "#ffffff", "#1c1c20"),
    colour("ink", "#1b1b20", "#ececf0"),
    colour("faint", "#5a5a63", "#a8a8b3"),
    colour("rule", "#dcdce0", "#37373e"),
    colour("normal", "#0068a6", "#6fb9f0"),
    colour("anomalous", "#b3430a", "#ff9c61"),
    colour("unlabelled", "#65656e", "#a8a8b3"),
    colour("good", "#157347", "#63cb95"),
    colour("caution", "#8a5a00", "#e3b34d"),
    // Behind text and curves.
    colour("flagged-shade", "#fbeee6", "#33231a"),
    colour("labelled-shade", "#f6e3b4", "#4a3d17"),
    colour("gap-shade", "#e3e3e7", "#36363d"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance as WCAG 2 defines it.
    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        assert_eq!((hex.len(), &hex[..1]), (7, "#"));
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn named(name: &str) -> &'static Colour {
        COLOURS.iter().find(|colour| colour.name == name).unwrap()
    }

    #[test]
    fn contrast_is_that_of_the_definition() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.478).abs() < 1e-3);
    }

    #[test]
    fn text_can_be_read_in_both_schemes() {
        let grounds = [
            "paper",
            "panel",
            "flagged-shade",
            "labelled-shade",
            "gap-shade",
        ];
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for ground in grounds {
            pairs.push(("ink", ground));
        }
        for text in [
            "faint",
            "normal",
            "anomalous",
            "unlabelled",
            "good",
            "caution",
        ] {
            pairs.extend([(text, "paper"), (text, "panel")]);
        }
        // The threshold's line crosses what is flagged.
        pairs.extend([("anomalous", "flagged-shade"), ("faint", "flagged-shade")]);
        // Verdicts stand in the colour of the panel on their own.
        pairs.extend([("panel", "normal"), ("panel", "anomalous")]);
        for (text, ground) in pairs {
            let (text, ground) = (named(text), named(ground));
            for (scheme, found) in [
                ("light", contrast(text.light, ground.light)),
                ("dark", contrast(text.dark, ground.dark)),
            ] {
                let (text, ground) = (text.name, ground.name);
                assert!(found >= 4.5, "{scheme}: {text} on {ground}: {found:.2}");
            }
        }
    }

    #[test]
    fn curves_can_be_seen_on_every_shade() {
        for line in ["normal", "anomalous", "unlabelled"] {
            for ground in ["panel", "flagged-shade", "labelled-shade", "gap-shade"] {
                let (line, ground) = (named(line), named(ground));
                assert!(
                    contrast(line.light, ground.light) >= 3.0,
                    "{} {}",
                    line.name,
                    ground.name
                );
                assert!(
                    contrast(line.dark, ground.dark) >= 3.0,
                    "{} {}",
                    line.name,
                    ground.name
                );
            }
        }
    }

    #[test]
    fn the_style_sheet_names_no_other_colour() {
        let style = include_str!("../templates/style.css");
        for used in style.split("var(--").skip(1) {
            let name = &used[..used.find(')').unwrap()];
            assert!(COLOURS.iter().any(|colour| colour.name == name), "{name}");
        }
        for (at, _) in style.match_indices('#') {
            let next = style[at + 1..].chars().next().unwrap();
            assert!(!next.is_ascii_hexdigit(), "{}", &style[at..at + 8]);
        }
        for colour in &COLOURS {
            assert!(
                style.contains(&format!("var(--{})", colour.name)),
                "{} is not used",
                colour.name
            );
        }
    }
}
