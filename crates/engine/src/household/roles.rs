//! Roles: what things are for. Every endpoint fills one; scenes, groups and rules name them, so
//! that hardware can be replaced without touching any of these.
//!
//! An endpoint fills its own role (`RoleId::of`) unless it was told otherwise. Only what differs
//! from that is written down.

use std::collections::{BTreeMap, BTreeSet};

use api::{Answer, ApiError, Update, VacantRole};
use model::{
    Change, DeviceId, EndpointId, EndpointKey, EndpointKind, EndpointRecord, Moment, Name, RoleId,
    RoleRecord, RoomId,
};

use super::{in_use, invalid};
use crate::device::Device;
use crate::requests::not_found;
use crate::{Effect, Engine, naming};

/// Who fills which role.
#[derive(Debug, Clone, Default)]
pub(crate) struct Roles {
    /// Those that are not filled as on their first day.
    records: BTreeMap<RoleId, RoleRecord>,
    fillers: BTreeMap<RoleId, EndpointId>,
    by_endpoint: BTreeMap<EndpointId, RoleId>,
}

/// How an endpoint is known to its people.
#[derive(Debug, Clone)]
pub(crate) struct Face {
    key: EndpointKey,
    name: Name,
    kind: EndpointKind,
    room: Option<RoomId>,
    favourite: bool,
}

impl Roles {
    /// What fills a role.
    pub(crate) fn filler(&self, role: &RoleId) -> Option<&EndpointId> {
        self.fillers.get(role)
    }

    /// The role that an endpoint fills.
    pub(crate) fn of(&self, endpoint: &EndpointId) -> Option<&RoleId> {
        self.by_endpoint.get(endpoint)
    }

    /// Whether there is such a role, be it filled or vacant.
    pub(crate) fn is_there(&self, role: &RoleId) -> bool {
        self.fillers.contains_key(role) || self.records.contains_key(role)
    }

    /// What a vacant role was called when it was last filled.
    pub(crate) fn last_name(&self, role: &RoleId) -> Option<&Name> {
        self.records.get(role).map(|it| &it.name)
    }

    /// Those that nothing fills, by id.
    pub(crate) fn vacant(&self) -> Vec<VacantRole> {
        let vacant = self.records.values().filter(|it| it.endpoint.is_none());
        vacant.map(vacant_view).collect()
    }

    /// The endpoint's own role; another after it where that one is filled, or shall be vacant.
    fn own(&self, endpoint: &EndpointId, but: Option<&RoleId>) -> RoleId {
        let own = RoleId::of(endpoint);
        if !self.fillers.contains_key(&own) && but != Some(&own) {
            return own;
        }
        let further = (2_u32..).filter_map(|count| RoleId::try_from(format!("{own}-{count}")).ok());
        further.into_iter().find(|it| !self.is_there(it)).unwrap_or(own)
    }

    fn unlink(&mut self, endpoint: &EndpointId) -> Option<RoleId> {
        let role = self.by_endpoint.remove(endpoint)?;
        self.fillers.remove(&role);
        Some(role)
    }

    /// Lets an endpoint fill a role that nothing fills. A record is kept only where it is not the
    /// endpoint's own.
    fn link(&mut self, role: RoleId, endpoint: EndpointId, face: Face, out: &mut Vec<Effect>) {
        if role == RoleId::of(&endpoint) {
            self.drop_record(&role, out);
        } else {
            let Face { name, kind, room, .. } = face;
            let (id, filler) = (role.clone(), Some(endpoint.clone()));
            self.keep(RoleRecord { id, endpoint: filler, name, kind, room }, out);
        }
        self.fillers.insert(role.clone(), endpoint.clone());
        self.by_endpoint.insert(endpoint, role);
    }

    /// Nothing fills a role any more: it is remembered as long as something names it.
    fn vacate(&mut self, id: RoleId, face: Face, is_named: bool, out: &mut Vec<Effect>) {
        if is_named {
            let Face { name, kind, room, .. } = face;
            self.keep(RoleRecord { id, endpoint: None, name, kind, room }, out);
        } else {
            self.drop_record(&id, out);
        }
    }

    fn keep(&mut self, record: RoleRecord, out: &mut Vec<Effect>) {
        if self.records.get(&record.id) != Some(&record) {
            out.push(Effect::Persist(Change::Role(record.clone())));
            self.records.insert(record.id.clone(), record);
        }
    }

    fn drop_record(&mut self, role: &RoleId, out: &mut Vec<Effect>) {
        if self.records.remove(role).is_some() {
            out.push(Effect::Persist(Change::RoleGone(role.clone())));
        }
    }
}

fn vacant_view(record: &RoleRecord) -> VacantRole {
    let RoleRecord { id, name, kind, room, .. } = record.clone();
    VacantRole { id, name, kind, room }
}

/// How each endpoint of a device is known.
pub(crate) fn faces(device: &Device) -> Vec<Face> {
    let record = &device.record;
    let endpoints = record.description.endpoints.iter();
    let face = |it: &model::EndpointDescription| {
        let name = naming::endpoint_name(&device.label, record, it);
        let notes = record.endpoints.get(&it.key);
        Some(Face {
            key: it.key.clone(),
            name: Name::lossy(&name).or_else(|| Name::lossy(record.id.as_str()))?,
            kind: it.kind,
            room: device.room_of(&it.key).cloned(),
            favourite: notes.is_some_and(|it| it.favourite),
        })
    };
    endpoints.filter_map(face).collect()
}

impl Engine {
    pub(super) fn restore_roles(&mut self, records: Vec<RoleRecord>, out: &mut Vec<Effect>) {
        for record in records {
            self.restore_role(record, out);
        }
        let devices: Vec<DeviceId> = self.devices.keys().cloned().collect();
        for device in devices {
            self.fill_own_roles(&device, out);
        }
    }

    /// A role of what is no longer there, or fills another role already, is vacant.
    fn restore_role(&mut self, mut record: RoleRecord, out: &mut Vec<Effect>) {
        if record.room.as_ref().is_some_and(|it| self.checked_room(Some(it)).is_err()) {
            record.room = None;
        }
        let roles = &self.household.roles;
        let filler = record.endpoint.take().filter(|it| {
            self.devices.get(&it.device).is_some_and(|device| device.parts.contains_key(&it.key))
                && roles.of(it).is_none()
        });
        let roles = &mut self.household.roles;
        match filler {
            Some(filler) => {
                let id = record.id.clone();
                record.endpoint = Some(filler.clone());
                roles.fillers.insert(id.clone(), filler.clone());
                roles.by_endpoint.insert(filler, id.clone());
                roles.records.insert(id, record);
            }
            None => {
                if !roles.records.contains_key(&record.id) {
                    out.push(Effect::Persist(Change::Role(record.clone())));
                    roles.records.insert(record.id.clone(), record);
                }
            }
        }
    }

    fn fill_own_roles(&mut self, id: &DeviceId, out: &mut Vec<Effect>) {
        let Some(device) = self.devices.get(id) else { return };
        for face in faces(device) {
            let endpoint = EndpointId::new(id.clone(), face.key.clone());
            let roles = &mut self.household.roles;
            if roles.of(&endpoint).is_none() {
                roles.link(roles.own(&endpoint, None), endpoint, face, out);
            }
        }
    }

    /// How the parts of a device are known; to be asked before it changes or goes, for
    /// [`Engine::settle_roles`].
    pub(crate) fn faces_of(&self, id: &DeviceId) -> Vec<Face> {
        self.devices.get(id).map(faces).unwrap_or_default()
    }

    /// Brings roles in order after a device has come, gone, or changed its parts.
    pub(crate) fn settle_roles(&mut self, id: &DeviceId, before: Vec<Face>, out: &mut Vec<Effect>) {
        let vacant = self.household.roles.vacant();
        let device = self.devices.get(id);
        let is_gone = |it: &Face| device.is_none_or(|device| !device.parts.contains_key(&it.key));
        let gone: Vec<Face> = before.into_iter().filter(is_gone).collect();
        let named = if gone.is_empty() { BTreeSet::new() } else { self.named_roles() };
        for face in gone {
            let endpoint = EndpointId::new(id.clone(), face.key.clone());
            let roles = &mut self.household.roles;
            if let Some(role) = roles.unlink(&endpoint) {
                let is_named = named.contains(&role);
                roles.vacate(role, face, is_named, out);
            }
        }
        self.fill_own_roles(id, out);
        self.publish_vacant(&vacant, out);
    }

    fn publish_vacant(&self, before: &[VacantRole], out: &mut Vec<Effect>) {
        let vacant = self.household.roles.vacant();
        if vacant != before {
            out.push(Effect::Publish(Update::Vacant(vacant)));
        }
    }

    fn face(&self, endpoint: &EndpointId) -> Option<Face> {
        let device = self.devices.get(&endpoint.device)?;
        faces(device).into_iter().find(|it| it.key == endpoint.key)
    }

    pub(super) fn fill_role(
        &mut self,
        role: &RoleId,
        endpoint: Option<EndpointId>,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let roles = &self.household.roles;
        if !roles.is_there(role) {
            return Err(not_found("role", role));
        }
        let before = roles.filler(role).cloned();
        let newcomer = match &endpoint {
            Some(endpoint) => {
                let face = self.face(endpoint);
                Some((endpoint.clone(), face.ok_or_else(|| not_found("endpoint", endpoint))?))
            }
            None => None,
        };
        if before != endpoint {
            self.recast(role, before, newcomer, out);
            self.rewire_rules(now, out);
        }
        Ok(Answer::Done)
    }

    /// Lets somebody else, or nobody, fill a role, and publishes what changes by it.
    fn recast(
        &mut self,
        role: &RoleId,
        before: Option<EndpointId>,
        newcomer: Option<(EndpointId, Face)>,
        out: &mut Vec<Effect>,
    ) {
        let vacant = self.household.roles.vacant();
        let named = self.named_roles();
        let old = before.as_ref().and_then(|it| self.face(it));
        let known_as = old.clone().or_else(|| self.known_as(role, newcomer.as_ref()));
        let devices: BTreeSet<DeviceId> = before
            .iter()
            .map(|it| it.device.clone())
            .chain(newcomer.iter().map(|(it, _)| it.device.clone()))
            .collect();
        let roles = &mut self.household.roles;
        if let Some(before) = &before {
            roles.unlink(before);
        }
        let left = newcomer.as_ref().and_then(|(it, face)| Some((roles.unlink(it)?, face.clone())));
        match (&newcomer, known_as) {
            (Some((endpoint, _)), Some(face)) => {
                roles.link(role.clone(), endpoint.clone(), face.clone(), out);
                self.take_over(endpoint, before.as_ref(), face);
            }
            (None, Some(face)) => roles.vacate(role.clone(), face, named.contains(role), out),
            (_, None) => {}
        }
        let roles = &mut self.household.roles;
        if let (Some(before), Some(face)) = (before, old) {
            roles.link(roles.own(&before, Some(role)), before, face, out);
        }
        if let Some((left, face)) = left
            && roles.filler(&left).is_none()
        {
            let is_named = named.contains(&left);
            roles.vacate(left, face, is_named, out);
        }
        for device in &devices {
            self.persist_device(device, out);
        }
        for device in &devices {
            self.publish_device(device, out);
        }
        self.publish_vacant(&vacant, out);
    }

    /// How a vacant role was known when it was last filled.
    fn known_as(&self, role: &RoleId, newcomer: Option<&(EndpointId, Face)>) -> Option<Face> {
        let record = self.household.roles.records.get(role)?;
        let RoleRecord { name, kind, room, .. } = record.clone();
        let (endpoint, face) = newcomer?;
        let room = room.filter(|it| self.checked_room(Some(it)).is_ok());
        Some(Face { key: endpoint.key.clone(), name, kind, room, favourite: face.favourite })
    }

    /// The name, room and place among the favourites go over to the newcomer.
    fn take_over(&mut self, endpoint: &EndpointId, before: Option<&EndpointId>, face: Face) {
        if let Some(before) = before {
            self.inherit(before, |notes| {
                notes.name = None;
                notes.favourite = false;
            });
        }
        let is_known_so = self.face(endpoint).is_some_and(|it| it.name == face.name);
        let device = self.devices.get(&endpoint.device);
        let is_there = device.is_some_and(|it| it.record.room == face.room);
        self.inherit(endpoint, |notes| {
            if !is_known_so {
                notes.name = Some(face.name);
            }
            notes.room = if is_there { None } else { face.room };
            notes.favourite = face.favourite;
        });
    }

    fn inherit(&mut self, endpoint: &EndpointId, say: impl FnOnce(&mut EndpointRecord)) {
        let Some(device) = self.devices.get_mut(&endpoint.device) else { return };
        let mut notes = device.record.endpoints.remove(&endpoint.key).unwrap_or_default();
        say(&mut notes);
        if notes != EndpointRecord::default() {
            device.record.endpoints.insert(endpoint.key.clone(), notes);
        }
    }

    pub(super) fn forget_role(
        &mut self,
        role: &RoleId,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let roles = &self.household.roles;
        if let Some(filler) = roles.filler(role) {
            return Err(invalid(format!("`{filler}` fills this role")));
        }
        if !roles.is_there(role) {
            return Err(not_found("role", role));
        }
        let naming = self.naming_role(role);
        if !naming.is_empty() {
            return Err(in_use(naming));
        }
        let vacant = self.household.roles.vacant();
        self.household.roles.drop_record(role, out);
        self.publish_vacant(&vacant, out);
        self.rewire_rules(now, out);
        Ok(Answer::Done)
    }

    /// A room is gone: no role was last in it then.
    pub(crate) fn roles_leave_room(&mut self, room: &RoomId, out: &mut Vec<Effect>) {
        let vacant = self.household.roles.vacant();
        let records: Vec<RoleRecord> = self.household.roles.records.values().cloned().collect();
        for record in records.into_iter().filter(|it| it.room.as_ref() == Some(room)) {
            self.household.roles.keep(RoleRecord { room: None, ..record }, out);
        }
        self.publish_vacant(&vacant, out);
    }
}
