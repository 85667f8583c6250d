//! What a rule is about: every target that it names, wherever it stands in it.

use model::rule::{Condition, NoticeAction, Repetition, RuleBody, Step, Target, Trigger};

/// Whether a rule names a target for which that holds.
pub fn names(body: &RuleBody, mut is_meant: impl FnMut(&Target) -> bool) -> bool {
    let mut found = false;
    let mut look = |target: &Target| found |= is_meant(target);
    body.triggers.iter().filter_map(triggering).for_each(&mut look);
    body.conditions.iter().for_each(|it| condition(it, &mut look));
    body.steps.iter().for_each(|it| step(it, &mut look));
    found
}

fn triggering(trigger: &Trigger) -> Option<&Target> {
    match trigger {
        Trigger::Changes { of, .. }
        | Trigger::Crosses { of, .. }
        | Trigger::Button { of, .. }
        | Trigger::Unreachable { of, .. }
        | Trigger::Returns { of } => Some(of),
        _ => None,
    }
}

fn condition(asked: &Condition, look: &mut impl FnMut(&Target)) {
    match asked {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|it| condition(it, look));
        }
        Condition::Not(part) => condition(part, look),
        Condition::State { of, .. }
        | Condition::Number { of, .. }
        | Condition::Reachable { of, .. } => look(of),
        _ => {}
    }
}

fn step(done: &Step, look: &mut impl FnMut(&Target)) {
    match done {
        Step::Command { to: of, .. }
        | Step::Toggle(of)
        | Step::Adjust { of, .. }
        | Step::Pulse { of, .. } => look(of),
        Step::WaitUntil { condition: asked, .. } => condition(asked, look),
        Step::If { condition: asked, then, otherwise } => {
            condition(asked, look);
            then.iter().chain(otherwise).for_each(|it| step(it, look));
        }
        Step::Repeat { repetition, steps } => {
            if let Repetition::While(asked) | Repetition::Until(asked) = repetition {
                condition(asked, look);
            }
            steps.iter().for_each(|it| step(it, look));
        }
        Step::Notify { buttons, .. } => {
            for button in buttons {
                if let NoticeAction::Command { to, .. } = &button.does {
                    look(to);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> RuleBody {
        serde_json::from_str(text).unwrap()
    }

    fn uses(body: &RuleBody, role: &str) -> bool {
        names(body, |it| matches!(it, Target::Role(id) if id.as_str() == role))
    }

    #[test]
    fn a_role_is_found_wherever_a_rule_names_it() {
        let body = body(
            r#"{"name": "x",
                "triggers": [{"changes": {"of": {"role": "r-door"}, "what": "BooleanState"}}],
                "conditions": [{"not": {"any": [{"reachable": {"of": {"role": "r-hub"}}}]}}],
                "steps": [{"if": {"condition": {"all": []}, "then": [
                    {"repeat": {"repetition": {"times": 2}, "steps": [{"toggle": {"role": "r-lamp"}}]}},
                    {"scene": {"scene": "night"}}
                ]}}]}"#,
        );
        for role in ["r-door", "r-hub", "r-lamp"] {
            assert!(uses(&body, role), "{role}");
        }
        assert!(!uses(&body, "r-other"));
    }
}
