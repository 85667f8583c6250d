//! Why a rule ran, did not run, or should be looked at, in words.

use model::rule::{
    Cause, Finding, FindingKind, Judged, RunOutcome, Saw, Severity, Target, Truth, Unknown, WhyNot,
};
use model::{ButtonEvent, RoleId, RuleId, Timestamp, Value};

use super::days::time;
use super::target::Number;
use super::{Words, apart, joined};
use crate::face::{capability_name, value_words};
use crate::i18n::{decimal, exact_time, is_same_day, moment};

impl Words<'_> {
    /// A moment: of today only the time of day.
    pub fn moment(self, at: Timestamp) -> String {
        moment(self.t.locale(), at, self.now)
    }

    /// A time of day, to the second: a run is read step by step.
    pub fn exact_time(self, at: Timestamp) -> String {
        exact_time(self.t.locale(), at)
    }

    /// The same, with the day where it is another than today.
    pub fn exact_moment(self, at: Timestamp) -> String {
        if is_same_day(at, self.now) { self.exact_time(at) } else { self.moment(at) }
    }

    /// Whether something holds now.
    pub fn truth(self, truth: Truth) -> String {
        match truth {
            Truth::True => self.t.truth_holds(),
            Truth::False => self.t.truth_holds_not(),
            Truth::Unknown => self.t.truth_unknown(),
        }
    }

    /// Whether a condition holds now, and what was seen.
    pub fn judged(self, judged: &Judged) -> String {
        self.with_reason(self.truth(judged.truth), judged)
    }

    /// Whether a condition held, and what was seen: for what is past.
    pub fn judged_then(self, judged: &Judged) -> String {
        let truth = match judged.truth {
            Truth::True => self.t.truth_held(),
            Truth::False => self.t.truth_held_not(),
            Truth::Unknown => self.t.truth_was_unknown(),
        };
        self.with_reason(truth, judged)
    }

    fn with_reason(self, truth: String, judged: &Judged) -> String {
        let t = self.t;
        let saw: Vec<String> = judged.saw.iter().map(|it| self.saw(it)).collect();
        if saw.is_empty() {
            return truth;
        }
        t.truth_because(&truth, &joined(saw, |first, second| t.sentence_list(first, second)))
    }

    /// What was seen when a condition was judged.
    pub fn saw(self, saw: &Saw) -> String {
        let t = self.t;
        let role = |id: &RoleId| self.names.role(t, id);
        match saw {
            Saw::Value { role: id, value, since } => {
                t.saw_value(&role(id), &self.value(id, value), &self.moment(*since))
            }
            Saw::Unknown(id, Unknown::Vacant) => t.saw_vacant(&role(id)),
            Saw::Unknown(id, Unknown::NeverSaid) => t.saw_never_said(&role(id)),
            Saw::Unknown(id, Unknown::Unreachable) | Saw::Reachable(id, false) => {
                t.saw_unreachable(&role(id))
            }
            Saw::Unknown(id, Unknown::Unable) => t.saw_unable(&role(id)),
            Saw::Reachable(id, true) => t.saw_reachable(&role(id)),
            Saw::Time(seconds) => {
                let at = model::rule::LocalTime::from_seconds(seconds / 60 * 60);
                t.saw_time(&time(at.unwrap_or(model::rule::LocalTime::MIDNIGHT)))
            }
            Saw::Sun(true) => t.saw_sun_up(),
            Saw::Sun(false) => t.saw_sun_down(),
            Saw::Home(count, all) => {
                let number = |it: u16| decimal(t.locale(), f64::from(it), 0);
                t.saw_home(&number(*count), &number(*all))
            }
            Saw::Variable(Some(value)) => t.saw_variable(&self.variable_value(value)),
            Saw::Variable(None) => t.saw_no_variable(),
            Saw::Nobody => t.saw_nobody(),
        }
    }

    /// What a role said.
    pub fn value(self, role: &RoleId, value: &Value) -> String {
        let face = self.names.roles.get(role);
        let spec = face.and_then(|it| it.spec(value.capability())).cloned();
        value_words(self.t, &spec.unwrap_or(model::Spec::Momentary), value)
    }

    /// What set a rule off.
    pub fn cause(self, cause: &Cause) -> String {
        let t = self.t;
        let role = |id: &RoleId| self.names.role(t, id);
        match cause {
            Cause::Value { role: id, was: Some(was), value, .. } if was != value => {
                t.cause_changed(&role(id), &self.value(id, was), &self.value(id, value))
            }
            Cause::Value { role: id, value, .. } => {
                t.cause_value(&role(id), &self.value(id, value))
            }
            Cause::Pressed(_, id, event) => t.cause_pressed(&role(id), &self.event(*event)),
            Cause::Due(_, at) => t.cause_due(&self.moment(*at)),
            Cause::Arrived(_, who) => t.cause_arrived(&self.names.person(t, who)),
            Cause::Left(_, who) => t.cause_left(&self.names.person(t, who)),
            Cause::Unreachable(_, id) => t.cause_unreachable(&role(id)),
            Cause::Returned(_, id) => t.cause_returned(&role(id)),
            Cause::Variable(_, variable, value) => {
                t.cause_variable(&self.names.variable(t, variable), &self.variable_value(value))
            }
            Cause::Started(_) => t.cause_started(),
            Cause::Rule(Some(_), rule, _) => t.cause_rule_ran(&self.names.rule(t, rule)),
            Cause::Rule(None, rule, _) => t.cause_run_by_rule(&self.names.rule(t, rule)),
            Cause::Webhook(..) => t.cause_webhook(),
            Cause::Message(_, topic) => t.cause_message(&t.quoted(&apart(topic))),
            Cause::Person => t.cause_person(),
            Cause::Notice(_) => t.cause_notice(),
        }
    }

    fn event(self, event: ButtonEvent) -> String {
        let t = self.t;
        match event {
            ButtonEvent::Pressed(times) => {
                t.pressed_times(&decimal(t.locale(), f64::from(times), 0))
            }
            ButtonEvent::Held => t.button_held(),
            ButtonEvent::Down => t.button_down(),
            ButtonEvent::Up => t.button_up(),
        }
    }

    /// How a run ended.
    pub fn outcome(self, outcome: &RunOutcome) -> String {
        let t = self.t;
        match outcome {
            RunOutcome::Finished { failed: 0 } => t.outcome_finished(),
            RunOutcome::Finished { failed } => t.outcome_failed(usize::from(*failed)),
            RunOutcome::Stopped => t.outcome_stopped(),
            RunOutcome::TimedOut => t.outcome_timed_out(),
            RunOutcome::Restarted => t.outcome_restarted(),
            RunOutcome::Cancelled => t.outcome_cancelled(),
            RunOutcome::Runaway => t.outcome_runaway(),
        }
    }

    /// Why a trigger did not lead to a run.
    pub fn why_not(self, why: &WhyNot) -> String {
        let t = self.t;
        match why {
            WhyNot::Conditions(judged) => {
                let stopped = judged.iter().filter(|it| !it.truth.is_true());
                let words = stopped.map(|it| self.judged_then(deciding(it))).collect();
                t.why_not_conditions(&joined(words, |a, b| t.sentence_list(a, b)))
            }
            WhyNot::Running => t.why_not_running(),
            WhyNot::Full => t.why_not_full(),
            WhyNot::WhileAway => t.why_not_away(),
            WhyNot::Missed => t.why_not_missed(),
            WhyNot::Asked => t.why_not_asked(),
            WhyNot::Declined => t.why_not_declined(),
            WhyNot::TooDeep => t.why_not_too_deep(),
            WhyNot::Runaway => t.why_not_runaway(),
        }
    }

    /// How bad a finding is.
    pub fn severity(self, severity: Severity) -> String {
        match severity {
            Severity::Error => self.t.severity_error(),
            Severity::Warning => self.t.severity_warning(),
            Severity::Hint => self.t.severity_hint(),
        }
    }

    /// What is the matter with a rule.
    pub fn finding(self, finding: &Finding) -> String {
        let t = self.t;
        let number = |it: f64| decimal(t.locale(), it, 2);
        let role = |id: &RoleId| self.names.role(t, id);
        match &finding.kind {
            FindingKind::NoTrigger => t.found_no_trigger(),
            FindingKind::NoStep => t.found_no_step(),
            FindingKind::TooMany(most) => t.found_too_many(&number(f64::from(*most))),
            FindingKind::TooDeep(most) => t.found_too_deep(&number(f64::from(*most))),
            FindingKind::TooLong(most) => t.found_too_long(&self.span(*most)),
            FindingKind::TooShort(least) => t.found_too_short(&self.span(*least)),
            FindingKind::OutOfRange(None) => t.found_out_of_range(),
            FindingKind::OutOfRange(Some((low, high))) => {
                t.found_not_between(&number(*low), &number(*high))
            }
            FindingKind::Missing(_) => t.found_missing(),
            FindingKind::RunsItself(names) => {
                let names = names.iter().map(|it| t.quoted(&apart(it.as_str()))).collect();
                t.found_runs_itself(&joined(names, |a, b| t.sentence_list(a, b)))
            }
            FindingKind::NoPlace => t.found_no_place(),
            FindingKind::CannotDo(id, action) => {
                let whom = role(id);
                let words = self.action(&Target::Role(id.clone()), &whom, action);
                t.found_cannot_do(&whom, &words)
            }
            FindingKind::NeverSays(id, what) => {
                t.found_never_says(&role(id), &capability_name(t, *what))
            }
            FindingKind::Vacant(id) => {
                let face = self.names.roles.get(id);
                t.found_vacant(&face.map_or_else(|| t.name_gone(), |it| apart(&it.name)))
            }
            FindingKind::Nobody => t.found_nobody(),
            FindingKind::Loop(rules) => t.found_loop(&self.rules(rules)),
            FindingKind::Contradicts(rule) => t.found_contradicts(&self.names.rule(t, rule)),
            FindingKind::NeverHolds => t.found_never_holds(),
            FindingKind::AlwaysHolds => t.found_always_holds(),
            FindingKind::Shadowed(at) => t.found_shadowed(&number(f64::from(*at) + 1.0)),
            FindingKind::Unreachable => t.found_unreachable(),
            FindingKind::BusyLoop => t.found_busy_loop(),
            FindingKind::NoOff(id) => {
                t.found_no_off(&self.target(&Target::Role(id.clone()), Number::All))
            }
            FindingKind::SameName(_) => t.found_same_name(),
            FindingKind::SkippedByDst => t.found_skipped_dst(),
            FindingKind::TwiceByDst => t.found_twice_dst(),
            FindingKind::WindowAcrossDst => t.found_window_dst(),
            FindingKind::NowUnreachable(device) => {
                t.found_now_unreachable(&self.names.device(t, device))
            }
        }
    }

    fn rules(self, rules: &[RuleId]) -> String {
        let names = rules.iter().map(|it| self.names.rule(self.t, it)).collect();
        joined(names, |first, second| self.t.sentence_list(first, second))
    }
}

/// The innermost part that decided: the reason is there, not at the `all` around it.
fn deciding(judged: &Judged) -> &Judged {
    let same = |it: &&Judged| it.truth == judged.truth && judged.saw.is_empty();
    judged.parts.iter().find(same).map_or(judged, deciding)
}
