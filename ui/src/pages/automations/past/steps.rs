//! What happened in a run, entry by entry, in words.

use std::collections::BTreeMap;

use model::rule::{Path, PathPart, Step, Target, Trace, TraceEvent, TraceStep};
use model::{CommandId, CommandState, RuleBody, Span, Timestamp};

use crate::sentence::Words;

/// An entry of a trace: what happened, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Happened {
    pub(super) at: Timestamp,
    pub(super) path: Path,
    pub(super) what: TraceEvent,
    /// How the command ended, and how long that took.
    pub(super) outcome: Option<(CommandState, Span)>,
}

/// How an entry is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Done,
    Failed,
    Open,
    Plain,
}

/// The entries of a trace; the end of a command stands with its beginning.
pub(super) fn happened(trace: &Trace) -> Vec<Happened> {
    let mut entries: Vec<Happened> = Vec::new();
    let mut commands: BTreeMap<&CommandId, usize> = BTreeMap::new();
    for TraceStep { at, path, what } in &trace.steps {
        if let TraceEvent::Outcome(command, state) = what {
            let known = commands.get(command).and_then(|it| entries.get_mut(*it));
            if let Some(entry) = known {
                let took = at.0.saturating_sub(entry.at.0).max(0);
                entry.outcome = Some((state.clone(), Span::millis(took as u64)));
                continue;
            }
        }
        if let TraceEvent::Commanded(command, ..) = what {
            commands.insert(command, entries.len());
        }
        entries.push(Happened { at: *at, path: path.clone(), what: what.clone(), outcome: None });
    }
    entries
}

impl Happened {
    /// Whether it went well.
    pub(super) fn mark(&self) -> Mark {
        match (&self.what, &self.outcome) {
            (_, Some((CommandState::Observed, _))) => Mark::Done,
            (_, Some(_)) => Mark::Failed,
            (TraceEvent::Commanded(..), None) => Mark::Open,
            (
                TraceEvent::Nobody
                | TraceEvent::NotKnown(_)
                | TraceEvent::TimedOut
                | TraceEvent::Gone(_)
                | TraceEvent::NotRepeated(_),
                _,
            ) => Mark::Failed,
            (TraceEvent::Outcome(_, state), _) => match state {
                CommandState::Observed => Mark::Done,
                _ => Mark::Failed,
            },
            _ => Mark::Plain,
        }
    }

    /// It in words. `left` is told of a wait that has not ended.
    pub(super) fn words(&self, words: Words<'_>, is_last: bool) -> String {
        let event = event_words(words, &self.what, is_last);
        match &self.outcome {
            None if matches!(self.what, TraceEvent::Commanded(..)) => {
                words.t.joined(&event, &words.t.did_pending())
            }
            None => event,
            Some((state, took)) => {
                let end = outcome_words(words, state);
                let end = match took.is_zero() {
                    true => end,
                    false => words.t.joined(&end, &words.span(*took)),
                };
                words.t.joined(&event, &end)
            }
        }
    }
}

fn outcome_words(words: Words<'_>, state: &CommandState) -> String {
    match state {
        CommandState::Observed => words.t.did_done(),
        CommandState::Failed(reason) => words.t.fail_reason(Some(reason)),
        CommandState::Expired => words.t.fail_reason(None),
        CommandState::Requested | CommandState::Sent | CommandState::Acknowledged => {
            words.t.did_pending()
        }
    }
}

fn event_words(words: Words<'_>, event: &TraceEvent, is_last: bool) -> String {
    let (t, names) = (words.t, words.names);
    match event {
        TraceEvent::Commanded(_, role, action) => {
            words.action(&Target::Role(role.clone()), &names.role(t, role), action)
        }
        TraceEvent::Outcome(_, state) => outcome_words(words, state),
        TraceEvent::Nobody => t.did_nobody(),
        TraceEvent::NotKnown(role) => t.did_not_known(&names.role(t, role)),
        TraceEvent::Scene(scene) => t.did_scene(&names.scene(t, scene)),
        TraceEvent::Waits(until) => {
            let left = until.0.saturating_sub(words.now.0);
            let time = words.exact_moment(*until);
            match is_last && left > 0 {
                true => {
                    let left = Span::seconds((left as u64).div_ceil(1_000));
                    t.did_wait_left(&time, &words.span(left))
                }
                false => t.did_wait(&time),
            }
        }
        TraceEvent::WaitsUntil(until, judged) => {
            t.did_wait_for(&words.moment(*until), &words.judged_then(judged))
        }
        TraceEvent::Waited => t.did_waited(),
        TraceEvent::TimedOut => t.did_timed_out(),
        TraceEvent::Judged(judged) => words.judged_then(judged),
        TraceEvent::Round(number) => {
            t.did_round(&crate::i18n::decimal(t.locale(), f64::from(*number), 0))
        }
        TraceEvent::Notified(_) => t.did_notify(),
        TraceEvent::Variable(variable, value) => {
            t.did_variable(&names.variable(t, variable), &words.variable_value(value))
        }
        TraceEvent::Ran(rule, _) => t.did_run(&names.rule(t, rule)),
        TraceEvent::Gone(_) => t.did_gone(),
        TraceEvent::Resumed(None) => t.did_resumed(),
        TraceEvent::Resumed(Some(_)) => t.did_resumed_open(),
        TraceEvent::NotRepeated(_) => t.did_not_repeat(),
        TraceEvent::Repeated(..) => t.did_repeat(),
        TraceEvent::LeftOut(count) => {
            t.did_left_out(&crate::i18n::decimal(t.locale(), f64::from(*count), 0))
        }
    }
}

/// The step of a rule at that place.
pub(super) fn step_at<'a>(body: &'a RuleBody, path: &Path) -> Option<&'a Step> {
    let mut block = body.steps.as_slice();
    let mut found = None;
    for part in &path.0 {
        match part {
            PathPart::Step(at) => {
                found = block.get(usize::from(*at));
            }
            PathPart::Then => match found? {
                Step::If { then, .. } => block = then,
                Step::Repeat { steps, .. } => block = steps,
                _ => return None,
            },
            PathPart::Otherwise => match found? {
                Step::If { otherwise, .. } => block = otherwise,
                _ => return None,
            },
            PathPart::Trigger(_) | PathPart::Condition(_) | PathPart::Asks => break,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use model::rule::Cause;
    use model::{Action, FailReason, Language};

    use super::*;
    use crate::i18n::{Locale, Texts};
    use crate::sentence::Names;

    fn command(at: i64, what: TraceEvent) -> TraceStep {
        TraceStep { at: Timestamp(at), path: Path(vec![PathPart::Step(0)]), what }
    }

    fn trace(steps: Vec<TraceStep>) -> Trace {
        Trace {
            run: "run".parse().unwrap(),
            rule: "rule".parse().unwrap(),
            version: 1,
            cause: Cause::Person,
            started_at: Timestamp(0),
            late_by: None,
            conditions: Vec::new(),
            steps,
            ended: None,
        }
    }

    fn asked(at: i64) -> TraceStep {
        let role = "r-lamp".parse().unwrap();
        command(at, TraceEvent::Commanded("c".parse().unwrap(), role, Action::SetOnOff(true)))
    }

    fn told(at: i64, state: CommandState) -> TraceStep {
        command(at, TraceEvent::Outcome("c".parse().unwrap(), state))
    }

    #[test]
    fn how_a_command_ended_stands_with_the_command() {
        let trace = trace(vec![asked(0), told(300, CommandState::Observed)]);
        let entries = happened(&trace);
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].mark(), Mark::Done);
        assert_eq!(entries[0].outcome, Some((CommandState::Observed, Span::millis(300))));
    }

    #[test]
    fn a_failure_is_told_with_its_reason() {
        let failed = CommandState::Failed(FailReason::Unreachable);
        let entries = happened(&trace(vec![asked(0), told(0, failed)]));
        let names = Names::default();
        let t = Texts::of(Locale { language: Language::En, pseudo: false });
        let words = entries[0].words(Words::new(t, &names, Timestamp(0)), true);
        assert_eq!(entries[0].mark(), Mark::Failed);
        assert!(words.ends_with("cannot be reached"), "{words}");
    }

    #[test]
    fn a_wait_that_has_not_ended_tells_what_is_left() {
        let names = Names::default();
        let t = Texts::of(Locale { language: Language::En, pseudo: false });
        let wait = TraceEvent::Waits(Timestamp(65_000));
        let speaker = Words::new(t, &names, Timestamp(5_000));
        assert!(event_words(speaker, &wait, true).contains("1 minute left"));
        assert!(!event_words(speaker, &wait, false).contains("left"));
    }

    #[test]
    fn a_step_is_found_by_its_place() {
        let body: RuleBody = serde_json::from_str(
            r#"{"name": "x", "triggers": [], "steps": [
                {"if": {"condition": {"all": []}, "then": [{"wait": "1m"}], "otherwise": ["stop"]}}]}"#,
        )
        .unwrap();
        let at = |parts: &[PathPart]| step_at(&body, &Path(parts.to_vec())).cloned();
        use PathPart::{Otherwise, Step as At, Then};
        assert_eq!(at(&[At(0), Then, At(0)]), Some(Step::Wait(Span::minutes(1))));
        assert_eq!(at(&[At(0), Otherwise, At(0)]), Some(Step::Stop));
        assert_eq!(at(&[At(1)]), None);
        assert_eq!(at(&[At(0), Then, At(7)]), None);
    }
}
