//! What set an automation off. Where its conditions or actions ask for that, the automation becomes
//! several rules, one for each answer, in which the question is answered.

use model::rule::Trigger;

use crate::yaml::Node;

/// One way in which an automation is set off.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fired {
    /// The name that the automation gives to it, or its number, from 0.
    pub(crate) id: String,
    /// The entity, where one did it.
    pub(crate) entity: Option<String>,
    /// The state that it has then, where it is one in particular.
    pub(crate) to: Option<String>,
    /// The triggers that it is here.
    pub(crate) triggers: Vec<Trigger>,
}

/// Whether anything in there asks what set the automation off.
pub(crate) fn is_asked_for(node: &Node) -> bool {
    match node {
        Node::Scalar(text, _) => text.contains("trigger.") && text.contains("{"),
        Node::List(items) => items.iter().any(is_asked_for),
        Node::Map(entries) => entries.iter().any(|(key, it)| {
            (key == "condition" && it.text() == Some("trigger")) || is_asked_for(it)
        }),
    }
}
