//! The rules of a home by what they listen for, switch off and are called, so that a rule is held
//! against those alone that have to do with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::rule::RuleBody;
use model::{Name, RoleId, RuleId};

use super::effects::Effects;
use super::events::Event;
use crate::rules::World;

/// The rules of a home, for the linter. To be told of every rule that is saved, enabled, disabled or
/// removed, and made anew when roles, rooms, groups or scenes have changed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Neighbours {
    rules: BTreeMap<RuleId, Neighbour>,
    by_name: BTreeMap<String, BTreeSet<RuleId>>,
    listening: BTreeMap<Event, BTreeSet<RuleId>>,
    switching_off: BTreeMap<RoleId, BTreeSet<RuleId>>,
}

#[derive(Debug, Clone)]
struct Neighbour {
    body: Arc<RuleBody>,
    events: BTreeSet<Event>,
    offs: BTreeSet<RoleId>,
}

impl Neighbours {
    /// Takes up a rule, in place of what it said before. One that is not enabled does nothing, so it
    /// only has its name.
    pub(crate) fn put(
        &mut self,
        id: &RuleId,
        is_enabled: bool,
        body: &Arc<RuleBody>,
        world: &dyn World,
    ) {
        self.forget(id);
        let mut neighbour =
            Neighbour { body: Arc::clone(body), events: BTreeSet::new(), offs: BTreeSet::new() };
        if is_enabled {
            let triggers = body.triggers.iter();
            neighbour.events = triggers.flat_map(|it| Event::of(it, world)).collect();
            neighbour.offs = Effects::of(body, world).offs().cloned().collect();
        }
        add(&mut self.by_name, [spoken(&body.name)], id);
        add(&mut self.listening, neighbour.events.iter().cloned(), id);
        add(&mut self.switching_off, neighbour.offs.iter().cloned(), id);
        self.rules.insert(id.clone(), neighbour);
    }

    /// Forgets a rule.
    pub(crate) fn forget(&mut self, id: &RuleId) {
        let Some(neighbour) = self.rules.remove(id) else { return };
        take(&mut self.by_name, [&spoken(&neighbour.body.name)], id);
        take(&mut self.listening, &neighbour.events, id);
        take(&mut self.switching_off, &neighbour.offs, id);
    }

    pub(super) fn body(&self, id: &RuleId) -> Option<&RuleBody> {
        self.rules.get(id).map(|it| it.body.as_ref())
    }

    /// The rules of that name, by id.
    pub(super) fn namesakes(&self, name: &Name) -> impl Iterator<Item = &RuleId> {
        self.by_name.get(&spoken(name)).into_iter().flatten()
    }

    /// The enabled rules that may be set off by that.
    pub(super) fn listening(&self, event: &Event) -> impl Iterator<Item = &RuleId> {
        self.listening.get(event).into_iter().flatten()
    }

    /// The enabled rules that may switch that off.
    pub(super) fn switching_off(&self, role: &RoleId) -> impl Iterator<Item = &RuleId> {
        self.switching_off.get(role).into_iter().flatten()
    }
}

fn add<K: Ord>(
    index: &mut BTreeMap<K, BTreeSet<RuleId>>,
    keys: impl IntoIterator<Item = K>,
    id: &RuleId,
) {
    for key in keys {
        index.entry(key).or_default().insert(id.clone());
    }
}

fn take<'a, K: Ord + 'a>(
    index: &mut BTreeMap<K, BTreeSet<RuleId>>,
    keys: impl IntoIterator<Item = &'a K>,
    id: &RuleId,
) {
    for key in keys {
        let is_empty = index.get_mut(key).is_some_and(|ids| {
            ids.remove(id);
            ids.is_empty()
        });
        if is_empty {
            index.remove(key);
        }
    }
}

/// A name as it is heard: capital or small is the same.
fn spoken(name: &Name) -> String {
    name.as_str().to_lowercase()
}
