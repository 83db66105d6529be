//! JPEG files that another encoder wrote (`fixtures/jpeg.py`), whole ones and those of which data are missing before their
//! end marker.

use std::collections::BTreeMap;

use memae_data::sample::{ImagePreprocessing, Pixels};

const END: [u8; 2] = [0xff, 0xd9];

fn cases() -> BTreeMap<String, Vec<u8>> {
    let text = include_str!("../fixtures/jpeg.json");
    let cases: BTreeMap<String, String> = serde_json::from_str(text).expect("by the script");
    let bytes = |hexadecimal: String| -> Vec<u8> {
        let digits = |at: usize| &hexadecimal[2 * at..][..2];
        (0..hexadecimal.len() / 2)
            .map(|at| u8::from_str_radix(digits(at), 16).expect("two digits"))
            .collect()
    };
    let cases = cases.into_iter();
    cases.map(|(name, file)| (name, bytes(file))).collect()
}

fn read(bytes: &[u8]) -> Result<Pixels, String> {
    let image = ImagePreprocessing::default().decode(bytes);
    image
        .map(|image| image.pixels)
        .map_err(|error| error.to_string())
}

/// Where the segments of a file begin, and for scans where their data do.
fn segments(bytes: &[u8]) -> Vec<(usize, u8)> {
    let mut at = 2;
    let mut found = Vec::new();
    while at + 4 <= bytes.len() {
        if bytes[at] != 0xff || bytes[at + 1] == 0 || (0xd0..=0xd7).contains(&bytes[at + 1]) {
            at += 1;
            continue;
        }
        found.push((at, bytes[at + 1]));
        at += 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
    }
    found
}

/// The first byte of the data of each scan.
fn scans(bytes: &[u8]) -> Vec<usize> {
    let found = segments(bytes).into_iter();
    let scans = found.filter(|(_, marker)| *marker == 0xda);
    scans
        .map(|(at, _)| at + 2 + usize::from(bytes[at + 3]))
        .collect()
}

#[test]
fn whole_files_are_read_whatever_fills_or_follows_them() {
    let cases = cases();
    assert_eq!(cases.len(), 16);
    for (name, bytes) in &cases {
        let whole = read(bytes);
        assert!(whole.is_ok(), "{name}: {whole:?}");
        for after in [&[0; 40][..], b"trailer", &bytes[..]] {
            assert_eq!(read(&[bytes, after].concat()), whole, "{name}");
        }
        // Bytes that fill up the space before markers.
        let mut filled = bytes.clone();
        for (at, _) in segments(bytes).into_iter().rev() {
            filled.splice(at..at, [0xff; 3]);
        }
        filled.splice(filled.len() - 2..filled.len() - 2, [0xff; 5]);
        assert_eq!(read(&filled), whole, "{name}");
    }
}

#[test]
fn data_that_end_before_the_last_block_are_errors() {
    for (name, bytes) in cases() {
        assert!(bytes.ends_with(&END), "{name}");
        let first = scans(&bytes)[0];
        for end in first..bytes.len() - 2 {
            let error = read(&[&bytes[..end], &END].concat());
            let error = error.expect_err(&format!("{name}: {end} of {} bytes", bytes.len()));
            assert!(
                error.contains("found a damaged or cut off image ("),
                "{name}: {error}"
            );
        }
    }
}

#[test]
fn what_is_missing_is_said() {
    let cases = cases();
    let baseline = &cases["baseline, RGB"];
    let start = scans(baseline)[0];
    assert_eq!(
        read(&[&baseline[..start], &END].concat()).expect_err("no data"),
        "found a damaged or cut off image (the data end after 0 of 4 blocks of a scan), expected a whole one"
    );
    // One of the restarts is gone with what follows it.
    let restarts = &cases["baseline, restarts every 1"];
    let is_restart = |at: &usize| restarts[*at] == 0xff && restarts[at + 1] == 0xd1;
    let from = (scans(restarts)[0]..restarts.len() - 2).find(is_restart);
    let from = from.expect("four units");
    let error = read(&[&restarts[..from], &END].concat()).expect_err("two units");
    assert!(
        error.contains("(the data end after 2 of 4 blocks of a scan)"),
        "{error}"
    );

    let progressive = &cases["progressive, RGB"];
    let scans = segments(progressive);
    let second = scans.iter().filter(|(_, marker)| *marker == 0xda).nth(1);
    let (second, _) = second.expect("several scans");
    // The tables of the second scan lie before it.
    let error = read(&[&progressive[..*second], &END].concat()).expect_err("one scan");
    assert!(
        error.contains(
            "(component 1 lacks 64 of 64 coefficients, or bits of them: scans are missing)"
        ),
        "{error}"
    );
    // All codes of sixteen ones and more are none.
    let mut damaged = baseline.clone();
    damaged[start + 4..start + 12].copy_from_slice(&[0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0]);
    let error = read(&damaged).expect_err("no code");
    assert!(
        error.contains("(found bits that are no code after "),
        "{error}"
    );
}
