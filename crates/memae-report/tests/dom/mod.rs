//! A page as a browser's parser reads it.

use html5ever::parse_document;
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// An element with all that is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    pub name: String,
    /// Names and values, in the order of the page.
    pub attributes: Vec<(String, String)>,
    /// All text within, tags left out.
    pub text: String,
    /// Names of the elements that it lies in, from the outermost.
    pub within: Vec<String>,
    /// Names of the elements directly in it.
    pub children: Vec<String>,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self
            .attributes
            .iter()
            .find(|(attribute, _)| attribute == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// All elements of a page in their order, and what the parser had to mend.
pub fn parsed(page: &str) -> (Vec<Element>, Vec<String>) {
    let document = parse_document(RcDom::default(), Default::default()).one(page);
    let mut elements = Vec::new();
    collect(&document.document, &mut Vec::new(), &mut elements);
    let errors = document
        .errors
        .borrow()
        .iter()
        .map(|error| error.to_string())
        .collect();
    (elements, errors)
}

fn collect(node: &Handle, within: &mut Vec<String>, elements: &mut Vec<Element>) {
    let mut entered = false;
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let name = name.local.to_string();
        let attributes = attrs.borrow();
        let attributes = attributes
            .iter()
            .map(|one| (one.name.local.to_string(), one.value.to_string()));
        let children = node.children.borrow();
        let children = children.iter().filter_map(|child| match &child.data {
            NodeData::Element { name, .. } => Some(name.local.to_string()),
            _ => None,
        });
        elements.push(Element {
            name: name.clone(),
            attributes: attributes.collect(),
            text: text(node),
            within: within.clone(),
            children: children.collect(),
        });
        within.push(name);
        entered = true;
    }
    for child in node.children.borrow().iter() {
        collect(child, within, elements);
    }
    if entered {
        within.pop();
    }
}

fn text(node: &Handle) -> String {
    match &node.data {
        NodeData::Text { contents } => contents.borrow().to_string(),
        _ => node.children.borrow().iter().map(text).collect(),
    }
}
