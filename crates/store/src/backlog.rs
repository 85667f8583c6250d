//! Changes of configuration that could not be written, waiting to be tried again.

use std::collections::VecDeque;

use model::{Change, CommandId, DeviceId, RoomId};

/// One thing to write into `hearth.db`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    /// A change; never telemetry.
    Change(Change),
    /// A sealed secret, or that there is none any more.
    Secret(DeviceId, Option<Vec<u8>>),
}

/// What an entry replaces when it comes later.
#[derive(Debug, PartialEq)]
enum Subject<'a> {
    Home,
    Settings,
    Room(&'a RoomId),
    Device(&'a DeviceId),
    Gone(&'a DeviceId),
    Secret(&'a DeviceId),
    Outcome(&'a CommandId),
}

/// The most entries kept. A home of 1,000 devices has some 2,000 subjects.
const MOST: usize = 20_000;

/// Entries in the order in which they came; of one subject, only what still matters.
#[derive(Debug, Default)]
pub(crate) struct Backlog(VecDeque<Entry>);

impl Backlog {
    /// Keeps an entry, unless it is a command that was about to leave: that one was refused.
    pub(crate) fn keep(&mut self, entry: Entry) {
        let Some(subject) = entry.subject() else { return };
        self.0.retain(|older| older.subject().is_some_and(|it| !subject.outdates(&it)));
        if self.0.len() >= MOST {
            tracing::error!("too much could not be written; the oldest change is given up");
            self.0.pop_front();
        }
        self.0.push_back(entry);
    }

    /// What waits, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All has been written.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Entry {
    /// Whether the configuration is another afterwards (the journal is not configuration).
    pub(crate) fn is_configuration(&self) -> bool {
        !matches!(
            self,
            Self::Change(
                Change::CommandOpened(..) | Change::CommandClosed(..) | Change::Reported(_)
            )
        )
    }

    fn subject(&self) -> Option<Subject<'_>> {
        match self {
            Self::Secret(device, _) => Some(Subject::Secret(device)),
            Self::Change(change) => match change {
                Change::Home(_) => Some(Subject::Home),
                Change::Settings(_) => Some(Subject::Settings),
                Change::Room(room) => Some(Subject::Room(&room.id)),
                Change::RoomGone(id) => Some(Subject::Room(id)),
                Change::Device(device) => Some(Subject::Device(&device.id)),
                Change::DeviceGone(id) => Some(Subject::Gone(id)),
                Change::CommandClosed(id, ..) => Some(Subject::Outcome(id)),
                Change::CommandOpened(..) | Change::Reported(_) => None,
            },
        }
    }
}

impl Subject<'_> {
    /// Whether `older` need not be written any more once this is. That a device is gone stays
    /// even when it comes back, because its old secret goes with it.
    fn outdates(&self, older: &Self) -> bool {
        match (self, older) {
            (Self::Gone(id), Self::Device(of) | Self::Secret(of)) => id == of,
            (this, older) => this == older,
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{Action, Command, Home, Room, Timestamp};

    use super::*;

    fn secret(byte: u8) -> Entry {
        Entry::Secret("wled-aa".parse().unwrap(), Some(vec![byte]))
    }

    fn gone() -> Entry {
        Entry::Change(Change::DeviceGone("wled-aa".parse().unwrap()))
    }

    fn kept(entries: Vec<Entry>) -> Vec<Entry> {
        let mut backlog = Backlog::default();
        entries.into_iter().for_each(|entry| backlog.keep(entry));
        backlog.iter().cloned().collect()
    }

    #[test]
    fn only_the_last_of_a_kind_waits() {
        let room = |name: &str| {
            let id = "hall".parse().unwrap();
            Entry::Change(Change::Room(Room { id, name: name.try_into().unwrap(), position: 0 }))
        };
        let home = Entry::Change(Change::Home(Home { name: None, welcomed: true }));
        assert_eq!(kept(vec![room("A"), home.clone(), room("B")]), [home, room("B")]);
    }

    #[test]
    fn a_removed_device_takes_its_secret_along_but_not_its_successors() {
        assert_eq!(kept(vec![secret(1), gone(), secret(2)]), [gone(), secret(2)]);
    }

    #[test]
    fn a_command_that_was_not_written_is_not_kept() {
        let command = Command {
            id: "c1".parse().unwrap(),
            endpoint: "wled-aa/segment-0".parse().unwrap(),
            action: Action::SetOnOff(true),
        };
        assert_eq!(kept(vec![Entry::Change(Change::CommandOpened(command, Timestamp(1)))]), []);
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let mut backlog = Backlog::default();
        for number in 0..MOST + 10 {
            let id = RoomId::try_from(format!("room-{number}")).unwrap();
            backlog.0.push_back(Entry::Change(Change::RoomGone(id)));
            backlog.0.truncate(MOST);
        }
        backlog.keep(secret(1));
        assert_eq!(backlog.iter().count(), MOST);
    }
}
