//! A report with every part, on plates and a camera that are made up here.
//!
//! ```sh
//! cargo run -p memae-report --example every_part -- report.html
//! ```

use memae_report::{
    Columns, Confusion, Contribution, Curve, Facts, Figure, Head, LeftOut, MemoryHealth,
    MemoryItem, Picture, ReadItem, Report, ReportError, Sample, SampleGroup, Scores, Threshold,
    Verdicts, Video,
};

const THRESHOLD: f64 = 0.0421;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).unwrap_or("report.html".to_string());
    report()?.save(&file)?;
    println!("{file}");
    Ok(())
}

fn report() -> Result<Report, ReportError> {
    let normal: Vec<f64> = (0..76)
        .map(|at| (0.022 + 0.0095 * deviate(at)).max(0.006))
        .collect();
    let anomalous: Vec<f64> = (0..179)
        .map(|at| (0.053 + 0.016 * deviate(at + 500)).max(0.011))
        .collect();
    let flagged = |scores: &[f64]| scores.iter().filter(|&&score| score > THRESHOLD).count();
    let (found, alarms) = (flagged(&anomalous), flagged(&normal));
    let head = Head::new("Magnetic tiles, test images")
        .with_scored("255 images in tiles/test, by the detector tiles.safetensors")
        .with_made("29 November 2026, 11:20 UTC")
        .with_command("memae eval tiles.safetensors tiles --report report.html")
        .with_version("memae 0.1.0");
    let verdicts = Verdicts::new(255 - found - alarms, found + alarms)
        .with_unit("image", "images")
        .with_left_out(23, (0..23).map(left_out));
    let threshold = Threshold::new(
        THRESHOLD,
        "the scores of 99 held-out normal images (split conformal)",
    )
    .with_promised_rate(0.01)
    .with_measured(alarms, normal.len())
    .with_note(
        "The promise holds for normal images like those that the detector was calibrated on.",
    );
    let [roc, precision_recall] = curves(&normal, &anomalous)?;
    let figures = [
        (
            "pixel AUC",
            0.9127,
            "The chance that a pixel of a defect scores higher than another.",
        ),
        (
            "AUPRO",
            0.7719,
            "Overlap with the marked defects, up to 30 % of false alarms.",
        ),
        (
            "best F1",
            0.9412,
            "At the threshold 0.0389, chosen with the labels in sight.",
        ),
    ];
    let mut report = Report::new(head, verdicts)
        .with_threshold(threshold)
        .with_curve(roc)
        .with_curve(precision_recall)
        .with_confusion(Confusion::new(found, alarms, 179 - found, 76 - alarms))
        .with_scores(Scores::new().with_normal(normal).with_anomalous(anomalous))
        .with_video(camera("gate/2026-11-28 night.mp4", 0))
        .with_video(camera("gate/2026-11-29 morning.mp4", 7))
        .with_samples(SampleGroup::worst([
            plate("crack/exp6_num_18219.png", 0.0931, Some(0.4), "crack")?,
            plate("break/exp1_num_4727.png", 0.0874, Some(0.7), "break")?,
            plate("good/exp2_num_30911.png", 0.0489, None, "good")?,
        ]))
        .with_samples(SampleGroup::borderline([plate(
            "fray/exp3_num_5143.png",
            0.0417,
            Some(0.15),
            "fray",
        )?]))
        .with_samples(
            SampleGroup::new(
                "Worst rows",
                [
                    row("line 20117", 17.4, true),
                    row("line 3", 9.1, true),
                    row("line 88211", 2.2, false),
                ],
            )
            .with_explanation("The same from a table."),
        )
        .with_columns(
            Columns::new([
                Contribution::new("temperature of the bearing", 0.61),
                Contribution::new("vibration, 40 to 80 Hz", 0.22),
                Contribution::new("pressure", 0.09),
            ])
            .with_explanation("Mean share in the reconstruction error of the 20 worst rows."),
        )
        .with_memory(memory()?)
        .with_facts(
            Facts::new("Settings")
                .with(
                    "network",
                    "48-96-192, kernels of 3, batch norm, 64 × 64 grey",
                )
                .with("memory items", "100, one query an image, λ = 1/N")
                .with("training", "60 epochs, Adam 0.001, batches of 32")
                .with("seed", "7"),
        )
        .with_facts(
            Facts::new("Versions")
                .with("memae", "0.1.0")
                .with("burn", "0.22.1")
                .with("device", "flex"),
        );
    for (name, value, explanation) in figures {
        report = report.with_figure(Figure::number(name, value).with_explanation(explanation));
    }
    Ok(report)
}

fn left_out(at: usize) -> LeftOut {
    match at {
        0 => LeftOut::new(
            "crack/exp5_num_7.png",
            "is cut off: found 1,204 bytes, expected 18,332",
        ),
        1 => LeftOut::new("good/<b>notes</b>\u{202e}gnp.txt", "is no image"),
        _ => LeftOut::new(
            format!("scans/page-{at:04}.tif"),
            "not supported: several pages in one file",
        ),
    }
}

/// ROC and precision-recall curve over all thresholds.
fn curves(normal: &[f64], anomalous: &[f64]) -> Result<[Curve; 2], ReportError> {
    let mut thresholds: Vec<f64> = normal.iter().chain(anomalous).copied().collect();
    thresholds.sort_by(|one, other| other.total_cmp(one));
    let share = |scores: &[f64], threshold: f64| {
        scores.iter().filter(|&&score| score >= threshold).count() as f64 / scores.len() as f64
    };
    let (mut alarms, mut found, mut precision) = (vec![0.0], vec![0.0], vec![1.0]);
    for threshold in thresholds {
        let (wrong, right) = (share(normal, threshold), share(anomalous, threshold));
        alarms.push(wrong);
        found.push(right);
        let (wrong, right) = (wrong * normal.len() as f64, right * anomalous.len() as f64);
        precision.push(right / (right + wrong));
    }
    let (wrong, right) = (share(normal, THRESHOLD), share(anomalous, THRESHOLD));
    let at = right * anomalous.len() as f64;
    let exact = at / (at + wrong * normal.len() as f64);
    let auc: f64 = (1..found.len())
        .map(|at| (alarms[at] - alarms[at - 1]) * (found[at] + found[at - 1]) / 2.0)
        .sum();
    let average_precision: f64 = (1..found.len())
        .map(|at| (found[at] - found[at - 1]) * precision[at])
        .sum();
    Ok([
        Curve::roc(&alarms, &found, auc)?.with_point(wrong, right),
        Curve::precision_recall(&found, &precision, average_precision)?
            .with_point(right, exact)
            .with_anomalous_share(179.0 / 255.0),
    ])
}

/// A ground plate, with a scratch at a height of the picture.
fn plate(name: &str, score: f64, scratch: Option<f64>, class: &str) -> Result<Sample, ReportError> {
    let (width, height) = (150, 210);
    let seed = name.len();
    let pixels = |paint: &dyn Fn(usize, usize) -> [f64; 3]| {
        let bytes = (0..height).flat_map(|y| (0..width).flat_map(move |x| paint(x, y)));
        let bytes: Vec<u8> = bytes
            .map(|value| (value.clamp(0.0, 1.0) * 255.0) as u8)
            .collect();
        Picture::rgb(width as u32, height as u32, &bytes)
    };
    let ground = move |x: usize, y: usize| {
        0.45 + 0.12 * (x as f64 / 31.0).sin() + 0.05 * (y as f64 / 57.0).cos()
    };
    let depth = move |x: usize, y: usize| {
        let middle = scratch.map_or(1e9, |place| {
            place * height as f64 + 14.0 * (x as f64 / 17.0).sin()
        });
        (1.0 - (y as f64 - middle).abs() / 4.0).max(0.0)
    };
    let input = pixels(&|x, y| {
        [ground(x, y) + 0.05 * deviate(x * 211 + y * 7 + seed) - 0.35 * depth(x, y); 3]
    })?;
    let rebuilt = pixels(&|x, y| [ground(x, y); 3])?;
    let heat = pixels(&|x, y| {
        let near = (0..7)
            .map(|step| depth(x, (y + 3 * step).saturating_sub(9)))
            .fold(0.0, f64::max);
        let grey = ground(x, y) * 0.45;
        [
            grey + 0.9 * near,
            grey + 0.45 * near * near,
            grey * (1.0 - near),
        ]
    })?;
    let reads = [(17, 0.62), (3, 0.21), (88, 0.09), (41, 0.05)].map(|(item, weight)| {
        decoded(item).map(|picture| ReadItem::new(item, weight).with_picture(picture))
    });
    let reads: Result<Vec<_>, _> = reads.into_iter().collect();
    Ok(Sample::new(name, score, score > THRESHOLD)
        .with_normalized(score / (score + THRESHOLD))
        .with_p_value(if score > 0.045 { 0.01 } else { 0.02 })
        .with_class(class, class != "good")
        .with_input(input)
        .with_reconstruction(rebuilt)
        .with_heat_map(heat)
        .with_reads(reads?))
}

fn row(name: &str, score: f64, anomalous: bool) -> Sample {
    Sample::new(name, score, anomalous)
        .with_normalized(score / (score + 3.0))
        .with_contributions([
            Contribution::new("temperature of the bearing", 0.7 - score / 60.0),
            Contribution::new("vibration, 40 to 80 Hz", score / 70.0),
        ])
}

/// A memory item as the decoder shows it.
fn decoded(item: usize) -> Result<Picture, ReportError> {
    let paint = |at: usize| {
        let (x, y) = ((at % 16) as f64, (at / 16) as f64);
        let value = 0.45
            + 0.25 * (x / (2.0 + item as f64 / 30.0) + item as f64).sin()
            + 0.1 * (y / 5.0).cos();
        (value * 255.0) as u8
    };
    Picture::grey(16, 22, &(0..16 * 22).map(paint).collect::<Vec<u8>>())
}

fn memory() -> Result<MemoryHealth, ReportError> {
    let items: Result<Vec<_>, _> = (0..36)
        .map(|item| {
            let share = 0.12 * 0.9f64.powi(item as i32);
            decoded(item * 5 % 97)
                .map(|picture| MemoryItem::new(item * 5 % 97, picture).with_read_share(share))
        })
        .collect();
    Ok(MemoryHealth::new(100)
        .with_active_items(21.4)
        .with_dead_items(64)
        .with_entropy(2.713)
        .with_empty_rows(0, 328)
        .with_items(items?))
}

fn camera(name: &str, seed: usize) -> Video {
    let passing = |frame: usize| {
        0.05 * (1.0 - (frame as f64 - 310.0 - 20.0 * seed as f64).abs() / 60.0).max(0.0)
    };
    let scores = (0..900).map(|frame| match frame {
        600..640 => f64::NAN,
        _ => {
            0.018
                + 0.004 * (frame as f64 / 40.0).sin()
                + 0.002 * deviate(frame + seed)
                + passing(frame)
        }
    });
    let middle = 310 + 20 * seed;
    Video::new(name, scores)
        .with_first_frame(8)
        .with_flagged(Some(middle - 24..middle + 40))
        .with_labelled(Some(middle - 40..middle + 50))
        .with_gaps(Some(608..648))
}

/// A number that looks drawn from a normal distribution, the same for the same `at`.
fn deviate(at: usize) -> f64 {
    let uniform = |seed: u64| {
        let mixed = (at as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ (mixed >> 32)) >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..12).map(|draw| uniform(draw * 0x2545_f491)).sum::<f64>() - 6.0
}
