//! A walk through the samples of one chunk, or of what of one series is not sealed.

use model::{Record, Recorded, Timestamp};

use crate::past::codec::{Decoded, Samples};
use crate::past::subject::Subject;

/// Samples of one series in the order in which they came, and where among them one is.
pub(super) struct Cursor<'a> {
    subject: &'a Subject,
    held: Decoded,
    /// What each of the different words stands for.
    words: Vec<Option<Recorded>>,
    /// The places in the order of their times; empty when that is the order in which they came.
    order: Vec<u16>,
    place: usize,
    end: usize,
}

impl<'a> Cursor<'a> {
    /// A walk through what is from `from` until before `until`.
    pub(super) fn new(subject: &'a Subject, held: Decoded, (from, until): (i64, i64)) -> Self {
        let words = match &held.samples {
            Samples::Words(words, _) => {
                let each = words.iter().cloned().map(crate::past::codec::Sample::Words);
                each.map(|it| subject.record(&it)).collect()
            }
            _ => Vec::new(),
        };
        let order = order_of(&held.times);
        let mut cursor = Self { subject, held, words, order, place: 0, end: 0 };
        let n = cursor.held.times.len();
        let count = |limit: i64| cursor.held.times.iter().filter(|it| **it < limit).count();
        (cursor.place, cursor.end) = (count(from), count(until).min(n));
        cursor
    }

    fn index(&self) -> usize {
        self.order.get(self.place).map_or(self.place, |it| usize::from(*it))
    }

    /// When the next one was. `None` at the end.
    pub(super) fn at(&self) -> Option<i64> {
        (self.place < self.end).then(|| self.held.times.get(self.index()).copied()).flatten()
    }

    /// The next one, and on. `None` for what makes no sense.
    pub(super) fn next(&mut self) -> Option<Record> {
        let index = self.index();
        self.place += 1;
        let at = Timestamp(*self.held.times.get(index)?);
        let what = match &self.held.samples {
            Samples::Words(_, indexes) => {
                self.words.get(usize::from(*indexes.get(index)?))?.clone()
            }
            samples => self.subject.record(&samples.get(index)?),
        };
        Some(Record { at, what: what? })
    }
}

/// A clock that was put back leaves samples out of order.
fn order_of(times: &[i64]) -> Vec<u16> {
    if times.is_sorted() || times.len() > usize::from(u16::MAX) {
        return Vec::new();
    }
    let mut order: Vec<u16> = (0..=u16::MAX).take(times.len()).collect();
    order.sort_by_key(|it| times.get(usize::from(*it)));
    order
}
