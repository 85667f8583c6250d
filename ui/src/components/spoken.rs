//! What rules speak of, as the home calls it now.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use model::Category;

use crate::i18n::t;
use crate::sentence::{Names, Subject, Words};
use crate::state::{Home, Session};

/// What things are called, kept up to date: a handle.
#[derive(Debug, Clone, Copy)]
pub struct Spoken {
    /// The names.
    pub names: Memo<Arc<Names>>,
    session: Session,
}

/// What things are called; one for the whole interface. Only while a component is being built.
pub fn use_spoken() -> Spoken {
    expect_context()
}

impl Spoken {
    /// Follows the home. Names are gathered once somebody asks for them.
    pub fn start(session: Session) -> Self {
        let home = session.home;
        Self { names: Memo::new(move |_| Arc::new(names(home))), session }
    }

    /// Says something in the language in use; tracked, save the time.
    pub fn say<T>(self, speak: impl FnOnce(Words<'_>) -> T) -> T {
        self.say_at(self.session.exact_now(), speak)
    }

    /// Says something in the language in use, at that time; tracked.
    pub fn say_at<T>(self, now: model::Timestamp, speak: impl FnOnce(Words<'_>) -> T) -> T {
        self.names.with(|names| speak(Words::new(t(), names, now)))
    }
}

fn names(home: Home) -> Names {
    let shape = home.shape.get();
    let mut names = Names { rooms: home.rooms.get(), ..Names::default() };
    for id in shape.devices.keys() {
        let Some(slot) = home.device(id) else { continue };
        let device = slot.device.get();
        names.devices.insert(id.clone(), device.name.clone());
        for part in &device.endpoints {
            names.roles.insert(part.role.clone(), subject(&device, part));
        }
    }
    for role in home.vacant.get() {
        let subject = Subject {
            name: role.name.to_string(),
            kind: role.kind,
            room: role.room,
            specs: Vec::new(),
            filled: false,
            everyday: true,
        };
        names.roles.insert(role.id, subject);
    }
    let all = |it: &Arc<model::Group>| (it.id.clone(), (it.name.to_string(), it.members.clone()));
    names.groups = home.groups.all().iter().map(all).collect();
    names.scenes = named(home.scenes.all(), |it| (it.id.clone(), it.name.to_string()));
    names.people = named(home.people.all(), |it| (it.id.clone(), it.name.to_string()));
    names.variables =
        named(home.variables.all(), |it| (it.id.clone(), (it.name.to_string(), it.value.clone())));
    names.rules = named(home.rules.all(), |it| (it.rule.id.clone(), it.rule.body.name.to_string()));
    names
}

fn named<T, K: Ord, V>(all: Vec<Arc<T>>, name: impl Fn(&T) -> (K, V)) -> BTreeMap<K, V> {
    all.iter().map(|it| name(it)).collect()
}

/// A part that is named relative to its device ("Temperature") is called by both here: away from
/// its device nobody knows whose temperature that is.
fn subject(device: &api::DeviceView, part: &api::EndpointView) -> Subject {
    let relative = device.family.names_parts_relatively() && device.endpoints.len() > 1;
    let says_device = part.name.to_lowercase().contains(&device.name.to_lowercase());
    let name = if relative && !says_device {
        format!("{} {}", device.name, part.name)
    } else {
        part.name.clone()
    };
    Subject {
        name,
        kind: part.kind,
        room: part.room.clone(),
        specs: part.specs.clone(),
        filled: true,
        everyday: part.category == Category::Primary,
    }
}
