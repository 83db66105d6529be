//! Where pictures are anomalous: masks, heat maps, reports.

use super::*;

/// Anomalous pictures of some digits with masks of their ink, and normal ones: `good`, `bad`, `masks`, and the same in MVTec AD's layout.
fn parts_with_masks() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = |name: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(&path).expect("writable");
        path
    };
    let from = digits().path().join("parts/test");
    for number in 0..6 {
        let name = format!("{number}.png");
        for to in ["good", "set/test/good"] {
            fs::copy(from.join("good").join(&name), path(to).join(&name)).expect("writable");
        }
        for to in ["bad", "set/test/bad"] {
            fs::copy(from.join("other").join(&name), path(to).join(&name)).expect("writable");
        }
        let mut mask = image::open(from.join("other").join(&name))
            .expect("a picture")
            .to_luma8();
        for pixel in mask.pixels_mut() {
            pixel.0 = [if pixel.0[0] > 127 { 255 } else { 0 }];
        }
        mask.save(path("masks").join(&name)).expect("writable");
        let in_set = path("set/ground_truth/bad").join(format!("{number}_mask.png"));
        mask.save(in_set).expect("writable");
    }
    fs::copy(
        digits().path().join("nines.safetensors"),
        folder.path().join("m.safetensors"),
    )
    .expect("writable");
    folder
}

const BY_HAND: [&str; 7] = [
    "eval",
    "m.safetensors",
    "--normal",
    "good",
    "--anomalous",
    "bad",
    "--json",
];

#[test]
fn pixels_are_measured_by_masks_wherever_these_lie() {
    let folder = parts_with_masks();
    let pixels = |arguments: &[&str]| {
        let printed = run(folder.path(), arguments);
        let figures: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
        assert_eq!(figures["normal"], 6, "{figures}");
        figures["pixels"].clone()
    };
    let by_hand = pixels(&[&BY_HAND[..], &["--masks", "masks"]].concat());
    assert!(
        by_hand["auc"].as_f64().is_some_and(|auc| auc > 0.5),
        "{by_hand}"
    );
    // There is no training set here, and none is needed.
    let in_set = pixels(&["eval", "m.safetensors", "set", "--json"]);
    assert_eq!(by_hand, in_set);
    assert!(pixels(&BY_HAND).is_null());
    let large = error(
        folder.path(),
        &[&BY_HAND[..], &["--masks", "masks", "--memory", "0"]].concat(),
    );
    assert!(
        large.contains("found 12 pictures of 9408 pixels") && large.contains("--memory"),
        "{large}"
    );
    let none = error(folder.path(), &[&BY_HAND[..], &["--soft-masks"]].concat());
    assert!(none.contains("--soft-masks: found no masks"), "{none}");
}

#[test]
fn heat_maps_are_drawn_elsewhere() {
    let folder = parts_with_masks();
    let score = ["score", "m.safetensors", "bad", "--heatmaps"];
    run(folder.path(), &[&score[..], &["maps/new"]].concat());
    let mut names: Vec<String> = fs::read_dir(folder.path().join("maps/new"))
        .expect("written")
        .map(|entry| {
            entry
                .expect("readable")
                .file_name()
                .into_string()
                .expect("text")
        })
        .collect();
    names.sort();
    assert_eq!(names.len(), 12, "{names:?}");
    assert_eq!(names[..2], ["000001_0.png", "000001_0_mask.png"]);
    for into in ["bad", "bad/maps"] {
        let said = error(folder.path(), &[&score[..], &[into]].concat());
        assert!(said.contains("which is read"), "{said}");
    }
    assert_eq!(
        fs::read_dir(folder.path().join("bad"))
            .expect("there")
            .count(),
        6
    );
}

/// One that can't be written is said where scripts look.
#[test]
fn a_heat_map_that_fails_is_said_in_json() {
    let folder = parts_with_masks();
    fs::create_dir_all(folder.path().join("maps/000002_1.png")).expect("writable");
    let output = memae(
        folder.path(),
        &[
            "score",
            "m.safetensors",
            "bad",
            "--heatmaps",
            "maps",
            "--json",
        ],
    );
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    let printed = out(&output);
    let failed: Vec<&str> = printed
        .lines()
        .filter(|line| line.contains("\"error\""))
        .collect();
    assert_eq!(failed.len(), 1, "{printed}");
    assert!(
        failed[0].contains("\"bad/1.png\"") && failed[0].contains("no heat map"),
        "{printed}"
    );
}

#[test]
fn a_report_is_a_page_and_replaces_no_picture() {
    let folder = parts_with_masks();
    let masks = ["--masks", "masks", "--report"];
    let report = |file: &'static str| [&BY_HAND[..], &masks, &[file]].concat();
    run(folder.path(), &report("report.html"));
    let page = fs::read_to_string(folder.path().join("report.html")).expect("written");
    assert!(
        page.starts_with('<') && page.contains("bad/0.png"),
        "no page"
    );
    assert!(page.contains("AUPRO"), "no figures of pixels");
    // Again, over the old one, where pictures are read too.
    run(folder.path(), &report("good/report.html"));
    run(folder.path(), &report("good/report.html"));
    let before = fs::read(folder.path().join("bad/0.png")).expect("there");
    for (file, found) in [
        ("bad/0.png", "a file in a folder that is read"),
        ("masks/0.png", "a file in a folder that is read"),
        ("m.safetensors", "one of the files that are read"),
    ] {
        let said = error(folder.path(), &report(file));
        assert!(said.contains(found), "{said}");
    }
    assert_eq!(
        fs::read(folder.path().join("bad/0.png")).expect("there"),
        before
    );
    let trained = error(folder.path(), &["train", "good", "--out", "good/0.png"]);
    assert!(
        trained.contains("a file in a folder that is read"),
        "{trained}"
    );
}
