//! What sets rules off besides what devices say: people, variables, other rules, the start of
//! Hearth, webhooks and messages.

use model::rule::{Trigger, Who};
use model::{HookId, RuleId, VariableId};

use super::World;
use super::world::Headcount;

/// By what rules are called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Call {
    /// Somebody came or left.
    Home,
    /// Hearth has started.
    Started,
    /// A variable has changed.
    Variable(VariableId),
    /// A rule ran to its end.
    Ran(RuleId),
    /// A webhook.
    Hook(HookId),
    /// A message on a topic that matches.
    Topic(String),
}

impl Call {
    /// By what a trigger is called, if it is.
    pub(super) fn of(trigger: &Trigger) -> Option<Self> {
        match trigger {
            Trigger::Arrives(_) | Trigger::Leaves(_) => Some(Self::Home),
            Trigger::Started => Some(Self::Started),
            Trigger::Variable { variable, .. } => Some(Self::Variable(variable.clone())),
            Trigger::RuleRan(rule) => Some(Self::Ran(rule.clone())),
            Trigger::Webhook(hook) => Some(Self::Hook(hook.clone())),
            Trigger::Mqtt { topic, .. } => Some(Self::Topic(topic.clone())),
            Trigger::Changes { .. }
            | Trigger::Crosses { .. }
            | Trigger::Button { .. }
            | Trigger::Time { .. }
            | Trigger::Sun { .. }
            | Trigger::Every(_)
            | Trigger::Unreachable { .. }
            | Trigger::Returns { .. } => None,
        }
    }
}

/// Whether a topic is one that a pattern means: `+` is one level, `#` all from there on.
pub(super) fn matches(pattern: &str, topic: &str) -> bool {
    let mut levels = topic.split('/');
    // What brokers say of themselves is not meant by "everything".
    if topic.starts_with('$') && pattern.starts_with(['+', '#']) {
        return false;
    }
    for wanted in pattern.split('/') {
        if wanted == "#" {
            return true;
        }
        match levels.next() {
            Some(level) if wanted == "+" || wanted == level => {}
            Some(_) | None => return false,
        }
    }
    levels.next().is_none()
}

/// Whether that was the coming or leaving that is meant, now that it has happened. People of whom
/// nobody knows where they are may be anywhere.
pub(super) fn is_meant(who: &Who, person: &model::PersonId, came: bool, world: &dyn World) -> bool {
    let Headcount { home, away, unknown } = world.presence(&Who::Everyone);
    match (who, came) {
        (Who::Person(meant), _) => meant == person,
        (Who::Anyone, _) => true,
        (Who::Everyone, true) => away == 0 && unknown == 0,
        (Who::Household, true) => home == 1 && unknown == 0,
        (Who::Everyone | Who::Household, false) => home == 0 && unknown == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_match_as_brokers_have_it() {
        for (pattern, topic, matched) in [
            ("a/b", "a/b", true),
            ("a/b", "a/b/c", false),
            ("a/+", "a/b", true),
            ("a/+", "a", false),
            ("a/+/c", "a/b/c", true),
            ("a/#", "a/b/c", true),
            ("a/#", "a", true),
            ("#", "a/b", true),
            ("#", "$SYS/x", false),
            ("+/x", "$SYS/x", false),
            ("a/+", "a/", true),
            ("a", "A", false),
        ] {
            assert_eq!(matches(pattern, topic), matched, "{pattern} {topic}");
        }
    }
}
