//! What a client does with updates. Deliberately naive: if this leads elsewhere than the next
//! snapshot, the interface would show something that is not so.

use api::{HomeView, Update};

pub(crate) fn apply(view: &mut HomeView, update: Update) {
    match update {
        Update::Snapshot(all) => *view = *all,
        Update::Device(device) => put_in_order(&mut view.devices, *device, |it| it.id.clone()),
        Update::DeviceGone(id) => remove(&mut view.devices, |it| it.id == id),
        Update::State(id, capability, state) => {
            let device = view.devices.iter_mut().find(|it| it.id == id.device);
            let device = device.expect("a state is of a known device");
            let endpoint = device.endpoints.iter_mut().find(|it| it.id == id);
            endpoint.expect("a state is of a known endpoint").states.insert(capability, *state);
        }
        Update::Pressed(..) | Update::Command(..) => {}
        Update::Rooms(rooms) => view.rooms = rooms,
        Update::Home(home) => view.home = home,
        Update::Settings(settings) => view.settings = settings,
        Update::Found(it) => put_in_order(&mut view.found, it, |it| it.sighting.device.clone()),
        Update::FoundGone(id) => remove(&mut view.found, |it| it.sighting.device == id),
        Update::Issue(issue) => put(&mut view.issues, issue, |it| it.id.clone()),
        Update::IssueGone(id) => remove(&mut view.issues, |it| it.id == id),
        Update::Status(status) => view.status = status,
        Update::Vacant(roles) => view.vacant = roles,
        Update::Rule(rule) => put_in_order(&mut view.rules, *rule, |it| it.rule.id.clone()),
        Update::RuleGone(id) => remove(&mut view.rules, |it| it.rule.id == id),
        Update::Ran(..) => {}
        Update::Scene(scene) => put_in_order(&mut view.scenes, *scene, |it| it.id.clone()),
        Update::SceneGone(id) => remove(&mut view.scenes, |it| it.id == id),
        Update::Group(group) => put_in_order(&mut view.groups, group, |it| it.id.clone()),
        Update::GroupGone(id) => remove(&mut view.groups, |it| it.id == id),
        Update::Person(person) => put_in_order(&mut view.people, person, |it| it.id.clone()),
        Update::PersonGone(id) => remove(&mut view.people, |it| it.id == id),
        Update::Variable(it) => put_in_order(&mut view.variables, it, |it| it.id.clone()),
        Update::VariableGone(id) => remove(&mut view.variables, |it| it.id == id),
        Update::Notice(notice) => put(&mut view.notices, *notice, |it| it.id.clone()),
        Update::NoticeGone(id) => remove(&mut view.notices, |it| it.id == id),
    }
}

fn put<T, K: PartialEq>(list: &mut Vec<T>, new: T, key: impl Fn(&T) -> K) {
    match list.iter_mut().find(|it| key(it) == key(&new)) {
        Some(old) => *old = new,
        None => list.push(new),
    }
}

fn put_in_order<T, K: Ord>(list: &mut Vec<T>, new: T, key: impl Fn(&T) -> K) {
    put(list, new, &key);
    list.sort_by_key(key);
}

/// Something is gone: it must have been there.
fn remove<T>(list: &mut Vec<T>, is_it: impl Fn(&T) -> bool) {
    let before = list.len();
    list.retain(|it| !is_it(it));
    assert_eq!(list.len() + 1, before, "what is gone was there");
}

/// The one thing that may run ahead of the updates.
pub(crate) fn without_heard_at(mut view: HomeView) -> HomeView {
    for device in &mut view.devices {
        device.heard_at = None;
    }
    view
}
