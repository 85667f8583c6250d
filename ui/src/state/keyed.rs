//! Things of one kind by their ids, one signal each: news of one touches only what shows it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use leptos::prelude::*;

/// Things by their ids. A handle: copies are the same things.
#[derive(Debug)]
pub struct Keyed<K: 'static, V: 'static> {
    keys: RwSignal<Arc<BTreeSet<K>>>,
    things: StoredValue<BTreeMap<K, ArcRwSignal<Arc<V>>>>,
}

impl<K, V> Clone for Keyed<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V> Copy for Keyed<K, V> {}

impl<K, V> Keyed<K, V>
where
    K: Clone + Ord + Send + Sync + 'static,
    V: PartialEq + Send + Sync + 'static,
{
    /// None yet.
    pub fn new() -> Self {
        Self { keys: RwSignal::default(), things: StoredValue::default() }
    }

    /// The ids, in order; tracked.
    pub fn keys(self) -> Arc<BTreeSet<K>> {
        self.keys.get()
    }

    /// How many there are; tracked.
    pub fn len(self) -> usize {
        self.keys.with(|it| it.len())
    }

    /// Whether there is one of that id; follows its coming and going only.
    pub fn has(self, key: &K) -> bool {
        self.keys.with(|it| it.contains(key))
    }

    /// One of them; tracked, and so is its coming and going.
    pub fn get(self, key: &K) -> Option<Arc<V>> {
        self.keys.track();
        self.things.with_value(|it| it.get(key).cloned()).map(|it| it.get())
    }

    /// All of them, by id; tracked, each.
    pub fn all(self) -> Vec<Arc<V>> {
        self.keys.track();
        let signals = self.things.with_value(|it| it.values().cloned().collect::<Vec<_>>());
        signals.into_iter().map(|it| it.get()).collect()
    }

    /// All of them as they are now; not tracked.
    #[cfg(test)]
    fn all_untracked(self) -> Vec<Arc<V>> {
        self.things.with_value(|it| it.values().map(|it| it.get_untracked()).collect())
    }

    /// One is new or has changed.
    pub(super) fn put(self, key: K, value: V) {
        let known = self.things.with_value(|it| it.get(&key).cloned());
        match known {
            Some(signal) if signal.with_untracked(|it| **it == value) => {}
            Some(signal) => signal.set(Arc::new(value)),
            None => {
                let signal = ArcRwSignal::new(Arc::new(value));
                self.things.update_value(|it| drop(it.insert(key.clone(), signal)));
                self.keys.update(|it| {
                    Arc::make_mut(it).insert(key);
                });
            }
        }
    }

    /// One has changed, if it is there.
    pub(super) fn change(self, key: &K, edit: impl FnOnce(&mut V))
    where
        V: Clone,
    {
        let known = self.things.with_value(|it| it.get(key).cloned());
        if let Some(signal) = known {
            let mut value = V::clone(&signal.read_untracked());
            edit(&mut value);
            self.put(key.clone(), value);
        }
    }

    /// One is gone.
    pub(super) fn remove(self, key: &K) {
        drop(self.things.try_update_value(|it| it.remove(key)));
        if self.keys.with_untracked(|it| it.contains(key)) {
            self.keys.update(|it| {
                Arc::make_mut(it).remove(key);
            });
        }
    }

    /// Only these are left.
    pub(super) fn retain(self, kept: &BTreeSet<K>) {
        let gone: Vec<K> =
            self.keys.with_untracked(|it| it.difference(kept).cloned().collect::<Vec<_>>());
        for key in &gone {
            self.remove(key);
        }
    }

    /// These are all.
    pub(super) fn replace(self, all: impl IntoIterator<Item = (K, V)>) {
        let all: Vec<(K, V)> = all.into_iter().collect();
        self.retain(&all.iter().map(|(key, _)| key.clone()).collect());
        for (key, value) in all {
            self.put(key, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Keyed<u8, String> {
        let words = Keyed::new();
        words.replace([(1, "one".to_owned()), (2, "two".to_owned())]);
        words
    }

    #[test]
    fn what_is_not_told_any_more_is_gone() {
        let owner = Owner::new();
        owner.with(|| {
            let words = words();
            words.replace([(2, "two".to_owned()), (3, "three".to_owned())]);
            let all: Vec<String> =
                words.all_untracked().iter().map(|it| it.as_str().to_owned()).collect();
            assert_eq!(all, ["two", "three"]);
        });
    }

    #[test]
    fn a_change_touches_one_thing_and_not_the_list() {
        let owner = Owner::new();
        owner.with(|| {
            let words = words();
            let before = words.keys.get_untracked();
            words.change(&1, |it| it.push('!'));
            words.change(&9, |it| it.push('!'));
            assert_eq!(words.all_untracked()[0].as_str(), "one!");
            assert!(Arc::ptr_eq(&before, &words.keys.get_untracked()));
        });
    }

    #[test]
    fn what_is_removed_twice_is_gone_once() {
        let owner = Owner::new();
        owner.with(|| {
            let words = words();
            words.remove(&1);
            words.remove(&1);
            assert_eq!(words.all_untracked().len(), 1);
        });
    }
}
