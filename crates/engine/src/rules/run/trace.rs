//! The explanation of a run, kept short: the first entries and the last ones.

use model::Timestamp;
use model::rule::{Path, Trace, TraceEvent, TraceStep};

/// Most entries of a trace.
const MOST: usize = 500;
/// How many of the first ones are kept whatever comes.
const FIRST: usize = 250;

/// Adds an entry. Of more than are kept, those in the middle go, and it is told how many.
pub(super) fn note(trace: &mut Trace, at: Timestamp, path: Path, what: TraceEvent) {
    let steps = &mut trace.steps;
    if steps.len() >= MOST {
        let mut left_out = 1;
        if let Some(TraceStep { what: TraceEvent::LeftOut(count), .. }) = steps.get(FIRST) {
            left_out = count.saturating_add(1);
            steps.remove(FIRST);
        } else {
            steps.remove(FIRST);
            left_out += 1;
        }
        if let Some(place) = steps.get_mut(FIRST) {
            place.what = TraceEvent::LeftOut(left_out);
        }
    }
    steps.push(TraceStep { at, path, what });
}

#[cfg(test)]
mod tests {
    use model::RunId;
    use model::rule::Cause;

    use super::*;

    #[test]
    fn a_long_trace_keeps_its_ends_and_counts_what_it_lost() {
        let mut trace = Trace {
            run: RunId::from_digits(1),
            rule: "r".parse().unwrap(),
            version: 1,
            cause: Cause::Person,
            started_at: Timestamp(0),
            late_by: None,
            conditions: Vec::new(),
            steps: Vec::new(),
            ended: None,
        };
        for round in 0..2_000_u16 {
            note(&mut trace, Timestamp(0), Path::default(), TraceEvent::Round(round));
        }
        assert_eq!(trace.steps.len(), MOST);
        let lost: usize = trace
            .steps
            .iter()
            .map(|it| {
                let TraceEvent::LeftOut(count) = it.what else { return 0 };
                usize::try_from(count).unwrap() - 1
            })
            .sum();
        assert_eq!(trace.steps.len() + lost, 2_000);
        assert_eq!(trace.steps.first().unwrap().what, TraceEvent::Round(0));
        assert_eq!(trace.steps.last().unwrap().what, TraceEvent::Round(1_999));
    }
}
