//! The example `paper_tables` as its users run it: whole tables, ended and resumed, single runs, bad input.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use memae::data::dataset::Kddcup99;
use memae::data::drawn::DigitsConfig;
use memae::data::format::{IdxArray, write_idx};
use serde_json::Value;

/// The built example; Cargo builds examples before it runs tests.
fn paper_tables() -> Command {
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    let path = profile.join("examples/paper_tables");
    assert!(
        path.is_file(),
        "{}: not there; `cargo test` builds it, `cargo test --test paper_tables` does not",
        path.display()
    );
    Command::new(path)
}

fn run(arguments: &[&str]) -> Output {
    paper_tables().args(arguments).output().unwrap()
}

#[track_caller]
fn succeeds(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The one line that a run which fails ends with.
#[track_caller]
fn fails(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(errors.lines().count(), 1, "{errors}");
    errors.trim_end().to_string()
}

/// The figures in a line of a results file, to the last digit.
fn figures_in(line: &str) -> String {
    let (_, figures) = line.split_once("\"figures\":").unwrap();
    figures.split_once(",\"memory\":").unwrap().0.to_string()
}

/// The figures of each run in a results file.
fn figures(path: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| {
            let record: Value = serde_json::from_str(line).unwrap();
            let id = record["id"].as_str().unwrap().to_string();
            (id, figures_in(line))
        })
        .collect()
}

/// Nines and eights that memae draws, as the four files of MNIST, `train` of each to train on.
fn digits(folder: &Path, train: usize) -> String {
    let folder = folder.join(format!("digits-{train}"));
    std::fs::create_dir(&folder).unwrap();
    let digits = DigitsConfig::default()
        .with_train_per_class(train)
        .with_test_per_class(40)
        .generate();
    for (name, images) in [("train", digits.train), ("t10k", digits.test)] {
        let chosen = [images.indices_of(8), images.indices_of(9)].concat();
        let images = images.select(&chosen);
        let pixels = (0..images.len()).flat_map(|index| images.pixels(index).to_vec());
        let pixels = IdxArray::new(vec![images.len(), 28, 28], pixels.collect()).unwrap();
        let labels = IdxArray::new(vec![images.len()], images.labels().to_vec()).unwrap();
        write_idx(folder.join(format!("{name}-images-idx3-ubyte")), &pixels).unwrap();
        write_idx(folder.join(format!("{name}-labels-idx1-ubyte")), &labels).unwrap();
    }
    folder.display().to_string()
}

/// A small table on digits in a folder.
fn table(data: &str) -> [&str; 9] {
    let [seeds, epochs] = [["--seeds", "1"], ["--epochs", "1"]];
    let [classes, data] = [["--classes", "9"], ["--data", data]];
    [
        "mnist", seeds[0], seeds[1], epochs[0], epochs[1], classes[0], classes[1], data[0], data[1],
    ]
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn version_of(version: &str) -> String {
    format!(r#""version":"{version}""#)
}

const FILE: &str = "mnist.jsonl";

#[test]
fn a_table_that_was_ended_goes_on_and_its_runs_can_be_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).display().to_string();
    let data = digits(folder.path(), 150);
    let table = table(&data);
    let whole = out("whole");
    let text = succeeds(&run(&[&table[..], &["--out", &whole]].concat()));
    let methods = [
        "AE",
        "MemAE-nonSpar",
        "MemAE",
        "MemAE, recommended",
        "PCA",
        "k-NN",
        "OC-SVM",
    ];
    assert!(
        text.contains(&format!("| class | {} |", methods.join(" | "))),
        "{text}"
    );
    // The paper has nothing on digits that are not MNIST's.
    assert!(!text.contains("paper"), "{text}");
    assert!(
        text.contains("Normal classes: 9. Passes of every network: 1. One seed."),
        "{text}"
    );
    assert!(!text.contains("Not whole"), "{text}");
    let page = std::fs::read_to_string(Path::new(&whole).join("mnist.md"));
    assert!(text.contains(&page.unwrap()));
    let picture = "mnist_epochs.png";
    assert!(text.contains(&format!("](<../whole/{picture}>)")), "{text}");
    assert!(Path::new(&whole).join(picture).is_file());
    let expected = figures(&Path::new(&whole).join(FILE));
    assert_eq!(expected.len(), methods.len());
    for (id, figures) in &expected {
        let figures: BTreeMap<String, Value> = serde_json::from_str(figures).unwrap();
        for figures in figures.values() {
            let auc = figures["AUC"].as_f64().unwrap();
            // After one pass networks know little.
            let least = if id.contains("AE") { 0.2 } else { 0.8 };
            assert!((least..=1.0).contains(&auc), "{id}: {auc}");
        }
    }

    // Ended after its first run, whichever that is.
    let resumed = out("resumed");
    let path = Path::new(&resumed).join(FILE);
    let mut process = paper_tables()
        .args([&table[..], &["--out", &resumed]].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while !path.is_file() {
        assert!(start.elapsed() < Duration::from_secs(300), "no first run");
        std::thread::sleep(Duration::from_millis(20));
    }
    process.kill().unwrap();
    process.wait().unwrap();
    let before = figures(&path).len();
    assert!((1..methods.len()).contains(&before), "{before} runs");
    let pages = out("pages");
    let resume = ["--out", &resumed, "--pages", &pages];
    let text = succeeds(&run(&[&table[..], &resume].concat()));
    let page = std::fs::read_to_string(Path::new(&pages).join("mnist.md"));
    assert!(page.unwrap().contains("](<../pages/mnist_epochs.png>)"));
    assert!(text.contains(&format!("7 runs, {before} of them there already")));
    assert_eq!(figures(&path), expected);

    // The command in a line, as a shell would take it apart.
    let text = std::fs::read_to_string(&path).unwrap();
    let line = text.lines().find(|line| line.contains("recommended"));
    let line = line.unwrap();
    let record: Value = serde_json::from_str(line).unwrap();
    let command = record["command"].as_str().unwrap();
    let (_, arguments) = command.split_once(" -- ").unwrap();
    let (arguments, id) = arguments.split_once(" --run '").unwrap();
    let mut arguments: Vec<&str> = arguments.split(' ').collect();
    arguments.extend(["--run", id.strip_suffix('\'').unwrap()]);
    let again = succeeds(&run(&arguments));
    assert_eq!(figures_in(&again), figures_in(line));
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["id"], record["id"]);

    results_that_do_not_fit(&path, &data);
}

/// `path`: a whole file of the small table.
fn results_that_do_not_fit(path: &Path, data: &str) {
    let table = table(data);
    let folder = path.parent().unwrap().display().to_string();
    let with_out = |table: &[&str]| -> String {
        let table: Vec<&str> = [table, &["--out", &folder]].concat();
        fails(&table)
    };
    let shown = path.display();
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();

    let mut longer = table;
    longer[4] = "2";
    let other = with_out(&longer);
    assert!(
        other.starts_with(&format!("error: {shown}: line 1, column ")),
        "{other}"
    );
    assert!(
        other.contains("found other settings than those of the run"),
        "{other}"
    );

    let version = lines[1].replacen(&version_of(VERSION), &version_of("0.0.9"), 1);
    assert_ne!(version, lines[1]);
    let second = std::mem::replace(&mut lines[1], &version);
    std::fs::write(path, lines.join("\n")).unwrap();
    assert_eq!(
        with_out(&table),
        format!(
            "error: {shown}: line 2, column 2: found results of version 0.0.9 (format 1), expected \
             {VERSION} (format 1); move the file away or give another --out"
        )
    );

    lines[1] = &second[..40];
    std::fs::write(path, lines.join("\n")).unwrap();
    let cut = with_out(&table);
    assert!(
        cut.starts_with(&format!(
            "error: {shown}: line 2, column 40: EOF while parsing"
        )),
        "{cut}"
    );

    lines[1] = lines[0];
    std::fs::write(path, lines.join("\n")).unwrap();
    let twice = with_out(&table);
    assert!(
        twice.contains("line 2, column ") && twice.contains("a second time"),
        "{twice}"
    );

    let data = text.replacen(r#""data":"IDX files""#, r#""data":"MNIST""#, 1);
    std::fs::write(path, data).unwrap();
    let data = with_out(&table);
    assert!(data.contains("found results on MNIST ("), "{data}");
    assert!(data.contains("), expected IDX files ("), "{data}");

    let device = text.replacen(r#""device":"flex""#, r#""device":"abacus""#, 1);
    std::fs::write(path, device).unwrap();
    let device = with_out(&table);
    assert!(
        device.contains("found results of the device abacus, expected flex"),
        "{device}"
    );

    let seconds = text.replacen(r#""seconds":"#, r#""seconds":-"#, 1);
    std::fs::write(path, seconds).unwrap();
    let seconds = with_out(&table);
    assert!(seconds.contains("seconds, expected a time"), "{seconds}");
}

#[test]
fn arguments_that_do_not_fit_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().display().to_string();
    assert_eq!(
        fails(&["mnist", "--classes", "9,12", "--out", &out]),
        "error: --classes: found 12, expected some of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    );
    assert_eq!(
        fails(&["kddcup", "--out", &out]),
        "error: kddcup: found no --data, expected kddcup.data_10_percent.gz or its folder"
    );
    assert_eq!(
        fails(&["cifar10", "--out", &out]),
        "error: cifar10: found no --data, expected the folder of CIFAR-10's binary version, or one \
         with class folders"
    );
    assert_eq!(
        fails(&["mnist", "--classes", "9,9", "--out", &out]),
        "error: --classes: found 9 twice, expected each class once"
    );
    assert_eq!(
        fails(&["video", "--classes", "9", "--out", &out]),
        "error: --classes: found for video, expected for tables of images only"
    );
    let unknown = fails(&["mnist", "--run", "AE/9/7"]);
    assert!(unknown.starts_with("error: --run: found AE/9/7, expected one of the table's runs"));
    let missing = fails(&["mnist", "--data", "no/such/folder", "--out", &out]);
    assert!(missing.contains("no/such/folder"), "{missing}");
    // Nothing was begun.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let batch = folder.path().join("data_batch_1.bin");
    std::fs::write(&batch, [0; 3073]).unwrap();
    let incomplete = fails(&["cifar10", "--data", &out, "--out", &out]);
    assert!(incomplete.contains("data_batch_2.bin"), "{incomplete}");
}

#[test]
fn a_run_that_fails_ends_the_table_and_says_which_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out").display().to_string();
    // Two classes of a few images each: fewer than there are memory items.
    let data = class_folders(folder.path(), 6);
    let data = data.display().to_string();
    let error = fails(&[
        "cifar10",
        "--data",
        &data,
        "--classes",
        "a",
        "--seeds",
        "1",
        "--epochs",
        "1",
        "--out",
        &out,
    ]);
    // A plain autoencoder needs no items; which of the others came first is chance.
    assert!(
        error.starts_with("error: run MemAE, recommended/a/0: "),
        "{error}"
    );
    let page = std::fs::read_to_string(Path::new(&out).join("cifar10.md")).unwrap();
    assert!(page.contains("**Not whole: "), "{page}");
}

/// Grey squares of two classes in `train` and `test`.
fn class_folders(folder: &Path, images: u32) -> PathBuf {
    let root = folder.join("images");
    for set in ["train", "test"] {
        for (class, level) in [("a", 40), ("b", 200)] {
            let folder = root.join(set).join(class);
            std::fs::create_dir_all(&folder).unwrap();
            for index in 0..images {
                let pixel = |x: u32, y: u32| image::Luma([(level + x * index + y) as u8]);
                let picture = image::GrayImage::from_fn(8, 8, pixel);
                picture.save(folder.join(format!("{index}.png"))).unwrap();
            }
        }
    }
    root
}

#[test]
fn a_run_on_class_folders() {
    let folder = tempfile::tempdir().unwrap();
    let data = class_folders(folder.path(), 12).display().to_string();
    let arguments = ["cifar10", "--data", &data, "--seeds", "1", "--epochs", "1"];
    let line = succeeds(&run(&[&arguments[..], &["--run", "AE/b/0"]].concat()));
    let record: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(record["data"], "class folders");
    assert!(record["figures"]["reconstruction error"]["AUC"].is_number());
    let unknown = fails(&["cifar10", "--data", &data, "--classes", "c"]);
    assert_eq!(unknown, "error: --classes: found c, expected some of a, b");
}

/// Connections whose numbers tell attacks from the rest.
fn connections(rows: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        let is_attack = row % 5 != 0;
        let fields = Kddcup99::FEATURES
            .iter()
            .enumerate()
            .map(|(index, name)| match *name {
                "protocol_type" => "tcp".to_string(),
                "service" => "http".to_string(),
                "flag" => "SF".to_string(),
                "land" | "logged_in" | "is_guest_login" | "is_host_login" => "0".to_string(),
                _ => (if is_attack { row % 3 } else { 40 + row % 7 } * (index + 1)).to_string(),
            });
        let fields: Vec<String> = fields.collect();
        let label = if is_attack { "smurf." } else { "normal." };
        writeln!(text, "{},{label}", fields.join(",")).unwrap();
    }
    text
}

#[test]
fn runs_on_network_connections() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kddcup.data_10_percent");
    std::fs::write(&file, connections(600)).unwrap();
    let data = file.display().to_string();
    let arguments = ["kddcup", "--data", &data, "--seeds", "1", "--epochs", "2"];
    for method in ["MemAE", "MemAE, log", "PCA", "k-NN, log"] {
        let id = format!("{method}/0");
        let line = succeeds(&run(&[&arguments[..], &["--run", &id]].concat()));
        let record: Value = serde_json::from_str(&line).unwrap();
        for (rule, figures) in record["figures"].as_object().unwrap() {
            let figure = |name: &str| figures[name].as_f64().unwrap();
            let (precision, recall) = (figure("precision"), figure("recall"));
            let mean = match precision + recall > 0.0 {
                true => 2.0 * precision * recall / (precision + recall),
                false => 0.0,
            };
            assert!((figure("F1") - mean).abs() < 1e-9, "{method}, {rule}");
            // What is normal here lies far away from all attacks.
            if ["score", "reconstruction error"].contains(&rule.as_str()) {
                assert!(figures["AUC"].as_f64().unwrap() > 0.95, "{method}, {rule}");
                assert!(figures["F1"].as_f64().unwrap() > 0.9, "{method}, {rule}");
                assert!(figure("average precision") > 0.9, "{method}, {rule}");
            }
        }
    }

    let damaged = connections(30).replacen(",http,", ",gopher-over-carrier,", 9);
    std::fs::write(&file, damaged).unwrap();
    let error = fails(&["kddcup", "--data", &data]);
    assert!(
        error.starts_with(&format!("error: {data}: line 1, column 3 (service): ")),
        "{error}"
    );
}

#[test]
fn settings_are_swept() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().display().to_string();
    let data = digits(folder.path(), 1100);
    let mut arguments = table(&data);
    arguments[0] = "memory-size";
    let text = succeeds(&run(&[&arguments[..], &["--out", &out]].concat()));
    for items in [10, 20, 50, 100, 200, 500, 1000] {
        assert!(text.contains(&format!("\n| {items} | 0.")), "{text}");
        let by_rule = format!("\n| {items} | MemAE, recommended | 0.");
        assert!(text.contains(&by_rule), "{text}");
    }
    assert!(text.contains("MemAE, class 9: AUC"), "{text}");
    let name = "memory-size";
    assert!(text.contains(&format!("/{name}_1.png>)")), "{text}");
    image::open(folder.path().join(format!("{name}_1.png"))).unwrap();
}

#[test]
fn a_results_file_is_for_one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().display().to_string();
    let data = digits(folder.path(), 5);
    let table = table(&data);
    let lock = folder.path().join("mnist.lock");
    let file = std::fs::File::create(&lock).unwrap();
    file.lock().unwrap();
    assert_eq!(
        fails(&[&table[..], &["--out", &out]].concat()),
        format!(
            "error: {}: found in use by another process, expected one at a time; give another --out",
            lock.display()
        )
    );
}

#[test]
fn a_run_ends_with_its_input() {
    let mut process = paper_tables()
        .args(["mnist", "--classes", "9", "--epochs", "1000"])
        .args(["--run", "AE/9/0", "--end-with-input"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(process.try_wait().unwrap().is_none());
    drop(process.stdin.take());
    let start = Instant::now();
    while process.try_wait().unwrap().is_none() {
        let waited = start.elapsed();
        if waited > Duration::from_secs(60) {
            process.kill().unwrap();
            panic!("still there after {waited:?}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
