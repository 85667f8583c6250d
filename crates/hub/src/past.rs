//! What takes its time and touches nothing of the home: looking things up in the store, rehearsing
//! rules over the recorded past, reading rules of other systems. Done on blocking threads, at most
//! so much at a time; the loop goes on meanwhile.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use api::{Answer, ApiError, ErrorCode, ForeignFormat, Meaning};
use engine::{Inquiry, Rehearsing, Ticket};
use model::Timestamp;
use store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::archive::Archive;
use crate::event::Event;
use crate::home::OpenHome;

/// Most things that are looked up, or read, at the same time.
const LOOKUPS: usize = 16;
/// Most rehearsals at the same time: each reads as fast as the disk gives.
const REHEARSALS: usize = 2;
/// So many records are played between two looks at whether to stop.
const AT_ONCE: u64 = 1_024;

/// Kinds of work that are done aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Lookup,
    Rehearsal,
}

/// How much is done aside now.
#[derive(Debug, Default)]
pub(crate) struct Aside {
    lookups: usize,
    rehearsals: usize,
}

impl Aside {
    fn count(&mut self, work: Work) -> (&mut usize, usize) {
        match work {
            Work::Lookup => (&mut self.lookups, LOOKUPS),
            Work::Rehearsal => (&mut self.rehearsals, REHEARSALS),
        }
    }

    /// Whether there is room for one more; then it is counted.
    fn begin(&mut self, work: Work) -> bool {
        let (count, most) = self.count(work);
        let fits = *count < most;
        *count += usize::from(fits);
        fits
    }

    fn end(&mut self, work: Work) {
        *self.count(work).0 -= 1;
    }
}

impl OpenHome {
    /// Looks something up in the store.
    pub(crate) fn consult(&mut self, ticket: Ticket, inquiry: Inquiry) {
        let archive = Arc::clone(&self.archive);
        self.aside(ticket, Work::Lookup, move || {
            look_up(archive.as_ref(), inquiry).map_err(|error| unreadable(&error))
        });
    }

    /// Plays the recorded past through a draft.
    pub(crate) fn rehearse(&mut self, ticket: Ticket, rehearsing: Box<Rehearsing>) {
        let archive = Arc::clone(&self.archive);
        let stop = self.tasks.token();
        self.aside(ticket, Work::Rehearsal, move || play(archive.as_ref(), *rehearsing, &stop));
    }

    /// Reads rules of another system.
    pub(crate) fn read_foreign(
        &mut self,
        ticket: Ticket,
        format: ForeignFormat,
        text: String,
        meanings: BTreeMap<String, Meaning>,
    ) {
        let home = self.engine.snapshot();
        self.aside(ticket, Work::Lookup, move || {
            let read = importer::read(format, &text, &meanings, &home)?;
            Ok(Answer::Imported(Box::new(read)))
        });
    }

    fn aside(
        &mut self,
        ticket: Ticket,
        work: Work,
        act: impl FnOnce() -> Result<Answer, ApiError> + Send + 'static,
    ) {
        if !self.aside.begin(work) {
            let words = "too much of this is going on at the same time; try again";
            return self.reply(ticket, Err(ApiError::new(ErrorCode::Busy, words)));
        }
        let outcomes = self.outlets.outcomes.clone();
        self.tasks.spawn_blocking(move || {
            // A defect in there must not leave somebody waiting for ever.
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(act));
            let outcome = outcome.unwrap_or_else(|_| {
                Err(ApiError::new(ErrorCode::Unsupported, "this failed; the log says more"))
            });
            drop(outcomes.send(Event::Answered(ticket, work, outcome)));
        });
    }

    /// Work that was done aside is done.
    pub(crate) fn answered(
        &mut self,
        ticket: Ticket,
        work: Work,
        outcome: Result<Answer, ApiError>,
    ) {
        self.aside.end(work);
        self.reply(ticket, outcome);
    }
}

fn look_up(archive: &dyn Archive, inquiry: Inquiry) -> Result<Answer, StoreError> {
    Ok(match inquiry {
        Inquiry::PastRuns(rule, most) => Answer::PastRuns(archive.past_runs(&rule, most)?),
        Inquiry::PastRun(run) => Answer::PastRuns(archive.past_run(&run)?.into_iter().collect()),
        Inquiry::Versions(rule) => Answer::Versions(archive.versions(&rule)?),
        Inquiry::Past { endpoint, what, from, until, buckets } => {
            Answer::Past(archive.series(&endpoint, what, (from, until), buckets)?)
        }
    })
}

fn play(
    archive: &dyn Archive,
    mut rehearsing: Rehearsing,
    stop: &CancellationToken,
) -> Result<Answer, ApiError> {
    let (from, until) = (rehearsing.from(), rehearsing.until());
    let mut played = 0;
    let since = archive.records((from, until), &mut |record| {
        rehearsing.feed(record);
        played += 1;
        if played % AT_ONCE == 0 && stop.is_cancelled() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    let since = since.map_err(|error| unreadable(&error))?;
    if stop.is_cancelled() {
        return Err(ApiError::new(ErrorCode::Stopped, "the hub has stopped"));
    }
    let mut rehearsal = rehearsing.finish();
    rehearsal.recorded_since = begins_later(since, from, until);
    Ok(Answer::Rehearsed(Box::new(rehearsal)))
}

/// When the recorded past begins, where that is later than was asked for.
fn begins_later(since: Option<Timestamp>, from: Timestamp, until: Timestamp) -> Option<Timestamp> {
    match since {
        Some(since) => (since > from).then_some(since),
        // Nothing at all is recorded.
        None => Some(until),
    }
}

fn unreadable(error: &StoreError) -> ApiError {
    let code = match error {
        StoreError::Closed => ErrorCode::Stopped,
        _ => ErrorCode::Unreadable(error.to_string()),
    };
    ApiError::new(code, format!("what is kept of the past cannot be read: {error}"))
}
