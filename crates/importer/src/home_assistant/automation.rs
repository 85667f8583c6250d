//! One automation: one rule, or several where it asks what set it off.

use api::{ImportedRule, LostWhy};
use model::Name;
use model::rule::{Condition, Missed, RuleBody, RunMode, Step, Trigger};

use super::condition::{always, never};
use super::fired::{Fired, is_asked_for};
use super::reader::Reader;
use crate::yaml::Node;

/// How many runs wait, or go on beside each other, where nothing is said.
const USUAL_MAX: f64 = 10.0;

/// What an automation does when it is set off in one way.
#[derive(PartialEq)]
struct Part {
    triggers: Vec<Trigger>,
    condition: Option<Condition>,
    steps: Vec<Step>,
    /// The entity or name by which it is told from the others.
    label: Option<String>,
}

impl Reader<'_> {
    /// Reads one automation, the nth of its file.
    pub(crate) fn automation(&mut self, number: usize, node: &Node) -> Vec<ImportedRule> {
        self.lost.clear();
        self.missing.clear();
        self.names.clear();
        node.any(&["variables", "trigger_variables"]).iter().for_each(|it| self.set_names(it));
        let given = node.any(&["alias", "id"]).and_then(Node::text);
        let name = given.map_or_else(|| format!("{number}"), str::to_owned);
        if node.get("use_blueprint").is_some() {
            self.lose(LostWhy::Action, "use_blueprint");
            return vec![self.told(name, None)];
        }
        let mode = self.mode(node);
        let empty = Node::List(Vec::new());
        let triggers = node.any(&["triggers", "trigger"]).unwrap_or(&empty);
        let fired = self.triggers(triggers);
        let asked = node.any(&["conditions", "condition"]).unwrap_or(&empty);
        let actions = node.any(&["actions", "action"]).unwrap_or(&empty);
        let parts = if is_asked_for(asked) || is_asked_for(actions) {
            self.one_each(fired, asked, actions)
        } else {
            let triggers = fired.into_iter().flat_map(|it| it.triggers).collect();
            vec![self.part(triggers, None, asked, actions)]
        };
        let runs = |part: &Part| part.condition != Some(never());
        let parts: Vec<Part> = parts.into_iter().filter(runs).collect();
        if parts.is_empty() {
            return vec![self.told(name, None)];
        }
        let alone = parts.len() == 1;
        if !parts.iter().any(is_whole) {
            return vec![self.told(name, None)];
        }
        parts
            .into_iter()
            .map(|part| {
                let label = part.label.clone().filter(|_| !alone);
                let name = label.map_or_else(|| name.clone(), |it| format!("{name} · {it}"));
                let body = body(&name, part, mode);
                self.told(name, body)
            })
            .collect()
    }

    /// One part for each way in which the automation is set off; those that come to the same are
    /// one.
    fn one_each(&mut self, fired: Vec<Fired>, asked: &Node, actions: &Node) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        if fired.is_empty() {
            // Nothing sets it off: it is looked through all the same, for what it names.
            self.part(Vec::new(), None, asked, actions);
        }
        for one in fired {
            let label = one.entity.clone().unwrap_or_else(|| one.id.clone());
            self.fired = Some(one.clone());
            let part = self.part(one.triggers, Some(label), asked, actions);
            self.fired = None;
            let same = parts
                .iter_mut()
                .find(|it| it.condition == part.condition && it.steps == part.steps);
            match same {
                Some(same) => same.triggers.extend(part.triggers),
                None => parts.push(part),
            }
        }
        parts
    }

    fn part(
        &mut self,
        triggers: Vec<Trigger>,
        label: Option<String>,
        asked: &Node,
        actions: &Node,
    ) -> Part {
        let condition = self.conditions(asked);
        let steps = self.sequence(actions, 0);
        Part { triggers, condition, steps, label }
    }

    fn mode(&mut self, node: &Node) -> RunMode {
        let max = node.get("max").and_then(Node::number).unwrap_or(USUAL_MAX);
        let max = max.clamp(1.0, 100.0) as u8;
        match node.text_of("mode") {
            None | Some("single") => RunMode::Single,
            Some("restart") => RunMode::Restart,
            Some("queued") => RunMode::Queued(max),
            Some("parallel") => RunMode::Parallel(max),
            Some(other) => {
                let other = format!("mode {other}");
                self.lose(LostWhy::Setting, &other);
                RunMode::Single
            }
        }
    }

    /// The rule with an account of what was lost. Where nothing is left of it, the first loss is
    /// what it could not do without.
    fn told(&self, name: String, body: Option<RuleBody>) -> ImportedRule {
        let mut lost = self.lost.clone();
        if body.is_none() {
            let is_reason = |why: LostWhy| {
                matches!(why, LostWhy::Condition | LostWhy::Template | LostWhy::Unmapped)
            };
            let at = lost.iter().position(|it| is_reason(it.why)).unwrap_or(0);
            if let Some(reason) = lost.get_mut(at) {
                reason.fatal = true;
            }
        }
        let unmapped = self.missing.iter().cloned().collect();
        ImportedRule { name, body, lost, unmapped }
    }
}

/// Whether enough is left of it to be a rule: something sets it off, and it does something.
fn is_whole(part: &Part) -> bool {
    part.condition.is_some() && !part.triggers.is_empty() && part.steps.iter().any(acts)
}

/// Whether a step does anything but wait, ask and end.
fn acts(step: &Step) -> bool {
    match step {
        Step::Wait(_) | Step::WaitUntil { .. } | Step::Stop => false,
        Step::If { then, otherwise, .. } => then.iter().chain(otherwise).any(acts),
        Step::Repeat { steps, .. } => steps.iter().any(acts),
        Step::Command { .. }
        | Step::Toggle(_)
        | Step::Adjust { .. }
        | Step::Pulse { .. }
        | Step::Scene { .. }
        | Step::Notify { .. }
        | Step::SetVariable { .. }
        | Step::RunRule(_) => true,
    }
}

fn body(name: &str, part: Part, mode: RunMode) -> Option<RuleBody> {
    if !is_whole(&part) {
        return None;
    }
    let condition = part.condition?;
    let mut triggers: Vec<Trigger> = Vec::new();
    for trigger in part.triggers {
        if !triggers.contains(&trigger) {
            triggers.push(trigger);
        }
    }
    let conditions = match condition {
        it if it == always() => Vec::new(),
        Condition::All(parts) => parts,
        other => vec![other],
    };
    Some(RuleBody {
        name: Name::lossy(name)?,
        triggers,
        conditions,
        steps: part.steps,
        mode,
        missed: Missed::default(),
    })
}
