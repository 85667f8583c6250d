//! Roles as people see them: what they are called, where, and what fills them.

use leptos::prelude::*;
use model::{Category, EndpointId, EndpointKind, RoleId, RoomId, Spec};

use super::Home;
use super::shape::Part;

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleFace {
    /// Which.
    pub id: RoleId,
    /// What it is called.
    pub name: String,
    /// What kind of thing fills it, or last did.
    pub kind: EndpointKind,
    /// The room that it is in, or last was.
    pub room: Option<RoomId>,
    /// What fills it; `None` when nothing does.
    pub endpoint: Option<EndpointId>,
}

impl RoleFace {
    fn of(part: &Part) -> Self {
        Self {
            id: part.role.clone(),
            name: part.name.clone(),
            kind: part.kind,
            room: part.room.clone(),
            endpoint: Some(part.id.clone()),
        }
    }
}

impl Home {
    /// A role, if it is filled or known from when it was; tracked.
    pub fn role(self, id: &RoleId) -> Option<RoleFace> {
        let filled = self.shape.with(|it| it.filling(id).map(RoleFace::of));
        filled.or_else(|| {
            self.vacant.with(|vacant| {
                let role = vacant.iter().find(|it| it.id == *id)?;
                Some(RoleFace {
                    id: role.id.clone(),
                    name: role.name.to_string(),
                    kind: role.kind,
                    room: role.room.clone(),
                    endpoint: None,
                })
            })
        })
    }

    /// What a role is called; its id when nothing is known of it. Tracked.
    pub fn role_name(self, id: &RoleId) -> String {
        self.role(id).map_or_else(|| id.to_string(), |it| it.name)
    }

    /// What the hardware in a role can do; nothing when there is none. Tracked.
    pub fn role_specs(self, id: &RoleId) -> Vec<Spec> {
        let endpoint = self.shape.with(|it| it.roles.get(id).cloned());
        endpoint.map(|it| self.specs(&it)).unwrap_or_default()
    }

    /// What an endpoint can do; tracked.
    pub fn specs(self, id: &EndpointId) -> Vec<Spec> {
        let device = self.device(&id.device).map(|it| it.device.get());
        let found = device
            .and_then(|it| it.endpoints.iter().find(|it| it.id == *id).map(|it| it.specs.clone()));
        found.unwrap_or_default()
    }

    /// Every role that is filled by something for every day, in the order of the rooms, by name.
    /// What is in no room comes last. Tracked.
    pub fn roles(self) -> Vec<RoleFace> {
        let rooms = self.rooms.get();
        let place = |room: &Option<RoomId>| {
            rooms.iter().position(|it| Some(&it.id) == room.as_ref()).unwrap_or(usize::MAX)
        };
        let mut roles: Vec<RoleFace> = self.shape.with(|shape| {
            let parts = shape.devices.values().flatten();
            parts.filter(|it| it.category == Category::Primary).map(RoleFace::of).collect()
        });
        roles.sort_by_cached_key(|it| (place(&it.room), it.name.to_lowercase(), it.id.clone()));
        roles
    }

    /// What a room is called; tracked. `None` when there is none such.
    pub fn room_name(self, id: &RoomId) -> Option<String> {
        self.rooms.with(|it| it.iter().find(|it| it.id == *id).map(|it| it.name.to_string()))
    }
}
