//! What things are called. No words of any language come from here: only what people and devices
//! call things, ids, and numbers.

use std::collections::{BTreeMap, BTreeSet};

use model::{Category, DeviceId, DeviceRecord, EndpointDescription, Name};

use crate::{Effect, Engine};

/// Who bears which name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    bearers: BTreeMap<String, BTreeSet<DeviceId>>,
    of: BTreeMap<DeviceId, String>,
}

impl Names {
    /// Gives a device a name, or none; the names whose bearers have changed.
    pub(crate) fn set(&mut self, id: &DeviceId, name: Option<String>) -> Vec<String> {
        let old = self.of.remove(id);
        if let Some(old) = &old
            && let Some(bearers) = self.bearers.get_mut(old)
        {
            bearers.remove(id);
            if bearers.is_empty() {
                self.bearers.remove(old);
            }
        }
        if let Some(name) = &name {
            self.bearers.entry(name.clone()).or_default().insert(id.clone());
            self.of.insert(id.clone(), name.clone());
        }
        let changed: BTreeSet<String> = old.into_iter().chain(name).collect();
        changed.into_iter().collect()
    }

    /// What the bearers of a name are called so that they can be told apart: one that its people
    /// have named keeps its name, the others get the end of their id behind it, or all of it
    /// where even the ends are the same.
    fn labels(&self, name: &str, is_given: impl Fn(&DeviceId) -> bool) -> Vec<(DeviceId, String)> {
        let Some(bearers) = self.bearers.get(name) else { return Vec::new() };
        let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
        for id in bearers {
            *ends.entry(end_of(id)).or_default() += 1;
        }
        let label = |id: &DeviceId| {
            if bearers.len() == 1 || is_given(id) || name == id.as_str() {
                name.to_owned()
            } else if ends.get(end_of(id)) == Some(&1) {
                format!("{name} {}", end_of(id))
            } else {
                format!("{name} {id}")
            }
        };
        bearers.iter().map(|id| (id.clone(), label(id))).collect()
    }
}

/// The last four characters: of a MAC address those that are printed on the device.
fn end_of(id: &DeviceId) -> &str {
    let text = id.as_str();
    text.get(text.len().saturating_sub(4)..).unwrap_or(text)
}

/// What a device is called before it is told apart from others: its people's name for it, else
/// its own, else its model, else its id.
pub(crate) fn name_of(record: &DeviceRecord) -> String {
    let own = record.description.name.as_ref().or(record.description.model.as_ref());
    record.name.as_ref().or(own).map_or_else(|| record.id.to_string(), Name::to_string)
}

/// What an endpoint is called: its people's name for it, else its own, else its device's. A name
/// that is relative to the device gets the device's before it, and is left out where the device
/// has no other primary part. Several primary endpoints without a name of their own are counted;
/// others go by their key.
pub(crate) fn endpoint_name(
    label: &str,
    record: &DeviceRecord,
    endpoint: &EndpointDescription,
) -> String {
    let given = record.endpoints.get(&endpoint.key).and_then(|it| it.name.as_ref());
    if let Some(name) = given {
        return name.to_string();
    }
    if let Some(own) = &endpoint.name {
        return own_name(label, record, endpoint, own.as_str());
    }
    if endpoint.category != Category::Primary {
        return format!("{label} {}", endpoint.key);
    }
    let mut nameless = record.description.endpoints.iter().filter(|it| is_nameless(it));
    if nameless.clone().count() == 1 {
        return label.to_owned();
    }
    let before = nameless.position(|it| it.key == endpoint.key).unwrap_or_default();
    format!("{label} {}", before + 1)
}

fn own_name(
    label: &str,
    record: &DeviceRecord,
    endpoint: &EndpointDescription,
    own: &str,
) -> String {
    let primary = |it: &EndpointDescription| it.category == Category::Primary;
    let is_only = primary(endpoint)
        && record.description.endpoints.iter().filter(|it| primary(it)).count() == 1;
    if !record.family.names_parts_relatively() {
        own.to_owned()
    } else if is_only {
        label.to_owned()
    } else if own.starts_with(label) {
        own.to_owned()
    } else {
        format!("{label} {own}")
    }
}

fn is_nameless(endpoint: &EndpointDescription) -> bool {
    endpoint.category == Category::Primary && endpoint.name.is_none()
}

impl Engine {
    /// Brings the labels in order after a device was added, renamed, described anew or removed.
    /// Publishes other devices whose label changes by it; the device itself is the caller's.
    pub(crate) fn relabel(&mut self, id: &DeviceId, out: &mut Vec<Effect>) {
        let name = self.devices.get(id).map(|it| name_of(&it.record));
        for changed in self.names.set(id, name) {
            for other in self.label_bearers(&changed) {
                if other != *id {
                    self.publish_device(&other, out);
                }
            }
        }
    }

    fn label_bearers(&mut self, name: &str) -> Vec<DeviceId> {
        let is_given =
            |id: &DeviceId| self.devices.get(id).is_some_and(|it| it.record.name.is_some());
        let labels = self.names.labels(name, is_given);
        let mut changed = Vec::new();
        for (id, label) in labels {
            if let Some(device) = self.devices.get_mut(&id)
                && device.label != label
            {
                device.label = label;
                changed.push(id);
            }
        }
        changed
    }

    /// Labels every device at start.
    pub(crate) fn label_all(&mut self) {
        let mut names = BTreeSet::new();
        for (id, device) in &self.devices {
            let name = name_of(&device.record);
            self.names.set(id, Some(name.clone()));
            names.insert(name);
        }
        for name in names {
            self.label_bearers(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{DeviceDescription, EndpointKind, Family, Timestamp};

    use super::*;

    /// What the parts of a device of that family are called.
    fn names(family: Family, parts: &[Option<&str>]) -> Vec<String> {
        let part = |(index, own): (usize, &Option<&str>)| EndpointDescription {
            key: format!("part-{index}").parse().unwrap(),
            name: own.and_then(Name::lossy),
            kind: EndpointKind::Sensor,
            category: Category::Primary,
            specs: Vec::new(),
        };
        let endpoints = parts.iter().enumerate().map(part).collect();
        let record = DeviceRecord {
            id: "a-1".parse().unwrap(),
            family,
            address: "192.0.2.1:80".parse().unwrap(),
            description: DeviceDescription {
                name: None,
                vendor: None,
                model: None,
                firmware: None,
                endpoints,
            },
            name: None,
            room: None,
            endpoints: BTreeMap::new(),
            added_at: Timestamp(0),
        };
        let name = |it| endpoint_name("Hall", &record, it);
        record.description.endpoints.iter().map(name).collect()
    }

    #[test]
    fn a_relative_name_gets_the_devices_before_it_unless_it_has_it_or_is_alone() {
        let two = [Some("Lock"), Some("Hall door")];
        assert_eq!(names(Family::Esphome, &two), ["Hall Lock", "Hall door"]);
        assert_eq!(names(Family::Esphome, &[Some("Lamp")]), ["Hall"]);
        assert_eq!(names(Family::Shelly, &two), ["Lock", "Hall door"]);
        assert_eq!(names(Family::Shelly, &[Some("Lamp")]), ["Lamp"]);
    }

    #[test]
    fn parts_without_a_name_are_counted() {
        assert_eq!(names(Family::Wled, &[None, None]), ["Hall 1", "Hall 2"]);
        assert_eq!(names(Family::Wled, &[None]), ["Hall"]);
    }
}
