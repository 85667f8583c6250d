//! YAML as a tree, bounded: a small file that says it is a large one is refused.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

/// Deepest nesting that is read.
const DEEPEST: usize = 64;
/// Most nodes of a document, those that aliases repeat counted each time.
const MOST_NODES: usize = 500_000;

/// A piece of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// A text, number or truth value, as it is written; whether in quotes.
    Scalar(String, Quoted),
    /// A list.
    List(Vec<Self>),
    /// A mapping, in the order of the file.
    Map(Vec<(String, Self)>),
}

/// Whether a scalar was written in quotes (or as a block), and so is nothing but text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoted {
    Yes,
    No,
}

/// A text that is no YAML, or too much of it; in words, with the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {words}")]
pub(crate) struct NotYaml {
    line: usize,
    words: String,
}

impl Node {
    /// An entry of a mapping; of several of one name, the last, as other readers have it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => {
                entries.iter().rev().find(|(name, _)| name == key).map(|(_, node)| node)
            }
            Self::Scalar(..) | Self::List(_) => None,
        }
    }

    /// The first entry that is there, of several names for one thing.
    pub(crate) fn any(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().find_map(|key| self.get(key))
    }

    /// A text as it is written. Nothing written (`key:`) is no text.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Scalar(text, quoted) => {
                let is_nothing =
                    *quoted == Quoted::No && matches!(text.as_str(), "" | "~" | "null");
                (!is_nothing).then_some(text.trim())
            }
            Self::List(_) | Self::Map(_) => None,
        }
    }

    /// An entry's text.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Self::text)
    }

    /// A number.
    pub(crate) fn number(&self) -> Option<f64> {
        self.text()?.parse().ok().filter(|it: &f64| it.is_finite())
    }

    /// Yes or no, in all the ways of YAML 1.1.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self.text()?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }

    /// The items of a list; a single thing is a list of one, nothing an empty one.
    pub(crate) fn items(&self) -> Vec<&Self> {
        match self {
            Self::List(items) => items.iter().collect(),
            Self::Scalar(..) if self.text().is_none() => Vec::new(),
            Self::Scalar(..) | Self::Map(_) => vec![self],
        }
    }

    /// The keys of a mapping, in the order of the file.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let entries = match self {
            Self::Map(entries) => entries.as_slice(),
            Self::Scalar(..) | Self::List(_) => &[],
        };
        entries.iter().map(|(key, _)| key.as_str())
    }
}

/// Reads the first document of a text.
pub(crate) fn read(text: &str) -> Result<Node, NotYaml> {
    let mut tree = Tree::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| NotYaml {
            line: error.marker().line(),
            words: error.info().to_owned(),
        })?;
        let line = span.start.line();
        match event {
            Event::DocumentEnd | Event::StreamEnd => break,
            event => tree.take(event).map_err(|words| NotYaml { line, words })?,
        }
    }
    Ok(tree.root.unwrap_or_else(|| Node::List(Vec::new())))
}

/// A tree that grows.
#[derive(Default)]
struct Tree {
    root: Option<Node>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
}

/// A list or mapping that has not ended.
struct Open {
    node: Node,
    anchor: usize,
    /// A key whose value has not come.
    key: Option<String>,
    /// How many nodes there were when it began.
    since: usize,
}

impl Tree {
    fn take(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = scalar(&text, style, tag.as_deref());
                self.count(1)?;
                self.keep(anchor, &node, 1);
                self.place(node)
            }
            Event::SequenceStart(anchor, _) => self.begin(Node::List(Vec::new()), anchor),
            Event::MappingStart(anchor, _) => self.begin(Node::Map(Vec::new()), anchor),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).cloned();
                let (node, size) = known.ok_or("an alias names itself or nothing")?;
                self.count(size)?;
                self.place(node)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn count(&mut self, nodes: usize) -> Result<(), String> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MOST_NODES {
            Err("there is too much in this file".to_owned())
        } else {
            Ok(())
        }
    }

    fn keep(&mut self, anchor: usize, node: &Node, size: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
    }

    fn begin(&mut self, node: Node, anchor: usize) -> Result<(), String> {
        if self.open.len() >= DEEPEST {
            return Err("this is nested too deeply".to_owned());
        }
        let since = self.nodes;
        self.count(1)?;
        self.open.push(Open { node, anchor, key: None, since });
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        self.keep(open.anchor, &open.node, self.nodes.saturating_sub(open.since));
        self.place(open.node)
    }

    fn place(&mut self, node: Node) -> Result<(), String> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node, open.key.take()) {
            (Node::List(items), _) => items.push(node),
            (Node::Map(entries), Some(key)) => merge_or_add(entries, key, node),
            (Node::Map(_), None) => match node {
                Node::Scalar(key, _) => open.key = Some(key),
                Node::List(_) | Node::Map(_) => return Err("a key has to be a text".to_owned()),
            },
            (Node::Scalar(..), _) => {}
        }
        Ok(())
    }
}

/// `<<: *defaults` takes in the entries of another mapping, behind those that are there.
fn merge_or_add(entries: &mut Vec<(String, Node)>, key: String, node: Node) {
    match node {
        Node::Map(others) if key == "<<" => {
            let mut merged = others;
            merged.append(entries);
            *entries = merged;
        }
        node => entries.push((key, node)),
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Node {
    let quoted = if style == ScalarStyle::Plain { Quoted::No } else { Quoted::Yes };
    match tag {
        // `!secret name`, `!input name`: what stands behind it is not in this file.
        Some(tag) if tag.handle == "!" => {
            Node::Scalar(format!("{{{{ !{} {text} }}}}", tag.suffix), Quoted::Yes)
        }
        _ => Node::Scalar(text.to_owned(), quoted),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_file_is_read_as_a_tree() {
        let node = read("- a: 'on'\n  b: [1, two]\n  c:\n- x").unwrap();
        let items = node.items();
        assert_eq!(items[0].text_of("a"), Some("on"));
        assert_eq!(items[0].get("b").unwrap().items()[0].number(), Some(1.0));
        assert_eq!(items[0].text_of("c"), None);
        assert_eq!(items[1].text(), Some("x"));
    }

    #[test]
    fn aliases_and_merges_are_followed() {
        let node = read("base: &b {x: 1, y: 2}\nmore:\n  <<: *b\n  y: 3").unwrap();
        let more = node.get("more").unwrap();
        assert_eq!((more.text_of("x"), more.text_of("y")), (Some("1"), Some("3")));
    }

    #[test]
    fn a_bomb_of_aliases_is_refused() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let former = level - 1;
            let item = format!("*a{former}, ").repeat(10);
            text.push_str(&format!("a{level}: &a{level} [{}]\n", item.trim_end_matches(", ")));
        }
        assert!(read(&text).unwrap_err().to_string().contains("too much"));
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow() {
        read(&"[".repeat(100_000)).unwrap_err();
        read(&format!("{}x", "- ".repeat(100_000))).unwrap_err();
        let error = read(&"[".repeat(DEEPEST + 1)).unwrap_err();
        assert!(error.to_string().contains("nested"), "{error}");
    }

    #[test]
    fn a_secret_is_a_text_that_is_not_there() {
        let node = read("to: !secret phone").unwrap();
        assert!(node.text_of("to").unwrap().contains("{{"));
    }

    #[test]
    fn what_is_no_yaml_is_told_with_its_line() {
        let error = read("a: 1\nb: [1, 2\nc: 3").unwrap_err();
        assert!(error.to_string().starts_with("line "), "{error}");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-:\\[\\]{}a-c&*!|>'\"#?, \n]{0,200}") {
            drop(read(&text));
        }

        #[test]
        fn no_bytes_make_it_panic(text in any::<String>()) {
            drop(read(&text));
        }
    }
}
