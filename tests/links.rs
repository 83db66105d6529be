//! The links and pictures of the README and the guide lead somewhere: as files, in the book and in the API documentation.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What a page holds.
#[derive(Default)]
struct Page {
    links: Vec<String>,
    pictures: Vec<String>,
    /// The anchors of its headings.
    anchors: Vec<String>,
    /// What a reader sees.
    text: String,
    /// HTML, in which no link would be looked at.
    html: Vec<String>,
}

impl Page {
    fn parse(markdown: &str) -> Self {
        let mut page = Page::default();
        let mut heading = None;
        let mut times = HashMap::new();
        for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. }) => page.links.push(dest_url.to_string()),
                Event::Start(Tag::Image { dest_url, .. }) => {
                    page.pictures.push(dest_url.to_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let anchor = anchor(&heading.take().unwrap_or_default());
                    let times = times.entry(anchor.clone()).or_insert(0);
                    page.anchors.push(match *times {
                        0 => anchor,
                        before => format!("{anchor}-{before}"),
                    });
                    *times += 1;
                }
                Event::Text(text) | Event::Code(text) => {
                    page.text.push_str(&text);
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                Event::Html(html) | Event::InlineHtml(html) => page.html.push(html.to_string()),
                _ => {}
            }
        }
        page
    }

    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(root().join(path));
        Self::parse(&text.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    }

    /// All relative targets.
    fn relative(&self) -> impl Iterator<Item = &str> {
        let targets = self.links.iter().chain(&self.pictures);
        targets
            .map(String::as_str)
            .filter(|target| !target.contains("://"))
    }

    /// What a reader of the page, as a file in `folder`, does not find.
    fn broken(&self, folder: &Path) -> Vec<String> {
        let mut broken = self.html.clone();
        for target in self.relative() {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = within(&folder.join(file));
            let found = match (file, anchor) {
                ("", anchor) => self.has(anchor),
                (_, "") => root().join(path).is_file(),
                (_, anchor) => root().join(&path).is_file() && Page::read(&path).has(anchor),
            };
            if !found {
                broken.push(target.to_string());
            }
        }
        broken
    }

    fn has(&self, anchor: &str) -> bool {
        self.anchors.iter().any(|of_page| of_page == anchor)
    }
}

/// The anchor of a heading, as viewers of Markdown, mdBook and rustdoc make it.
fn anchor(heading: &str) -> String {
    let kept = heading
        .trim()
        .chars()
        .filter_map(|character| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            _ => character.is_alphanumeric().then_some(character),
        });
    kept.flat_map(char::to_lowercase).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A path without `.` and `..`.
fn within(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => assert!(plain.pop(), "{} leaves the package", path.display()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

/// The Markdown files of a folder, by their paths in the package.
fn markdown(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder of the package");
    let names = entries.map(|entry| entry.expect("an entry of the folder").file_name());
    names
        .map(|name| Path::new(folder).join(name))
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect()
}

/// The pages of the guide.
fn guide() -> BTreeSet<PathBuf> {
    let folders = ["docs/guide", "docs/results"]
        .into_iter()
        .flat_map(markdown);
    folders.chain([PathBuf::from("docs/README.md")]).collect()
}

/// All pages, and the READMEs of the crates that have one.
fn pages() -> BTreeSet<PathBuf> {
    let crates = fs::read_dir(root().join("crates")).into_iter().flatten();
    let readmes = crates
        .map(|entry| {
            Path::new("crates")
                .join(entry.expect("a crate").file_name())
                .join("README.md")
        })
        .filter(|path| root().join(path).is_file());
    let mut pages = guide();
    pages.extend(["README.md", "CHANGELOG.md", "docs/SUMMARY.md"].map(PathBuf::from));
    pages.extend(readmes);
    pages
}

#[test]
fn links_and_pictures_lead_to_files_and_headings() {
    let mut relative = 0;
    for path in pages() {
        let page = Page::read(&path);
        let folder = path.parent().expect("a file");
        assert_eq!(page.broken(folder), [""; 0], "{}", path.display());
        relative += page.relative().count();
    }
    assert!(relative > 50, "{relative} relative links and pictures");
}

#[test]
fn what_is_broken_is_found() {
    let page = Page::parse(
        "# A heading: of *many* `words`\n\n# Twice\n\n# Twice\n\n\
         [here](#a-heading-of-many-words) [again](#twice-1) [page](memory.md) [heading](memory.md#the-choices)\n\
         ![picture](../images/memory.png) [elsewhere](https://burn.dev/#none) `[code](none.md)`\n\n\
         ```rust\n[code](none.md)\n```\n\n\
         | table |\n|---|\n| [page](none.md) |\n\n\
         [no heading](#thrice) [nor there](memory.md#none) [nor in a folder](../images)\n\
         ![picture](../images/none.png) [on two\nlines](<../results/none.md>) <img src=\"none.png\">\n",
    );
    let broken = page.broken(Path::new("docs/guide"));
    let expected = [
        "<img src=\"none.png\">",
        "none.md",
        "#thrice",
        "memory.md#none",
        "../images",
        "../results/none.md",
        "../images/none.png",
    ];
    assert_eq!(broken, expected);
}

#[test]
fn pages_are_plain_markdown() {
    for path in pages() {
        let text = fs::read_to_string(root().join(&path)).expect("a page");
        assert!(
            !text.contains("{{#"),
            "{}: a directive of mdBook",
            path.display()
        );
    }
}

#[test]
fn the_book_has_every_page_and_nothing_outside() {
    let summary = Page::read(Path::new("docs/SUMMARY.md"));
    let in_book: BTreeSet<PathBuf> = summary
        .links
        .iter()
        .map(|link| Path::new("docs").join(link))
        .collect();
    assert_eq!(in_book, guide());
    assert_eq!(
        in_book.len(),
        summary.links.len(),
        "a page stands there twice"
    );
    for path in in_book {
        let folder = path.parent().expect("a file");
        for target in Page::read(&path).relative() {
            let target = within(&folder.join(target));
            assert!(
                target.starts_with("docs"),
                "{}: {}",
                path.display(),
                target.display()
            );
        }
    }
}

#[test]
fn the_api_documentation_has_every_page() {
    let modules = include_str!("../src/guide.rs");
    for page in guide() {
        let include = format!("\"/{}\"", page.display());
        assert_eq!(modules.matches(&include).count(), 1, "{include}");
    }
}

/// The copies that the build script writes are the pages with other targets, none of which is a file.
#[test]
fn pages_of_the_api_documentation_need_no_files() {
    let mut pictures = 0;
    for path in guide().into_iter().chain([PathBuf::from("README.md")]) {
        let page = Page::read(&path);
        let copy = Page::read(&Path::new(env!("OUT_DIR")).join(&path));
        assert_eq!(copy.text, page.text, "{}", path.display());
        assert_eq!(
            copy.pictures.len(),
            page.pictures.len(),
            "{}",
            path.display()
        );
        for (copy, picture) in copy.pictures.iter().zip(&page.pictures) {
            let start = match picture.ends_with(".svg") {
                true => "data:image/svg+xml;base64,PHN2Zy",
                false => "data:image/png;base64,iVBORw0KGgo",
            };
            assert!(copy.starts_with(start), "{}: {picture}", path.display());
        }
        for target in &copy.links {
            let starts = ["https://", "#", "crate"];
            let holds = starts.iter().any(|start| target.starts_with(start));
            assert!(
                holds && !target.ends_with(".md"),
                "{}: {target}",
                path.display()
            );
        }
        // What is neither a page nor on the web, such as a licence, has no place there.
        let lasting =
            |link: &&String| link.contains("://") || link.starts_with('#') || link.contains(".md");
        let expected = page.links.iter().filter(lasting).count();
        assert_eq!(copy.links.len(), expected, "{}", path.display());
        pictures += copy.pictures.len();
    }
    assert!(pictures > 10, "{pictures} pictures");
}
