//! Puts numbered messages back in order: the shell hands large ones over later than small ones.

use std::collections::BTreeMap;

/// More messages than this out of order mean that one was lost.
const MOST_WAITING: usize = 1_000;

/// Messages on their way through.
#[derive(Debug)]
pub(super) struct InOrder<T> {
    next: u64,
    waiting: BTreeMap<u64, T>,
}

impl<T> Default for InOrder<T> {
    fn default() -> Self {
        Self { next: 0, waiting: BTreeMap::new() }
    }
}

impl<T> InOrder<T> {
    /// Takes a message in and gives out those whose turn it is. `None` when one is missing for
    /// good: the channel has to be opened anew.
    pub(super) fn push(&mut self, index: u64, message: T) -> Option<Vec<T>> {
        if index >= self.next {
            self.waiting.insert(index, message);
        }
        let mut ready = Vec::new();
        while let Some(message) = self.waiting.remove(&self.next) {
            ready.push(message);
            self.next += 1;
        }
        (self.waiting.len() <= MOST_WAITING).then_some(ready)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_in_the_order_of_their_numbers() {
        let mut order = InOrder::default();
        assert_eq!(order.push(1, 'b'), Some(vec![]));
        assert_eq!(order.push(2, 'c'), Some(vec![]));
        assert_eq!(order.push(0, 'a'), Some(vec!['a', 'b', 'c']));
        assert_eq!(order.push(3, 'd'), Some(vec!['d']));
    }

    #[test]
    fn a_message_that_comes_twice_is_given_out_once() {
        let mut order = InOrder::default();
        assert_eq!(order.push(0, 'a'), Some(vec!['a']));
        assert_eq!(order.push(0, 'a'), Some(vec![]));
    }

    #[test]
    fn a_message_that_never_comes_is_noticed() {
        let mut order = InOrder::default();
        let noticed = (1..2_000).find(|index| order.push(*index, ()).is_none());
        assert_eq!(noticed, Some(1_001));
    }
}
