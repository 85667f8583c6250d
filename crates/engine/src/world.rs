//! The living home, as rules see it.

use model::rule::{Target, Unknown};
use model::{
    Capability, Category, DeviceId, EndpointDescription, EndpointId, EndpointKind, Person,
    PersonId, Reachability, RoleId, RoomId, Scene, SceneId, Spec, Timestamp, Value, Variable,
    VariableId,
};

use crate::device::Device;
use crate::rules::{Calendar, World};
use crate::{Engine, naming};

impl Engine {
    /// The roles of what is for everyday use and is of that kind, in that room.
    fn everyday(&self, room: Option<&RoomId>, only: Option<EndpointKind>) -> Vec<RoleId> {
        let is_meant = |device: &Device, it: &EndpointDescription| {
            it.category == Category::Primary
                && only.is_none_or(|kind| it.kind == kind)
                && room.is_none_or(|room| device.room_of(&it.key) == Some(room))
        };
        let mut roles = Vec::new();
        for (id, device) in &self.devices {
            for described in &device.record.description.endpoints {
                if is_meant(device, described) {
                    let endpoint = EndpointId::new(id.clone(), described.key.clone());
                    roles.extend(self.household.roles.of(&endpoint).cloned());
                }
            }
        }
        roles
    }

    fn filled(&self, role: &RoleId) -> Option<(&Device, &EndpointId)> {
        let endpoint = self.household.roles.filler(role)?;
        Some((self.devices.get(&endpoint.device)?, endpoint))
    }
}

impl World for Engine {
    fn roles(&self, target: &Target) -> Vec<RoleId> {
        match target {
            Target::Role(role) if self.household.roles.is_there(role) => vec![role.clone()],
            Target::Role(_) => Vec::new(),
            Target::Room { room, only } => self.everyday(Some(room), *only),
            Target::Group(group) => {
                let members = self.household.groups.get(group).map(|it| &it.members);
                let members = members.into_iter().flatten();
                members.filter(|it| self.household.roles.is_there(it)).cloned().collect()
            }
            Target::All(kind) => self.everyday(None, Some(*kind)),
        }
    }

    fn is_there(&self, target: &Target) -> bool {
        match target {
            Target::Role(role) => self.household.roles.is_there(role),
            Target::Room { room, .. } => self.rooms.iter().any(|it| it.id == *room),
            Target::Group(group) => self.household.groups.contains_key(group),
            Target::All(_) => true,
        }
    }

    fn endpoint(&self, role: &RoleId) -> Option<EndpointId> {
        self.household.roles.filler(role).cloned()
    }

    fn role_of(&self, endpoint: &EndpointId) -> Option<RoleId> {
        self.household.roles.of(endpoint).cloned()
    }

    fn specs(&self, role: &RoleId) -> &[Spec] {
        let described = self.filled(role).and_then(|(device, it)| device.endpoint(&it.key));
        described.map_or(&[], |it| &it.specs)
    }

    fn known(&self, role: &RoleId, what: Capability) -> Result<(&Value, Timestamp), Unknown> {
        let (device, endpoint) = self.filled(role).ok_or(Unknown::Vacant)?;
        let slot = device.slot(&endpoint.key, what).ok_or(Unknown::Unable)?;
        if matches!(device.reachability, Reachability::Unreachable { .. }) {
            return Err(Unknown::Unreachable);
        }
        let state = &slot.state;
        let value = state.value.as_ref().ok_or(Unknown::NeverSaid)?;
        Ok((value, state.since.or(state.reported_at).unwrap_or_default()))
    }

    fn is_reachable(&self, role: &RoleId) -> Option<bool> {
        match self.filled(role)?.0.reachability {
            Reachability::Unknown => None,
            Reachability::Reachable => Some(true),
            Reachability::Unreachable { .. } => Some(false),
        }
    }

    fn endpoints_of(&self, device: &DeviceId) -> Vec<EndpointId> {
        let known = self.devices.get(device);
        let endpoints = known.into_iter().flat_map(|it| &it.record.description.endpoints);
        endpoints.map(|it| EndpointId::new(device.clone(), it.key.clone())).collect()
    }

    fn people(&self) -> Vec<&Person> {
        self.household.people.by_id.values().collect()
    }

    fn person(&self, id: &PersonId) -> Option<&Person> {
        self.household.people.by_id.get(id)
    }

    fn variable(&self, id: &VariableId) -> Option<&Variable> {
        self.household.variables.get(id)
    }

    fn scene(&self, id: &SceneId) -> Option<&Scene> {
        self.household.scenes.get(id)
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    fn called(&self, role: &RoleId) -> Option<String> {
        match self.filled(role) {
            Some((device, endpoint)) => {
                let described = device.endpoint(&endpoint.key)?;
                Some(naming::endpoint_name(&device.label, &device.record, described))
            }
            None => self.household.roles.last_name(role).map(ToString::to_string),
        }
    }
}
