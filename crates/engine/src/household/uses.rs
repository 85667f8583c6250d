//! Who names what: what is named by a rule, scene or group does not just go.

use std::collections::BTreeSet;

use model::rule::{Condition, NoticeAction, Repetition, RuleBody, Step, Target, Trigger, Who};
use model::{GroupId, Name, PersonId, RoleId, RoomId, RuleId, SceneId, VariableId};

use crate::Engine;

/// Something that a rule names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Named<'a> {
    Role(&'a RoleId),
    Room(&'a RoomId),
    Group(&'a GroupId),
    Scene(&'a SceneId),
    Person(&'a PersonId),
    Variable(&'a VariableId),
    Rule(&'a RuleId),
}

/// All that a rule names, each once.
pub(crate) fn names_in(body: &RuleBody) -> BTreeSet<Named<'_>> {
    let mut named = BTreeSet::new();
    for trigger in &body.triggers {
        in_trigger(trigger, &mut named);
    }
    for condition in &body.conditions {
        in_condition(condition, &mut named);
    }
    in_steps(&body.steps, &mut named);
    named
}

fn of_target(target: &Target) -> Option<Named<'_>> {
    match target {
        Target::Role(role) => Some(Named::Role(role)),
        Target::Room { room, .. } => Some(Named::Room(room)),
        Target::Group(group) => Some(Named::Group(group)),
        Target::All(_) => None,
    }
}

fn of_people(who: &Who) -> Option<Named<'_>> {
    match who {
        Who::Person(person) => Some(Named::Person(person)),
        Who::Anyone | Who::Everyone | Who::Household => None,
    }
}

fn in_trigger<'a>(trigger: &'a Trigger, named: &mut BTreeSet<Named<'a>>) {
    named.extend(match trigger {
        Trigger::Changes { of, .. }
        | Trigger::Crosses { of, .. }
        | Trigger::Button { of, .. }
        | Trigger::Unreachable { of, .. }
        | Trigger::Returns { of } => of_target(of),
        Trigger::Arrives(who) | Trigger::Leaves(who) => of_people(who),
        Trigger::RuleRan(rule) => Some(Named::Rule(rule)),
        Trigger::Variable { variable, .. } => Some(Named::Variable(variable)),
        Trigger::Time { .. }
        | Trigger::Sun { .. }
        | Trigger::Every(_)
        | Trigger::Started
        | Trigger::Webhook(_)
        | Trigger::Mqtt { .. } => None,
    });
}

fn in_condition<'a>(condition: &'a Condition, named: &mut BTreeSet<Named<'a>>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                in_condition(part, named);
            }
        }
        Condition::Not(part) => in_condition(part, named),
        Condition::State { of, .. }
        | Condition::Number { of, .. }
        | Condition::Reachable { of, .. } => named.extend(of_target(of)),
        Condition::Home(who) | Condition::Away(who) => named.extend(of_people(who)),
        Condition::Variable { variable, .. } => {
            named.insert(Named::Variable(variable));
        }
        Condition::Time { .. } | Condition::Sun { .. } => {}
    }
}

fn in_steps<'a>(steps: &'a [Step], named: &mut BTreeSet<Named<'a>>) {
    for step in steps {
        in_step(step, named);
    }
}

fn in_step<'a>(step: &'a Step, named: &mut BTreeSet<Named<'a>>) {
    match step {
        Step::Command { to: of, .. }
        | Step::Toggle(of)
        | Step::Adjust { of, .. }
        | Step::Pulse { of, .. } => named.extend(of_target(of)),
        Step::Scene { scene, .. } => {
            named.insert(Named::Scene(scene));
        }
        Step::WaitUntil { condition, .. } => in_condition(condition, named),
        Step::If { condition, then, otherwise } => {
            in_condition(condition, named);
            in_steps(then, named);
            in_steps(otherwise, named);
        }
        Step::Repeat { repetition, steps } => {
            match repetition {
                Repetition::While(condition) | Repetition::Until(condition) => {
                    in_condition(condition, named);
                }
                Repetition::Times(_) => {}
            }
            in_steps(steps, named);
        }
        Step::Notify { buttons, .. } => {
            named.extend(buttons.iter().filter_map(|it| of_button(&it.does)));
        }
        Step::SetVariable { variable, .. } => {
            named.insert(Named::Variable(variable));
        }
        Step::RunRule(rule) => {
            named.insert(Named::Rule(rule));
        }
        Step::Wait(_) | Step::Stop => {}
    }
}

fn of_button(does: &NoticeAction) -> Option<Named<'_>> {
    match does {
        NoticeAction::RunRule(rule) => Some(Named::Rule(rule)),
        NoticeAction::Scene(scene) => Some(Named::Scene(scene)),
        NoticeAction::Command { to, .. } => of_target(to),
    }
}

impl Engine {
    /// The names of the rules that name it.
    pub(crate) fn rules_naming(&self, what: &Named<'_>) -> Vec<Name> {
        let naming = self.rules.all().map(|it| &it.body).filter(|it| names_in(it).contains(what));
        naming.map(|it| it.name.clone()).collect()
    }

    /// The names of the rules, scenes and groups that name a role.
    pub(crate) fn naming_role(&self, role: &RoleId) -> Vec<Name> {
        let mut names = self.rules_naming(&Named::Role(role));
        let scenes = self.household.scenes.values();
        let scenes = scenes.filter(|it| it.settings.iter().any(|it| it.role == *role));
        names.extend(scenes.map(|it| it.name.clone()));
        let groups = self.household.groups.values().filter(|it| it.members.contains(role));
        names.extend(groups.map(|it| it.name.clone()));
        names
    }

    /// Every role that a rule, scene or group names.
    pub(crate) fn named_roles(&self) -> BTreeSet<RoleId> {
        let by_rules = self.rules.all().flat_map(|it| names_in(&it.body)).filter_map(role_of);
        let scenes = self.household.scenes.values().flat_map(|it| &it.settings);
        let members = self.household.groups.values().flat_map(|it| &it.members);
        by_rules.chain(scenes.map(|it| &it.role).chain(members)).cloned().collect()
    }
}

fn role_of(named: Named<'_>) -> Option<&RoleId> {
    match named {
        Named::Role(role) => Some(role),
        Named::Room(_)
        | Named::Group(_)
        | Named::Scene(_)
        | Named::Person(_)
        | Named::Variable(_)
        | Named::Rule(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use model::rule::{Comparison, Is, NoticeButton, Which};
    use model::{Action, Span};

    use super::*;

    fn role(id: &str) -> Target {
        Target::Role(id.parse().unwrap())
    }

    fn is_on(id: &str) -> Condition {
        let (which, held_for) = (Which::Every, Span::ZERO);
        Condition::State { of: role(id), which, is: Is::OnOff(true), held_for }
    }

    /// One of everything, as deep as it goes.
    fn body() -> RuleBody {
        let button = |does| NoticeButton { label: "Do".to_owned(), does };
        let (to, action) = (role("r-button"), Action::SetOnOff(true));
        let notify = Step::Notify {
            title: "Look".to_owned(),
            body: String::new(),
            buttons: vec![
                button(NoticeAction::RunRule("rule-3".parse().unwrap())),
                button(NoticeAction::Scene("scene-2".parse().unwrap())),
                button(NoticeAction::Command { to, action }),
            ],
        };
        let variable = "loads".parse().unwrap();
        let any = Condition::Any(vec![
            Condition::Not(Box::new(is_on("r-any"))),
            Condition::Home(Who::Person("ada".parse().unwrap())),
            Condition::Variable { variable, is: Comparison::YesNo(true) },
        ]);
        let inner = Step::Repeat {
            repetition: Repetition::Until(is_on("r-until")),
            steps: vec![
                Step::Toggle(Target::Group("some".parse().unwrap())),
                Step::Scene { scene: "scene-1".parse().unwrap(), transition: None },
                Step::RunRule("rule-2".parse().unwrap()),
                notify,
            ],
        };
        let otherwise = vec![Step::Toggle(role("r-else"))];
        RuleBody {
            name: "All".to_owned().try_into().unwrap(),
            triggers: vec![
                Trigger::Returns { of: role("r-trigger") },
                Trigger::RuleRan("rule-1".parse().unwrap()),
                Trigger::Leaves(Who::Person("bob".parse().unwrap())),
            ],
            conditions: vec![any],
            steps: vec![
                Step::Toggle(Target::Room { room: "hall".parse().unwrap(), only: None }),
                Step::If { condition: is_on("r-if"), then: vec![inner], otherwise },
            ],
            mode: model::rule::RunMode::Single,
            missed: model::rule::Missed::Skip,
        }
    }

    #[test]
    fn everything_that_a_rule_names_is_found_however_deep_it_is() {
        let body = body();
        let named: Vec<String> = names_in(&body).iter().map(|it| format!("{it:?}")).collect();
        let all = named.join(" ");
        for id in [
            "r-trigger",
            "r-any",
            "r-if",
            "r-else",
            "r-until",
            "r-button",
            "hall",
            "some",
            "scene-1",
            "scene-2",
            "ada",
            "bob",
            "loads",
            "rule-1",
            "rule-2",
            "rule-3",
        ] {
            assert!(all.contains(&format!("\"{id}\"")), "{id} in {all}");
        }
        assert_eq!(named.len(), 16);
    }
}
