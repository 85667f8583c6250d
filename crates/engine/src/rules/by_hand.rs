//! What people do with rules by hand: run them, stop runs, answer for what was missed.

use model::rule::{Cause, RunOutcome, WhyNot};
use model::{Moment, NoticeId, RuleId, RunId};

use super::occurrence::Occurrence;
use super::run::Beginning;
use super::set_off::late_by;
use super::turn::Turn;
use super::{Deed, Rules, World};

impl Rules {
    /// Whether a rule has or had that run, as far as is remembered.
    pub(crate) fn knows(&self, rule: &RuleId, run: &RunId) -> bool {
        self.runs.contains_key(run) || self.book.entry(rule).is_some_and(|it| it.knows(run))
    }

    /// Whether that run has not ended.
    pub(crate) fn is_running(&self, run: &RunId) -> bool {
        self.runs.contains_key(run)
    }

    /// Whether the people were asked about that run.
    pub(crate) fn is_asked(&self, run: &RunId) -> bool {
        self.asked.contains_key(run)
    }

    /// A person runs a rule, whatever its conditions say. Nothing comes of a run that is known.
    pub(crate) fn run_by_hand(
        &mut self,
        run: RunId,
        rule: &RuleId,
        world: &dyn World,
        now: Moment,
    ) -> Vec<Deed> {
        self.in_turn(world, now, |rules, turn| rules.run_now(rule, run, Cause::Person, turn))
    }

    /// A person pressed a button under a notice that runs a rule.
    pub(crate) fn run_by_notice(
        &mut self,
        notice: &NoticeId,
        rule: &RuleId,
        world: &dyn World,
        now: Moment,
    ) -> Vec<Deed> {
        self.in_turn(world, now, |rules, turn| {
            let Some(version) = rules.rule(rule).map(|it| it.version) else { return };
            let run = Occurrence::of(rule, version, None).with("notice").with(notice).run();
            rules.run_now(rule, run, Cause::Notice(notice.clone()), turn);
        })
    }

    fn run_now(&mut self, rule: &RuleId, run: RunId, cause: Cause, turn: &mut Turn<'_>) {
        if let Some(slot) = self.book.slot(rule).filter(|_| !self.knows(rule, &run)) {
            self.begin(slot, Beginning::new(run, cause), turn);
        }
    }

    /// A person stops a run.
    pub(crate) fn stop_by_hand(
        &mut self,
        run: &RunId,
        world: &dyn World,
        now: Moment,
    ) -> Vec<Deed> {
        self.in_turn(world, now, |rules, turn| rules.stop(run, RunOutcome::Cancelled, turn))
    }

    /// A person says whether what was missed shall run now.
    pub(crate) fn answer_missed(
        &mut self,
        run: &RunId,
        runs: bool,
        world: &dyn World,
        now: Moment,
    ) -> Vec<Deed> {
        self.in_turn(world, now, |rules, turn| {
            let Some(asked) = rules.asked.get(run).cloned() else { return };
            rules.settled(&asked, turn);
            let Some(slot) = rules.book.slot(&asked.rule) else { return };
            let mut beginning = Beginning::new(asked.run, asked.cause);
            beginning.late_by = late_by(now.wall.0.saturating_sub(asked.due.0));
            if runs {
                rules.begin(slot, beginning, turn);
            } else {
                rules.not_run(slot, beginning, WhyNot::Declined, turn);
            }
        })
    }
}
