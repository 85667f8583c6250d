//! A snapshot cut into pieces: a home of a thousand devices is taken in over several frames, so
//! that none of them is held up.

use std::collections::BTreeSet;

use api::{DeviceView, HomeView, RuleView, Update};
use model::{DeviceId, RuleId};

/// So many devices, or rules, are taken in at a time.
const AT_ONCE: usize = 40;

/// What is taken in at a time.
#[derive(Debug)]
pub(super) enum Piece {
    /// A snapshot begins: all that is small in it.
    Rest(Box<Rest>),
    /// Some of its devices.
    Devices(Vec<DeviceView>),
    /// Some of its rules.
    Rules(Vec<RuleView>),
    /// It is complete.
    Whole,
    /// Changes.
    Updates(Vec<Update>),
}

/// A snapshot without its devices and rules, and which these are.
#[derive(Debug)]
pub(super) struct Rest {
    pub(super) view: HomeView,
    pub(super) devices: BTreeSet<DeviceId>,
    pub(super) rules: BTreeSet<RuleId>,
}

/// The pieces of a batch, in order.
pub(super) fn of(updates: Vec<Update>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut changes = Vec::new();
    for update in updates {
        match update {
            Update::Snapshot(view) => {
                pieces.extend(flushed(&mut changes));
                cut(*view, &mut pieces);
            }
            update => changes.push(update),
        }
    }
    pieces.extend(flushed(&mut changes));
    pieces
}

fn flushed(changes: &mut Vec<Update>) -> Option<Piece> {
    (!changes.is_empty()).then(|| Piece::Updates(std::mem::take(changes)))
}

fn cut(mut view: HomeView, pieces: &mut Vec<Piece>) {
    let devices = std::mem::take(&mut view.devices);
    let rules = std::mem::take(&mut view.rules);
    let rest = Rest {
        devices: devices.iter().map(|it| it.id.clone()).collect(),
        rules: rules.iter().map(|it| it.rule.id.clone()).collect(),
        view,
    };
    pieces.push(Piece::Rest(Box::new(rest)));
    pieces.extend(chunks(devices).into_iter().map(Piece::Devices));
    pieces.extend(chunks(rules).into_iter().map(Piece::Rules));
    pieces.push(Piece::Whole);
}

fn chunks<T>(mut all: Vec<T>) -> Vec<Vec<T>> {
    let mut chunks = Vec::new();
    while !all.is_empty() {
        let rest = all.split_off(all.len().min(AT_ONCE));
        chunks.push(std::mem::replace(&mut all, rest));
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_when_something_is_cut() {
        let all: Vec<usize> = (0..95).collect();
        let chunks = chunks(all.clone());
        assert_eq!(chunks.iter().map(Vec::len).collect::<Vec<_>>(), [40, 40, 15]);
        assert_eq!(chunks.concat(), all);
    }

    #[test]
    fn changes_around_a_snapshot_keep_their_places() {
        let gone = |id: &str| Update::DeviceGone(id.parse().unwrap());
        let pieces = of(vec![gone("a"), gone("b")]);
        assert!(matches!(&pieces[..], [Piece::Updates(updates)] if updates.len() == 2));
        assert!(of(Vec::new()).is_empty());
    }
}
