//! What a client does with updates. Deliberately naive: if this leads elsewhere than the next
//! snapshot, the interface would show something that is not so.

use api::{HomeView, Update};

pub(crate) fn apply(view: &mut HomeView, update: Update) {
    match update {
        Update::Snapshot(all) => *view = *all,
        Update::Device(device) => {
            put(&mut view.devices, *device, |it| it.id.clone());
            view.devices.sort_by(|one, other| one.id.cmp(&other.id));
        }
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
        Update::Found(found) => {
            put(&mut view.found, found, |it| it.sighting.device.clone());
            view.found.sort_by(|one, other| one.sighting.device.cmp(&other.sighting.device));
        }
        Update::FoundGone(id) => remove(&mut view.found, |it| it.sighting.device == id),
        Update::Issue(issue) => put(&mut view.issues, issue, |it| it.id.clone()),
        Update::IssueGone(id) => remove(&mut view.issues, |it| it.id == id),
        Update::Status(status) => view.status = status,
    }
}

fn put<T, K: PartialEq>(list: &mut Vec<T>, new: T, key: impl Fn(&T) -> K) {
    match list.iter_mut().find(|it| key(it) == key(&new)) {
        Some(old) => *old = new,
        None => list.push(new),
    }
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
