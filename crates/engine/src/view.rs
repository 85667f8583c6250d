//! The home as clients see it. A snapshot is what the updates since the last one add up to; only
//! `heard_at` of a device runs ahead of them, which is told with the next change of the device.

use std::collections::BTreeMap;

use api::{CapabilityState, DeviceView, EndpointView, HomeView, Update};
use model::{Capability, Change, DeviceId, EndpointDescription, EndpointId, RoleId};

use crate::device::{Device, Part, Slot};
use crate::{Effect, Engine, naming};

impl Engine {
    pub(crate) fn view(&self) -> HomeView {
        HomeView {
            home: self.home.clone(),
            settings: self.settings.clone(),
            rooms: self.rooms.clone(),
            devices: self.devices.values().map(|it| self.device_view(it)).collect(),
            found: self.found.values().cloned().collect(),
            issues: self.issues.clone(),
            status: self.status.clone(),
            vacant: self.household.roles.vacant(),
            rules: self.rules.views(self),
            scenes: self.household.scenes.values().cloned().collect(),
            groups: self.household.groups.values().cloned().collect(),
            people: self.household.people.by_id.values().cloned().collect(),
            variables: self.household.variables.values().cloned().collect(),
            notices: self.household.notices.clone(),
        }
    }

    pub(crate) fn slot_mut(
        &mut self,
        endpoint: &EndpointId,
        capability: Capability,
    ) -> Option<&mut Slot> {
        self.devices.get_mut(&endpoint.device)?.slot_mut(&endpoint.key, capability)
    }

    pub(crate) fn publish_device(&self, id: &DeviceId, out: &mut Vec<Effect>) {
        if let Some(device) = self.devices.get(id) {
            out.push(Effect::Publish(Update::Device(Box::new(self.device_view(device)))));
        }
    }

    pub(crate) fn persist_device(&self, id: &DeviceId, out: &mut Vec<Effect>) {
        if let Some(device) = self.devices.get(id) {
            out.push(Effect::Persist(Change::Device(Box::new(device.record.clone()))));
        }
    }

    fn device_view(&self, device: &Device) -> DeviceView {
        let record = &device.record;
        DeviceView {
            id: record.id.clone(),
            family: record.family,
            name: device.label.clone(),
            vendor: record.description.vendor.clone(),
            model: record.description.model.clone(),
            firmware: record.description.firmware.clone(),
            address: record.address.clone(),
            room: record.room.clone(),
            reachability: device.reachability.clone(),
            heard_at: device.heard_at,
            endpoints: record
                .description
                .endpoints
                .iter()
                .map(|it| self.endpoint_view(device, it))
                .collect(),
        }
    }

    fn endpoint_view(&self, device: &Device, described: &EndpointDescription) -> EndpointView {
        let record = &device.record;
        let notes = record.endpoints.get(&described.key);
        let id = EndpointId::new(record.id.clone(), described.key.clone());
        let role = self.household.roles.of(&id).cloned().unwrap_or_else(|| RoleId::of(&id));
        EndpointView {
            id,
            name: naming::endpoint_name(&device.label, record, described),
            room: device.room_of(&described.key).cloned(),
            kind: described.kind,
            role,
            category: described.category,
            favourite: notes.is_some_and(|it| it.favourite),
            specs: described.specs.clone(),
            states: device.parts.get(&described.key).map(listed).unwrap_or_default(),
        }
    }

    pub(crate) fn publish_state(
        &self,
        endpoint: &EndpointId,
        capability: Capability,
        out: &mut Vec<Effect>,
    ) {
        let device = self.devices.get(&endpoint.device);
        if let Some(slot) = device.and_then(|it| it.slot(&endpoint.key, capability)) {
            let state = Box::new(slot.state.clone());
            out.push(Effect::Publish(Update::State(endpoint.clone(), capability, state)));
        }
    }
}

fn listed(part: &Part) -> BTreeMap<Capability, CapabilityState> {
    let slots = part.iter().filter(|(_, slot)| slot.listed);
    slots.map(|(capability, slot)| (*capability, slot.state.clone())).collect()
}
