//! The people who live here, and whether they are in.
//!
//! A phone says when it comes and when it has been gone for a while; a person can say otherwise,
//! and that stands until the phone next changes.

use std::collections::BTreeMap;
use std::net::IpAddr;

use api::{Answer, ApiError, ErrorCode, PhoneAt, Update};
use model::{
    Change, Moment, Name, Person, PersonId, Presence, PresenceSource, Recorded, Timestamp,
};

use super::uses::Named;
use super::{in_use, invalid, recorded};
use crate::requests::not_found;
use crate::rules::Happening;
use crate::{Effect, Engine};

/// The people, and what their phones last said.
#[derive(Debug, Clone, Default)]
pub(crate) struct People {
    pub(crate) by_id: BTreeMap<PersonId, Person>,
    /// What each phone last said since Hearth started or it was chosen; `None` when it was chosen
    /// and has not said anything yet.
    phones: BTreeMap<PersonId, Option<bool>>,
}

impl People {
    fn watched(&self) -> BTreeMap<PersonId, IpAddr> {
        let people = self.by_id.values();
        people.filter_map(|it| Some((it.id.clone(), it.phone?))).collect()
    }
}

impl Engine {
    pub(super) fn restore_people(&mut self, people: Vec<Person>, out: &mut Vec<Effect>) {
        self.household.people.by_id = people.into_iter().map(|it| (it.id.clone(), it)).collect();
        if !self.household.people.watched().is_empty() {
            self.watch_phones(out);
        }
    }

    fn watch_phones(&self, out: &mut Vec<Effect>) {
        out.push(Effect::WatchPhones(self.household.people.watched()));
    }

    fn person_mut(&mut self, id: &PersonId) -> Result<&mut Person, ApiError> {
        self.household.people.by_id.get_mut(id).ok_or_else(|| not_found("person", id))
    }

    fn tell_person(&self, id: &PersonId, out: &mut Vec<Effect>) {
        if let Some(person) = self.household.people.by_id.get(id) {
            out.push(Effect::Persist(Change::Person(person.clone())));
            out.push(Effect::Publish(Update::Person(person.clone())));
        }
    }

    pub(super) fn save_person(
        &mut self,
        id: PersonId,
        name: Name,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let people = &mut self.household.people.by_id;
        let is_new = !people.contains_key(&id);
        let presence = Presence { since: now.wall, ..Presence::default() };
        let person = people.entry(id.clone()).or_insert_with(|| Person {
            id: id.clone(),
            name: name.clone(),
            phone: None,
            presence,
        });
        if is_new || person.name != name {
            person.name = name;
            self.tell_person(&id, out);
        }
        if is_new {
            self.rewire_rules(now, out);
        }
        Ok(Answer::Done)
    }

    pub(super) fn remove_person(
        &mut self,
        id: &PersonId,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let had_phone = self.person_mut(id)?.phone.is_some();
        let naming = self.rules_naming(&Named::Person(id));
        if !naming.is_empty() {
            return Err(in_use(naming));
        }
        self.household.people.by_id.remove(id);
        self.household.people.phones.remove(id);
        out.push(Effect::Persist(Change::PersonGone(id.clone())));
        out.push(Effect::Publish(Update::PersonGone(id.clone())));
        if had_phone {
            self.watch_phones(out);
        }
        self.rewire_rules(now, out);
        Ok(Answer::Done)
    }

    pub(super) fn set_presence(
        &mut self,
        id: &PersonId,
        home: bool,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        self.person_mut(id)?;
        self.is_home(id, home, PresenceSource::Person, now, out);
        Ok(Answer::Done)
    }

    /// Takes in where somebody is. Only who was known to be elsewhere has come or left.
    fn is_home(
        &mut self,
        id: &PersonId,
        home: bool,
        by: PresenceSource,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        let Some(person) = self.household.people.by_id.get_mut(id) else { return };
        let was = person.presence;
        let since: Timestamp = if was.home == Some(home) { was.since } else { now.wall };
        person.presence = Presence { home: Some(home), since, by };
        if person.presence != was {
            self.tell_person(id, out);
        }
        if was.home == Some(!home) {
            out.push(recorded(Recorded::Home(id.clone(), home), now));
            self.note(Happening::Home(id, home));
        }
    }

    pub(super) fn track_phone(
        &mut self,
        id: &PersonId,
        at: PhoneAt,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let phone = match at {
            PhoneAt::Here => {
                let words = "nobody knows here at which address the client is";
                return Err(ApiError::new(ErrorCode::Unsupported, words));
            }
            PhoneAt::Address(address) if address.is_unspecified() || address.is_multicast() => {
                return Err(invalid(format!("{address} is no phone's address")));
            }
            PhoneAt::Address(address) => Some(address),
            PhoneAt::Nowhere => None,
        };
        let person = self.person_mut(id)?;
        if person.phone != phone {
            person.phone = phone;
            self.household.people.phones.insert(id.clone(), None);
            self.tell_person(id, out);
            self.watch_phones(out);
        }
        Ok(Answer::Done)
    }

    /// Takes what the hub saw of somebody's phone.
    pub(crate) fn phone_seen(
        &mut self,
        id: &PersonId,
        is_there: bool,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        let Some(person) = self.household.people.by_id.get(id) else { return };
        if person.phone.is_none() {
            return;
        }
        let presence = person.presence;
        let before = self.household.people.phones.insert(id.clone(), Some(is_there));
        let counts = match before {
            Some(Some(before)) => before != is_there,
            Some(None) => true,
            // The first since Hearth started: what a person has said since it changed still stands.
            None => presence.by == PresenceSource::Phone || presence.home.is_none(),
        };
        if counts {
            self.is_home(id, is_there, PresenceSource::Phone, now, out);
        }
    }
}
