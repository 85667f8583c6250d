//! Changes of configuration that could not be written, waiting to be tried again.

use std::collections::VecDeque;

use model::{
    Change, CommandId, DeviceId, EndpointId, GroupId, NoticeId, PersonId, RoleId, RoomId, RuleId,
    RunId, SceneId, VariableId,
};

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
    Role(&'a RoleId),
    Scene(&'a SceneId),
    Group(&'a GroupId),
    Person(&'a PersonId),
    Variable(&'a VariableId),
    Notice(&'a NoticeId),
    /// In this version: no version is left out.
    Rule(&'a RuleId, u32),
    RuleGone(&'a RuleId),
    Run(&'a RunId),
    Watch(&'a RuleId, u16, &'a EndpointId),
    WatchesGone(&'a RuleId),
    Asked(&'a RunId),
}

/// The most entries kept. A home of 1,000 devices has some 2,000 subjects.
const MOST: usize = 20_000;

/// Entries in the order in which they came; of one subject, only what still matters.
#[derive(Debug, Default)]
pub(crate) struct Backlog(VecDeque<Entry>);

impl Backlog {
    /// Keeps an entry, unless it is a command that was about to leave or a run that was about to
    /// begin: those were refused.
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
    /// Whether the configuration is another afterwards (the journal and what runs are not
    /// configuration).
    pub(crate) fn is_configuration(&self) -> bool {
        !matches!(
            self,
            Self::Change(
                Change::CommandOpened(..)
                    | Change::CommandClosed(..)
                    | Change::RunBegan(_)
                    | Change::RunWent(_)
                    | Change::Watch(_)
                    | Change::WatchesGone(_)
                    | Change::Asked(_)
                    | Change::AskedGone(_)
                    | Change::Reported(_)
                    | Change::NotRun(_)
                    | Change::SeenTo(_)
                    | Change::Recorded(_)
            )
        )
    }

    fn subject(&self) -> Option<Subject<'_>> {
        match self {
            Self::Secret(device, _) => Some(Subject::Secret(device)),
            Self::Change(change) => subject_of(change),
        }
    }
}

fn subject_of(change: &Change) -> Option<Subject<'_>> {
    Some(match change {
        Change::Home(_) => Subject::Home,
        Change::Settings(_) => Subject::Settings,
        Change::Room(room) => Subject::Room(&room.id),
        Change::RoomGone(id) => Subject::Room(id),
        Change::Device(device) => Subject::Device(&device.id),
        Change::DeviceGone(id) => Subject::Gone(id),
        Change::CommandClosed(id, ..) => Subject::Outcome(id),
        Change::Role(role) => Subject::Role(&role.id),
        Change::RoleGone(id) => Subject::Role(id),
        Change::Scene(scene) => Subject::Scene(&scene.id),
        Change::SceneGone(id) => Subject::Scene(id),
        Change::Group(group) => Subject::Group(&group.id),
        Change::GroupGone(id) => Subject::Group(id),
        Change::Person(person) => Subject::Person(&person.id),
        Change::PersonGone(id) => Subject::Person(id),
        Change::Variable(variable) => Subject::Variable(&variable.id),
        Change::VariableGone(id) => Subject::Variable(id),
        Change::Notice(notice) => Subject::Notice(&notice.id),
        Change::NoticeGone(id) => Subject::Notice(id),
        Change::Rule(rule) => Subject::Rule(&rule.id, rule.version),
        Change::RuleGone(id) => Subject::RuleGone(id),
        Change::RunWent(run) => Subject::Run(&run.trace.run),
        Change::Watch(it) => Subject::Watch(&it.rule, it.watch, &it.endpoint),
        Change::WatchesGone(rule) => Subject::WatchesGone(rule),
        Change::Asked(asked) => Subject::Asked(&asked.run),
        Change::AskedGone(run) => Subject::Asked(run),
        Change::CommandOpened(..)
        | Change::RunBegan(_)
        | Change::Reported(_)
        | Change::NotRun(_)
        | Change::SeenTo(_)
        | Change::Recorded(_) => return None,
    })
}

impl Subject<'_> {
    /// Whether `older` need not be written any more once this is. That a device is gone stays
    /// even when it comes back, because its old secret goes with it.
    fn outdates(&self, older: &Self) -> bool {
        match (self, older) {
            (Self::Gone(id), Self::Device(of) | Self::Secret(of)) => id == of,
            (Self::RuleGone(id), Self::Rule(of, _)) => id == of,
            (Self::RuleGone(id) | Self::WatchesGone(id), Self::Watch(of, ..)) => id == of,
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
        let home = Entry::Change(Change::Home(Home { welcomed: true, ..Home::default() }));
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
            transition: model::Span::default(),
            origin: model::Origin::App,
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
