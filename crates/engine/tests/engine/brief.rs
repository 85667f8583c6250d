//! Effects in a few words, so that a test reads as a list of what happens.

use api::{CapabilityState, ErrorCode, Update};
use engine::Effect;
use model::{Address, Change, CommandState, Issue, Reachability, Recorded, RoleRecord, Room};

pub(crate) fn brief(effect: &Effect) -> String {
    match effect {
        Effect::Persist(change) => format!("write {}", change_in_brief(change)),
        Effect::Send(command) => format!("send {}", command.id),
        Effect::Refresh(device) => format!("refresh {device}"),
        Effect::Drive { device, addresses, .. } => format!("drive {device} {}", list(addresses)),
        Effect::Undrive(device) => format!("undrive {device}"),
        Effect::TryNow(device) => format!("try {device}"),
        Effect::Probe { ticket, addresses, expect, .. } => {
            let expected = expect.as_ref().map_or("anyone".to_owned(), ToString::to_string);
            format!("probe #{} {} for {expected}", ticket.0, list(addresses))
        }
        Effect::KeepSecret(device, Some(_)) => format!("keep secret of {device}"),
        Effect::KeepSecret(device, None) => format!("forget secret of {device}"),
        Effect::Unlock(ticket, _) => format!("unlock #{}", ticket.0),
        Effect::Switch(ticket, stage) => format!("switch #{} {stage:?}", ticket.0),
        Effect::RetryWrites => "retry writes".to_owned(),
        Effect::Consult(ticket, _) => format!("consult #{}", ticket.0),
        Effect::Rehearse(ticket, _) => format!("rehearse #{}", ticket.0),
        Effect::ReadForeign(ticket, ..) => format!("read foreign #{}", ticket.0),
        Effect::Listen(to) => format!("listen {:?} {:?} {:?}", to.port, to.hooks, to.topics),
        Effect::WatchPhones(phones) => {
            let phones: Vec<String> =
                phones.iter().map(|(who, at)| format!(" {who}@{at}")).collect();
            format!("watch phones{}", phones.concat())
        }
        Effect::KeepBrokerSecret(Some(_)) => "keep secret of broker".to_owned(),
        Effect::KeepBrokerSecret(None) => "forget secret of broker".to_owned(),
        Effect::Notify(notice) => format!("notify {}", notice.id),
        Effect::Publish(update) => format!("tell {}", update_in_brief(update)),
        Effect::Reply(_, Ok(answer)) => format!("reply {answer:?}"),
        Effect::Reply(_, Err(error)) => format!("reply {}", code_in_brief(&error.code)),
    }
}

fn list(addresses: &[Address]) -> String {
    addresses.iter().map(Address::to_string).collect::<Vec<_>>().join(",")
}

fn code_in_brief(code: &ErrorCode) -> String {
    format!("{code:?}").replace("DeviceId(\"", "").replace("Name(\"", "").replace("\")", "")
}

fn change_in_brief(change: &Change) -> String {
    match change {
        Change::Home(home) => {
            let name = home.name.as_ref().map_or("-", model::Name::as_str);
            format!("home {name}{}", if home.welcomed { " welcomed" } else { "" })
        }
        Change::Settings(_) => "settings".to_owned(),
        Change::Room(room) => format!("room {}", room_in_brief(room)),
        Change::RoomGone(room) => format!("room gone {room}"),
        Change::Device(record) => format!("device {}", record.id),
        Change::DeviceGone(device) => format!("device gone {device}"),
        Change::Reported(report) => format!("report {} {:?}", report.endpoint, report.value),
        Change::CommandOpened(command, _) => format!("opened {}", command.id),
        Change::CommandClosed(command, outcome, _) => format!("closed {command} {}", far(outcome)),
        Change::Role(role) => format!("role {} {}", role.id, filled(role)),
        Change::RoleGone(role) => format!("role gone {role}"),
        Change::Scene(scene) => format!("scene {}", scene.id),
        Change::SceneGone(scene) => format!("scene gone {scene}"),
        Change::Group(group) => format!("group {}", group.id),
        Change::GroupGone(group) => format!("group gone {group}"),
        Change::Person(person) => format!("person {}", person.id),
        Change::PersonGone(person) => format!("person gone {person}"),
        Change::Variable(variable) => format!("variable {}", variable.id),
        Change::VariableGone(variable) => format!("variable gone {variable}"),
        Change::Notice(notice) => format!("notice {}", notice.id),
        Change::NoticeGone(notice) => format!("notice gone {notice}"),
        Change::Recorded(record) => format!("record {}", recorded(&record.what)),
        change @ (Change::Rule(_)
        | Change::RuleGone(_)
        | Change::RunBegan(_)
        | Change::RunWent(_)
        | Change::NotRun(_)
        | Change::Watch(_)
        | Change::WatchesGone(_)
        | Change::Asked(_)
        | Change::AskedGone(_)
        | Change::SeenTo(_)) => format!("{change:?}"),
    }
}

fn filled(role: &RoleRecord) -> String {
    role.endpoint.as_ref().map_or("vacant".to_owned(), |it| format!("by {it}"))
}

fn recorded(what: &Recorded) -> String {
    match what {
        Recorded::Value(endpoint, value) => format!("{endpoint} {value:?}"),
        Recorded::Pressed(endpoint, event) => format!("{endpoint} {event:?}"),
        Recorded::Reachable(device, true) => format!("{device} reachable"),
        Recorded::Reachable(device, false) => format!("{device} unreachable"),
        Recorded::Home(person, true) => format!("{person} home"),
        Recorded::Home(person, false) => format!("{person} away"),
        Recorded::Variable(variable, value) => format!("{variable} {value:?}"),
        Recorded::Started => "started".to_owned(),
    }
}

fn room_in_brief(room: &Room) -> String {
    format!("{}@{}", room.id, room.position)
}

fn far(state: &CommandState) -> String {
    format!("{state:?}")
}

fn update_in_brief(update: &Update) -> String {
    match update {
        Update::Snapshot(_) => "snapshot".to_owned(),
        Update::Device(it) => {
            format!("device {} \"{}\" {}", it.id, it.name, reachability(&it.reachability))
        }
        Update::DeviceGone(device) => format!("device gone {device}"),
        Update::State(endpoint, capability, state) => {
            format!("{endpoint} {capability}{}", state_in_brief(state))
        }
        Update::Pressed(endpoint, event, _) => format!("pressed {endpoint} {event:?}"),
        Update::Command(command, state) => format!("{command} {}", far(state)),
        Update::Rooms(rooms) => {
            let rooms: Vec<String> = rooms.iter().map(room_in_brief).collect();
            format!("rooms {}", rooms.join(" "))
        }
        Update::Home(_) => "home".to_owned(),
        Update::Settings(_) => "settings".to_owned(),
        Update::Found(found) => format!("found {}", found.sighting.device),
        Update::FoundGone(device) => format!("found gone {device}"),
        Update::Issue(Issue { id, .. }) => format!("issue {}", id.0),
        Update::IssueGone(id) => format!("issue gone {}", id.0),
        Update::Status(_) => "status".to_owned(),
        Update::Vacant(roles) => {
            let roles: Vec<String> = roles.iter().map(|it| format!(" {}", it.id)).collect();
            format!("vacant{}", roles.concat())
        }
        Update::Rule(rule) => format!("rule {}", rule.rule.id),
        Update::RuleGone(rule) => format!("rule gone {rule}"),
        Update::Ran(rule, _) => format!("ran {rule}"),
        Update::Scene(scene) => format!("scene {}", scene.id),
        Update::SceneGone(scene) => format!("scene gone {scene}"),
        Update::Group(group) => format!("group {}", group.id),
        Update::GroupGone(group) => format!("group gone {group}"),
        Update::Person(person) => format!("person {}", person.id),
        Update::PersonGone(person) => format!("person gone {person}"),
        Update::Variable(variable) => format!("variable {}", variable.id),
        Update::VariableGone(variable) => format!("variable gone {variable}"),
        Update::Notice(notice) => format!("notice {}", notice.id),
        Update::NoticeGone(notice) => format!("notice gone {notice}"),
    }
}

fn reachability(reachability: &Reachability) -> String {
    match reachability {
        Reachability::Unknown => "unknown".to_owned(),
        Reachability::Reachable => "reachable".to_owned(),
        Reachability::Unreachable { cause, .. } => format!("unreachable {cause:?}"),
    }
}

pub(crate) fn state_in_brief(state: &CapabilityState) -> String {
    let value = state.value.as_ref().map(|it| format!(" {it:?}"));
    let pending = state.pending.as_ref().map(|it| format!(" pending {}", far(&it.state)));
    let failure = state.failure.as_ref().map(|it| match &it.reason {
        Some(reason) => format!(" failed {reason:?}"),
        None => " failed Expired".to_owned(),
    });
    [value, pending, failure].into_iter().flatten().collect()
}
