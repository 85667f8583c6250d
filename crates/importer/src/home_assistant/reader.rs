//! What is known while a file is read, and what was lost on the way.

use std::collections::{BTreeMap, BTreeSet};

use api::{Lost, LostWhy, Meaning, ThingKind};

use super::fired::Fired;
use crate::house::House;
use crate::yaml::Node;

/// Reads one file.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    meanings: &'a BTreeMap<String, Meaning>,
    pub(crate) house: House<'a>,
    /// What the whole file names that is not mapped.
    pub(crate) unmapped: BTreeMap<String, BTreeSet<ThingKind>>,
    /// Of the automation that is being read.
    pub(crate) lost: Vec<Lost>,
    pub(crate) missing: BTreeSet<String>,
    /// Where in it.
    at: Vec<String>,
    /// What set it off, where that is asked for.
    pub(crate) fired: Option<Fired>,
    /// The item of the list that is being gone through.
    pub(crate) item: Option<String>,
    /// The names that the automation gives to plain things.
    pub(crate) names: BTreeMap<String, Node>,
}

/// Domains of things that Hearth has, and what they can be here.
const KNOWN: [(&str, &[ThingKind]); 27] = [
    ("light", &[ThingKind::Target]),
    ("switch", &[ThingKind::Target]),
    ("fan", &[ThingKind::Target]),
    ("cover", &[ThingKind::Target]),
    ("valve", &[ThingKind::Target]),
    ("lock", &[ThingKind::Target]),
    ("climate", &[ThingKind::Target]),
    ("binary_sensor", &[ThingKind::Target]),
    ("sensor", &[ThingKind::Target]),
    ("number", &[ThingKind::Target]),
    ("select", &[ThingKind::Target]),
    ("button", &[ThingKind::Target]),
    ("event", &[ThingKind::Target]),
    ("area", &[ThingKind::Target]),
    ("group", &[ThingKind::Target, ThingKind::Who]),
    ("person", &[ThingKind::Who]),
    ("device_tracker", &[ThingKind::Who]),
    ("input_boolean", &[ThingKind::Variable]),
    ("input_number", &[ThingKind::Variable]),
    ("input_text", &[ThingKind::Variable]),
    ("input_select", &[ThingKind::Variable]),
    ("counter", &[ThingKind::Variable]),
    ("scene", &[ThingKind::Scene]),
    ("script", &[ThingKind::Scene, ThingKind::Rule]),
    ("automation", &[ThingKind::Rule]),
    ("input_button", &[ThingKind::Variable]),
    ("schedule", &[ThingKind::Variable]),
];

/// The domain of an entity: what stands before the point.
pub(crate) fn domain(entity: &str) -> &str {
    entity.split_once('.').map_or("", |(domain, _)| domain)
}

impl<'a> Reader<'a> {
    pub(crate) fn new(meanings: &'a BTreeMap<String, Meaning>, house: House<'a>) -> Self {
        Self {
            meanings,
            house,
            unmapped: BTreeMap::new(),
            lost: Vec::new(),
            missing: BTreeSet::new(),
            at: Vec::new(),
            fired: None,
            item: None,
            names: BTreeMap::new(),
        }
    }

    /// Does something at a place one part further in.
    pub(crate) fn within<T>(&mut self, part: String, act: impl FnOnce(&mut Self) -> T) -> T {
        self.at.push(part);
        let done = act(self);
        self.at.pop();
        done
    }

    /// Notes that something here cannot be carried over.
    pub(crate) fn lose(&mut self, why: LostWhy, what: &str) {
        let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
        let short = what.chars().take(100).collect();
        let lost = Lost { at: self.at.join(" › "), why, what: short, fatal: false };
        if !self.lost.contains(&lost) {
            self.lost.push(lost);
        }
    }

    /// Takes in names for plain things; those that are worked out are no plain things.
    pub(crate) fn set_names(&mut self, variables: &Node) {
        for name in variables.keys() {
            match variables.get(name).map(|it| self.resolved(it)) {
                Some(value) if !holds_template(&value) => {
                    self.names.insert(name.to_owned(), value);
                }
                _ => {
                    self.names.remove(name);
                }
            }
        }
    }

    /// A node in which templates that stand for something known are that.
    pub(crate) fn resolved(&self, node: &Node) -> Node {
        match node {
            Node::Scalar(text, quoted) => {
                let name = text.trim().strip_prefix("{{").and_then(|it| it.strip_suffix("}}"));
                let named = name.and_then(|it| self.names.get(it.trim())).cloned();
                let known = || Node::Scalar(self.known_text(text).unwrap_or(text.clone()), *quoted);
                named.unwrap_or_else(known)
            }
            Node::List(items) => Node::List(items.iter().map(|it| self.resolved(it)).collect()),
            Node::Map(entries) => {
                let resolved = entries.iter().map(|(key, it)| (key.clone(), self.resolved(it)));
                Node::Map(resolved.collect())
            }
        }
    }

    /// What a thing of the other system is here; notes why when it is nothing.
    pub(crate) fn meaning(&mut self, entity: &str) -> Option<Meaning> {
        let entity = entity.trim().to_ascii_lowercase();
        let known = KNOWN.iter().find(|(name, _)| *name == domain(&entity));
        let Some((_, may_be)) = known else {
            self.lose(LostWhy::Thing, &entity);
            return None;
        };
        match self.meanings.get(&entity) {
            Some(Meaning::Nothing) => {
                self.lose(LostWhy::Thing, &entity);
                None
            }
            Some(meaning) => Some(meaning.clone()),
            None => {
                self.unmapped.entry(entity.clone()).or_default().extend(*may_be);
                self.missing.insert(entity.clone());
                self.lose(LostWhy::Unmapped, &entity);
                None
            }
        }
    }
}

/// Whether a text is a template: a program of its own.
pub(crate) fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

fn holds_template(node: &Node) -> bool {
    match node {
        Node::Scalar(text, _) => is_template(text),
        Node::List(items) => items.iter().any(holds_template),
        Node::Map(entries) => entries.iter().any(|(_, it)| holds_template(it)),
    }
}
