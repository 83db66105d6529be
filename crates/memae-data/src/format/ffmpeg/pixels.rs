//! What FFmpeg's names of pixel formats say of them.

/// Bits of the values of grey or RGB where they are more than 8; those of pictures made for display (YUV) are not told.
pub(super) fn deep_bits(format: &str) -> Option<u32> {
    let stem = format.strip_suffix("le").or(format.strip_suffix("be"));
    let stem = stem.unwrap_or(format);
    let stem = stem.strip_suffix("msb").unwrap_or(stem);
    let (stem, packed) = match stem.strip_prefix("x2") {
        Some(stem) => (stem, true),
        None => (stem, false),
    };
    let family = stem.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number: u32 = stem[family.len()..].parse().ok()?;
    let bits = match family {
        "gray" | "grayf" | "ya" | "yaf" | "gbrp" | "gbrpf" | "gbrap" | "gbrapf" | "rgbf"
        | "rgbaf" | "xyz" => number,
        "rgb" | "bgr" if packed => number,
        // Bits of a whole pixel.
        "rgb" | "bgr" if [48, 96].contains(&number) => number / 3,
        "rgba" | "bgra" | "argb" | "abgr" => number / 4,
        family if family.starts_with("bayer_") => number,
        _ => return None,
    };
    (bits > 8).then_some(bits)
}

/// Whether pixels may be transparent.
pub(super) fn has_alpha(format: &str) -> bool {
    const FAMILIES: [&str; 13] = [
        "rgba", "bgra", "argb", "abgr", "gbrap", "yuva", "ya8", "ya16", "yaf", "pal8", "ayuv",
        "vuya", "uyva",
    ];
    FAMILIES.iter().any(|family| format.starts_with(family))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn grey_and_rgb_of_more_than_eight_bits_are_told() {
        for (format, bits) in [
            ("gray", None),
            ("gray10le", Some(10)),
            ("gray12le", Some(12)),
            ("gray16be", Some(16)),
            ("grayf32le", Some(32)),
            ("ya8", None),
            ("ya16le", Some(16)),
            ("rgb24", None),
            ("rgb0", None),
            ("rgb565le", None),
            ("bgr4_byte", None),
            ("rgb48le", Some(16)),
            ("rgbaf16le", Some(16)),
            ("rgba64be", Some(16)),
            ("bgra", None),
            ("gbrp", None),
            ("gbrap12le", Some(12)),
            ("gbrp10msble", Some(10)),
            ("x2rgb10le", Some(10)),
            ("bayer_rggb16le", Some(16)),
            ("bayer_rggb8", None),
            ("yuv420p10le", None),
            ("p010le", None),
            ("", None),
        ] {
            assert_eq!(deep_bits(format), bits, "{format}");
        }
    }

    #[test]
    fn names_say_what_ffmpeg_knows_of_its_formats() {
        let known = Command::new("ffprobe")
            .args(["-v", "error", "-show_pixel_formats", "-of", "json"])
            .output();
        let Ok(known) = known else {
            println!("skipped: ffprobe is absent");
            return;
        };
        let known: serde_json::Value = serde_json::from_slice(&known.stdout).expect("JSON");
        let formats = known["pixel_formats"].as_array().expect("a list");
        assert!(formats.len() > 100);
        for format in formats {
            let name = format["name"].as_str().expect("text");
            let flag = |flag: &str| format["flags"][flag] == 1;
            if flag("hwaccel") {
                continue;
            }
            assert_eq!(has_alpha(name), flag("alpha"), "{name}");
            let components = format["components"].as_array().expect("a list");
            let bits = components.iter().flat_map(|one| one["bit_depth"].as_u64());
            let deep = bits.max().filter(|bits| *bits > 8);
            // Of mosaics it knows how many values of each colour there are.
            if !name.starts_with("bayer") && !name.starts_with("xyz") {
                let told = flag("rgb") || components.len() < 3;
                let deep = deep.filter(|_| told).map(|bits| bits as u32);
                assert_eq!(deep_bits(name), deep, "{name}");
            }
        }
    }
}
