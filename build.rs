//! Writes copies of the README and the guide that hold their pictures, for the API documentation.
//!
//! Rustdoc puts neither pictures nor other pages beside its own, so that relative links lead nowhere in `cargo doc`
//! and on docs.rs. In the copies a picture is a data URI, and a link to a page of the guide is one to its module in
//! `src/guide.rs`. Only documentation and doctests include them.

use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

fn main() -> Result<(), Box<dyn Error>> {
    for source in ["build.rs", "README.md", "docs"] {
        println!("cargo::rerun-if-changed={source}");
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    for page in ["README.md", "docs/README.md"] {
        embed(page.as_ref(), &out)?;
    }
    for folder in ["docs/guide", "docs/results"] {
        for entry in fs::read_dir(folder).map_err(|error| format!("{folder}: {error}"))? {
            let page = entry?.path();
            if page.extension() == Some(OsStr::new("md")) {
                embed(&page, &out)?;
            }
        }
    }
    Ok(())
}

/// Writes the copy of a page to the same place below `out`.
fn embed(page: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let at_page = |error: std::io::Error| format!("{}: {error}", page.display());
    let text = fs::read_to_string(page).map_err(at_page)?;
    let folder = page.parent().unwrap_or(Path::new(""));
    let copy = out.join(page);
    fs::create_dir_all(copy.parent().unwrap_or(out))?;
    fs::write(copy, with_links(&text, folder).map_err(at_page)?)?;
    Ok(())
}

/// The text of a page in `folder`, with links that hold in the API documentation.
fn with_links(text: &str, folder: &Path) -> std::io::Result<String> {
    let mut copy = String::with_capacity(text.len());
    let mut rest = text;
    // Where the labels that are not closed yet begin in the copy.
    let mut labels = Vec::new();
    while let Some(next) = rest.find(['`', '[', ']']) {
        copy.push_str(&rest[..next]);
        rest = &rest[next..];
        if rest.starts_with('`') {
            let code = code_len(rest);
            copy.push_str(&rest[..code]);
            rest = &rest[code..];
        } else if rest.starts_with('[') {
            labels.push(copy.len());
            copy.push('[');
            rest = &rest[1..];
        } else {
            match (labels.pop(), inline_target(rest)) {
                (Some(label), Some((target, after))) => {
                    let picture = copy[..label].ends_with('!');
                    match new_target(target, folder, picture)? {
                        Some(target) => copy.push_str(&format!("]({target})")),
                        None => drop(copy.remove(label)),
                    }
                    rest = after;
                }
                _ => {
                    copy.push(']');
                    rest = &rest[1..];
                }
            }
        }
    }
    copy.push_str(rest);
    Ok(copy)
}

/// The length of the code that begins with the backticks at the start of `text`: a span or a fenced block, or the
/// backticks alone if as many never follow.
fn code_len(text: &str) -> usize {
    let run = |text: &str| text.len() - text.trim_start_matches('`').len();
    let fence = run(text);
    let mut at = fence;
    while let Some(next) = text[at..].find('`') {
        at += next;
        let closing = run(&text[at..]);
        at += closing;
        if closing == fence {
            return at;
        }
    }
    fence
}

/// The target of an inline link whose label ends at the start of `text`, and what follows the link.
fn inline_target(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix("](")?;
    match inside.strip_prefix('<') {
        Some(inside) => inside.split_once(">)"),
        None => inside.split_once(')'),
    }
}

/// What a target becomes; nothing where it can't be reached from the API documentation.
fn new_target(target: &str, folder: &Path, picture: bool) -> std::io::Result<Option<String>> {
    if target.starts_with('#') || target.contains("://") {
        return Ok(Some(target.to_string()));
    }
    let (file, anchor) = match target.split_once('#') {
        Some((file, _)) => (file, &target[file.len()..]),
        None => (target, ""),
    };
    let file = within_package(&folder.join(file));
    if picture {
        return data_uri(&file).map(Some);
    }
    Ok(module(&file).map(|module| format!("{module}{anchor}")))
}

/// A path without `.` and `..`.
fn within_package(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

/// The module whose documentation is a page.
fn module(page: &Path) -> Option<String> {
    if page.extension() != Some(OsStr::new("md")) {
        return None;
    }
    let name = page.file_stem()?.to_str()?.replace('-', "_");
    let is_in = |folder: &str| page.parent() == Some(Path::new(folder));
    if page == Path::new("README.md") {
        Some("crate".to_string())
    } else if page == Path::new("docs/README.md") {
        Some("crate::guide".to_string())
    } else if is_in("docs/guide") {
        Some(format!("crate::guide::{name}"))
    } else if is_in("docs/results") {
        Some(format!("crate::guide::results::{name}"))
    } else {
        None
    }
}

/// A picture as a target that needs no file.
fn data_uri(picture: &Path) -> std::io::Result<String> {
    let at_picture = |error: std::io::Error| {
        std::io::Error::new(error.kind(), format!("{}: {error}", picture.display()))
    };
    let kind = match picture.extension().and_then(OsStr::to_str) {
        Some("png") => "png",
        Some("svg") => "svg+xml",
        _ => {
            let message = format!("{}: expected a PNG or an SVG", picture.display());
            return Err(std::io::Error::other(message));
        }
    };
    let bytes = fs::read(picture).map_err(at_picture)?;
    Ok(format!(
        "data:image/{kind};base64,{}",
        BASE64_STANDARD.encode(bytes)
    ))
}
