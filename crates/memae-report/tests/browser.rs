//! The page as a browser shows it: Chromium without a window. Without one the tests say so and pass.
//!
//! `MEMAE_BROWSER` names another browser than the one found on PATH.

mod dom;
mod made;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dom::{Element, parsed};

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
/// Longer than any browser takes; one that hangs is an error and not a wait for ever.
const PATIENCE: Duration = Duration::from_secs(180);

/// The browser, or `None` with a line that says so.
fn browser() -> Option<PathBuf> {
    if let Some(browser) = std::env::var_os("MEMAE_BROWSER") {
        return Some(browser.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|file| file.is_file());
    if found.is_none() {
        println!("skipped: none of {} is on PATH", NAMES.join(", "));
    }
    found
}

/// The elements of a page after the browser has loaded it, and what it logged.
fn opened(browser: &Path, folder: &Path, page: &str, options: &[&str]) -> (Vec<Element>, String) {
    let file = folder.join("page.html");
    fs::write(&file, page).unwrap();
    let (shown, log) = (folder.join("shown"), folder.join("log"));
    let mut process = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--dump-dom",
        ])
        .args([
            "--enable-logging=stderr",
            "--window-size=1400,1000",
            "--hide-scrollbars",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.join("profile").display()
        ))
        .args(options)
        .arg(format!("file://{}", file.display()))
        .stdin(Stdio::null())
        .stdout(File::create(&shown).unwrap())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let start = Instant::now();
    let status = loop {
        if let Some(status) = process.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > PATIENCE {
            process.kill().unwrap();
            process.wait().unwrap();
            panic!("{} hangs", browser.display());
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let log = String::from_utf8_lossy(&fs::read(&log).unwrap()).into_owned();
    assert!(status.success(), "{log}");
    (parsed(&fs::read_to_string(&shown).unwrap()).0, log)
}

/// The lines that the page itself is to blame for.
fn complaints(log: &str) -> Vec<&str> {
    let lines = log.lines();
    lines
        .filter(|line| line.contains("CONSOLE") || line.contains("Content Security Policy"))
        .collect()
}

#[test]
fn the_page_opens_without_a_complaint() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = made::full("a <b> & \"c\"", 0.4).render().unwrap();
    let (elements, log) = opened(&browser, folder.path(), &page, &[]);
    assert_eq!(complaints(&log), Vec::<&str>::new());
    // The browser's parser has read what ours reads.
    let shape = |elements: &[Element]| -> Vec<(String, usize, String)> {
        let named = elements.iter().map(|element| {
            (
                element.name.clone(),
                element.within.len(),
                element.text.trim().to_string(),
            )
        });
        named.collect()
    };
    assert_eq!(shape(&elements), shape(&parsed(&page).0));
    let ids: Vec<&str> = elements
        .iter()
        .filter_map(|element| element.attribute("id"))
        .collect();
    assert_eq!(
        ids,
        [
            "verdicts",
            "threshold",
            "scores",
            "quality",
            "videos",
            "columns",
            "memory",
            "left-out"
        ]
    );
}

#[test]
fn a_script_in_the_page_would_not_run() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let script =
        "<script>document.title = 'it ran'</script><img src=\"https://example.invalid/a.png\">";
    let page = made::full("text", 0.4)
        .render()
        .unwrap()
        .replace("</main>", &format!("{script}</main>"));
    let (elements, log) = opened(&browser, folder.path(), &page, &[]);
    let title = elements
        .iter()
        .find(|element| element.name == "title")
        .unwrap();
    assert_eq!(title.text, "text");
    assert!(complaints(&log).len() >= 2, "{log}");
}

/// A page that shows a report in a frame of its own and measures it.
fn measuring(report: &str, width: u32) -> String {
    let source = report.replace('&', "&amp;").replace('"', "&quot;");
    format!(
        r#"<!doctype html><meta charset="utf-8"><pre id="out"></pre>
<iframe id="frame" width="{width}" height="900" style="border:0" srcdoc="{source}"></iframe>
<script>
addEventListener("load", () => {{
  const page = document.getElementById("frame").contentDocument;
  const box = element => element.getBoundingClientRect();
  const meet = (one, other) => one.left < other.right - 0.5 && other.left < one.right - 0.5
    && one.top < other.bottom - 0.5 && other.top < one.bottom - 0.5;
  const lines = [
    "width " + page.documentElement.scrollWidth,
    "broken " + [...page.images].filter(image => !image.naturalWidth).length,
    "paper " + page.defaultView.getComputedStyle(page.body).backgroundColor,
    "smallest " + Math.min(...[...page.querySelectorAll("text, p, dt, dd, li, td, th, figcaption")]
      .map(element => parseFloat(page.defaultView.getComputedStyle(element).fontSize))),
  ];
  for (const plot of page.querySelectorAll("svg.plot")) {{
    const texts = [...plot.querySelectorAll("text")].filter(text => box(text).width > 0);
    texts.forEach((one, at) => {{
      if (box(one).left < 0 || box(one).right > {width}) lines.push("outside " + one.textContent);
      for (const other of texts.slice(at + 1)) {{
        if (meet(box(one), box(other))) lines.push("overlap " + one.textContent + " | " + other.textContent);
      }}
    }});
    lines.push("plot " + (box(plot).width > 150 && box(plot).height > 80));
  }}
  document.getElementById("out").textContent = lines.join("\n");
}});
</script>"#
    )
}

fn measured(browser: &Path, report: &str, width: u32, scheme: u32) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let scheme = format!("--blink-settings=preferredColorScheme={scheme}");
    let (elements, _) = opened(
        browser,
        folder.path(),
        &measuring(report, width),
        &[&scheme],
    );
    let out = elements
        .into_iter()
        .find(|element| element.attribute("id") == Some("out"))
        .unwrap();
    out.text.lines().map(str::to_string).collect()
}

#[test]
fn narrow_and_wide_windows_hold_everything() {
    let Some(browser) = browser() else { return };
    for name in ["plate 7.png", &"a_name_without_an_end_".repeat(40)] {
        for number in [0.4, 1.234e-7] {
            let report = made::full(name, number).render().unwrap();
            for width in [360, 1200] {
                let lines = measured(&browser, &report, width, 1);
                assert_eq!(lines[0], format!("width {width}"), "{name}");
                assert_eq!(lines[1], "broken 0");
                let smallest: f64 = lines[3].strip_prefix("smallest ").unwrap().parse().unwrap();
                assert!(smallest >= 12.0, "{smallest}");
                assert_eq!(lines[4..], ["plot true"; 4], "{name} {number} {width}");
            }
        }
    }
}

#[test]
fn light_and_dark_follow_the_system() {
    let Some(browser) = browser() else { return };
    let report = made::full("text", 0.4).render().unwrap();
    let mut papers = [0, 1].map(|scheme| measured(&browser, &report, 900, scheme)[2].clone());
    papers.sort();
    assert_eq!(
        papers,
        ["paper rgb(19, 19, 22)", "paper rgb(246, 246, 244)"]
    );
}
