//! Home Assistant's automations, as its documentation and people's files have them: the syntax
//! before 2024.10 (`platform`, `service`) and after (`trigger`, `action`), in a list, under a key, or
//! alone.

mod action;
mod automation;
mod condition;
mod duration;
mod fired;
mod reader;
mod service;
mod state;
mod template;
mod token;
mod trigger;

use std::collections::BTreeMap;

use api::{ForeignThing, HomeView, Imported, Meaning};

use crate::house::House;
use crate::yaml::Node;
use reader::Reader;

/// Most automations that are read of one file.
const MOST: usize = 2_000;

/// Reads automations.
///
/// # Errors
/// When there is nothing like an automation in it; in words.
pub(crate) fn read(
    tree: &Node,
    meanings: &BTreeMap<String, Meaning>,
    home: &HomeView,
) -> Result<Imported, String> {
    let found = automations(tree);
    if found.is_empty() {
        return Err("there is no automation in this text".to_owned());
    }
    if found.len() > MOST {
        return Err(format!("at most {MOST} automations are read of one file"));
    }
    let mut reader = Reader::new(meanings, House(home));
    let rules = (1..).zip(found).flat_map(|(number, it)| reader.automation(number, it)).collect();
    let unmapped = reader
        .unmapped
        .into_iter()
        .map(|(id, may_be)| ForeignThing { id, may_be: may_be.into_iter().collect() })
        .collect();
    Ok(Imported { rules, unmapped })
}

/// What looks like an automation, wherever it stands in the file.
fn automations(tree: &Node) -> Vec<&Node> {
    match tree {
        Node::List(items) => items.iter().flat_map(automations).collect(),
        Node::Map(_) if is_automation(tree) => vec![tree],
        Node::Map(entries) => {
            // `automation:`, `automation kitchen:`; packages nest one level more.
            let is_home = |key: &str| {
                key == "homeassistant" || key == "packages" || key.starts_with("automation")
            };
            entries
                .iter()
                .filter(|(key, _)| is_home(key))
                .flat_map(|(_, it)| automations(it))
                .collect()
        }
        Node::Scalar(..) => Vec::new(),
    }
}

fn is_automation(node: &Node) -> bool {
    let keys = ["trigger", "triggers", "action", "actions", "use_blueprint"];
    node.any(&keys).is_some()
}
