//! What has to be so after a stop.

use std::collections::{BTreeMap, BTreeSet};

use model::rule::{Path, PathPart, RuleBody, RunOutcome, Step, Trace, TraceEvent};
use model::{Action, CommandId, RuleId, RunId, VariableValue};

use crate::outside::Outside;
use crate::scenario;

/// How long after a start the last device is found, ms.
const LINKED_AFTER: i64 = 400;

/// Everything there is to compare.
pub(crate) struct Verdict<'a> {
    /// The scenario without a stop.
    pub(crate) reference: &'a Outside,
    /// What was durable at the stop.
    pub(crate) durable: &'a Outside,
    /// How it ended.
    pub(crate) after: &'a Outside,
    pub(crate) stopped_at: i64,
    pub(crate) up_again: i64,
    /// What belongs together was written together.
    pub(crate) is_whole: bool,
    /// It was up again before anybody could miss it.
    pub(crate) is_short: bool,
}

type Found = Result<(), String>;

pub(crate) fn judge(verdict: &Verdict<'_>) -> Found {
    once(verdict.after)?;
    if verdict.is_whole {
        counted(verdict.after)?;
    }
    verdict.nothing_written_is_lost()?;
    verdict.waits_end_in_time()?;
    verdict.runs_are_those_of_the_reference()
}

/// What holds however often it was stopped: every run ends, every effect is explained by a run, and
/// nothing that must not be repeated was.
pub(crate) fn once(after: &Outside) -> Found {
    let open: Vec<_> = after.disk.saved.rules.runs.iter().map(|it| &it.trace).collect();
    if !open.is_empty() {
        return Err(format!("runs that do not end: {open:?}"));
    }
    if !after.disk.saved.open_commands.is_empty() {
        return Err(format!("commands without an end: {:?}", after.disk.saved.open_commands));
    }
    let mut ids = BTreeSet::new();
    if let Some(twice) = after.disk.ended.iter().find(|it| !ids.insert(&it.run)) {
        return Err(format!("it ended twice: {twice:?}"));
    }
    let mut shown = BTreeSet::new();
    if let Some(twice) = after.shown.iter().find(|it| !shown.insert(*it)) {
        return Err(format!("shown twice: {twice}"));
    }
    arrivals(after)
}

/// Each command that reached a device belongs to a step of a run, and none that must not be
/// repeated reached it twice for the same step.
fn arrivals(after: &Outside) -> Found {
    let bodies: BTreeMap<RuleId, RuleBody> = scenario::rules().collect();
    let steps = commanded(&after.disk.ended);
    let mut arrived = BTreeSet::new();
    let mut asked: BTreeMap<(RunId, CommandId), u32> = BTreeMap::new();
    for (at, command) in &after.arrived {
        if !arrived.insert(&command.id) {
            return Err(format!("{command:?} arrived twice"));
        }
        let Some(step) = steps.get(&command.id) else {
            return Err(format!("{command:?} arrived at {at}, and no run says why"));
        };
        let is_once = match step_at(&bodies[&step.rule], &step.path) {
            Some(Step::Toggle(_)) => true,
            Some(Step::Pulse { .. }) => command.action == Action::SetOnOff(true),
            _ => !command.action.is_repeatable(),
        };
        let times = asked.entry((step.run.clone(), step.first.clone())).or_default();
        *times += 1;
        if *times > if is_once { 1 } else { 2 } {
            return Err(format!("{command:?} was repeated: {:?}", trace(after, &step.run)));
        }
    }
    Ok(())
}

/// The step that a command was sent for.
struct Commanded {
    run: RunId,
    rule: RuleId,
    path: Path,
    /// The command that it repeats, or itself.
    first: CommandId,
}

fn commanded(traces: &[Trace]) -> BTreeMap<CommandId, Commanded> {
    let mut steps: BTreeMap<CommandId, Commanded> = BTreeMap::new();
    for trace in traces {
        for step in &trace.steps {
            let (id, first) = match &step.what {
                TraceEvent::Commanded(id, ..) => (id, id.clone()),
                TraceEvent::Repeated(before, id) => {
                    (id, steps.get(before).map_or(before, |it| &it.first).clone())
                }
                _ => continue,
            };
            let (run, rule) = (trace.run.clone(), trace.rule.clone());
            steps.insert(id.clone(), Commanded { run, rule, path: step.path.clone(), first });
        }
    }
    steps
}

fn step_at<'a>(body: &'a RuleBody, path: &Path) -> Option<&'a Step> {
    let mut block: &'a [Step] = &body.steps;
    let mut found: Option<&'a Step> = None;
    for part in &path.0 {
        match (part, found) {
            (PathPart::Step(number), _) => found = block.get(usize::from(*number)),
            (PathPart::Then, Some(Step::If { then, .. })) => block = then,
            (PathPart::Then, Some(Step::Repeat { steps, .. })) => block = steps,
            (PathPart::Otherwise, Some(Step::If { otherwise, .. })) => block = otherwise,
            _ => return None,
        }
    }
    found
}

/// The variable is what the traces say was added to it, each once.
pub(crate) fn counted(after: &Outside) -> Found {
    let is_count = |it: &&model::rule::TraceStep| matches!(it.what, TraceEvent::Variable(..));
    let steps = after.disk.ended.iter().flat_map(|it| &it.steps);
    let expected = steps.filter(is_count).count();
    let value = after.disk.saved.variables.first().map(|it| it.value.clone());
    match value {
        Some(VariableValue::Number(is)) if is.total_cmp(&(expected as f64)).is_eq() => Ok(()),
        other => Err(format!("it was added {expected} times, and is {other:?}")),
    }
}

fn trace<'a>(outside: &'a Outside, run: &RunId) -> Option<&'a Trace> {
    outside.disk.ended.iter().find(|it| it.run == *run)
}

impl Verdict<'_> {
    /// Runs that were durable go on: what their traces said, they still say.
    fn nothing_written_is_lost(&self) -> Found {
        let disk = &self.durable.disk;
        let open = disk.saved.rules.runs.iter().map(|it| &it.trace);
        for before in open.chain(&disk.ended) {
            let Some(after) = trace(self.after, &before.run) else {
                return Err(format!("this run is lost: {before:?}"));
            };
            let is_begun_so = after.steps.starts_with(&before.steps);
            if !is_begun_so || after.cause != before.cause || after.started_at != before.started_at
            {
                return Err(format!("it was {before:?} and became {after:?}"));
            }
        }
        Ok(())
    }

    /// Each wait ends when it was meant to, or as soon as it is up again.
    fn waits_end_in_time(&self) -> Found {
        for trace in &self.after.disk.ended {
            for (place, step) in trace.steps.iter().enumerate() {
                let TraceEvent::Waits(until) = step.what else { continue };
                let rest = &trace.steps[place + 1..];
                let is_end = |it: &&model::rule::TraceStep| matches!(it.what, TraceEvent::Waited);
                let Some(ended) = rest.iter().find(is_end) else {
                    if matches!(trace.ended, Some((RunOutcome::Restarted, _))) {
                        continue;
                    }
                    return Err(format!("a wait that never ended: {trace:?}"));
                };
                let was_down = (self.stopped_at..self.up_again).contains(&until.0);
                if ended.at != until && !(was_down && ended.at.0 == self.up_again) {
                    let late = ended.at.0 - until.0;
                    return Err(format!("a wait ended {late} ms late: {trace:?}"));
                }
            }
        }
        Ok(())
    }

    /// The same runs as without a stop, but for what happened while nobody looked; and each did
    /// the same.
    fn runs_are_those_of_the_reference(&self) -> Found {
        let unseen = self.stopped_at..=self.up_again + LINKED_AFTER;
        for after in &self.after.disk.ended {
            match trace(self.reference, &after.run) {
                Some(reference) if self.is_short => same_steps(reference, after)?,
                Some(_) => {}
                // A threshold that was crossed while nobody looked is seen a little later.
                None if after.rule.as_str() == "warm" || after.rule.as_str() == "called" => {}
                None if after.started_at.0 > self.reference.wall => {}
                None => return Err(format!("nobody expected {after:?}")),
            }
        }
        for reference in self.reference.disk.ended.iter().filter(|_| self.is_short) {
            let is_there = trace(self.after, &reference.run).is_some();
            let may_miss =
                unseen.contains(&reference.started_at.0) && reference.rule.as_str() != "minutes";
            let follows = matches!(reference.rule.as_str(), "warm" | "called");
            if !is_there && !may_miss && !follows {
                return Err(format!("it never ran: {reference:?}"));
            }
        }
        Ok(())
    }
}

/// Two runs that came to their ends did the same, apart from what a stop adds.
fn same_steps(reference: &Trace, after: &Trace) -> Found {
    let is_finished = |it: &Trace| matches!(it.ended, Some((RunOutcome::Finished { .. }, _)));
    if !is_finished(reference) || !is_finished(after) {
        return Ok(());
    }
    let bodies: BTreeMap<RuleId, RuleBody> = scenario::rules().collect();
    let deeds = |it: &Trace| -> Vec<(Path, &'static str)> {
        let told = it.steps.iter().filter_map(|step| {
            let is_relative =
                matches!(step_at(&bodies[&it.rule], &step.path), Some(Step::Adjust { .. }));
            let word = match &step.what {
                // What is off already becomes no darker: it depends on what others did.
                TraceEvent::Commanded(..) if is_relative => return None,
                TraceEvent::Commanded(..) => "commanded",
                TraceEvent::Waits(_) => "waits",
                TraceEvent::WaitsUntil(..) => "waits until",
                TraceEvent::Notified(_) => "notified",
                TraceEvent::Variable(..) => "variable",
                TraceEvent::Ran(..) => "ran",
                TraceEvent::Round(_) => "round",
                _ => return None,
            };
            Some((step.path.clone(), word))
        });
        told.collect()
    };
    if deeds(reference) == deeds(after) {
        return Ok(());
    }
    Err(format!("without a stop: {reference:?}\nwith one: {after:?}"))
}
