//! Rooms: in an order without gaps, 0 first.

use std::collections::BTreeSet;

use api::{Answer, ApiError, ErrorCode, Update};
use model::{Change, DeviceId, DeviceRecord, Moment, Name, Room, RoomId};

use crate::{Effect, Engine, requests};

/// Puts rooms in order and closes gaps; which of them have moved by that.
fn number(rooms: &mut [Room]) -> Vec<Room> {
    let mut moved = Vec::new();
    for (position, room) in (0..).zip(rooms) {
        if room.position != position {
            room.position = position;
            moved.push(room.clone());
        }
    }
    moved
}

impl Engine {
    pub(crate) fn restore_rooms(&mut self, mut rooms: Vec<Room>, out: &mut Vec<Effect>) {
        let mut ids = BTreeSet::new();
        rooms.retain(|it| ids.insert(it.id.clone()));
        rooms.sort_by(|one, other| (one.position, &one.id).cmp(&(other.position, &other.id)));
        persist(number(&mut rooms), out);
        self.rooms = rooms;
    }

    /// A room, or none, that a request names.
    pub(crate) fn checked_room(&self, room: Option<&RoomId>) -> Result<(), ApiError> {
        match room {
            Some(room) => self.room_at(room).map(drop),
            None => Ok(()),
        }
    }

    fn room_at(&self, id: &RoomId) -> Result<usize, ApiError> {
        let at = self.rooms.iter().position(|it| it.id == *id);
        at.ok_or_else(|| requests::not_found("room", id))
    }

    pub(crate) fn create_room(
        &mut self,
        id: RoomId,
        name: Name,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if self.room_at(&id).is_ok() {
            let words = format!("there is a room with the id `{id}` already");
            return Err(ApiError::new(ErrorCode::Invalid, words));
        }
        let position = u32::try_from(self.rooms.len()).unwrap_or(u32::MAX);
        let room = Room { id, name, position };
        self.rooms.push(room.clone());
        persist(vec![room], out);
        self.publish_rooms(out);
        self.rewire_rules(now, out);
        Ok(Answer::Done)
    }

    pub(crate) fn name_room(
        &mut self,
        id: &RoomId,
        name: Name,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let at = self.room_at(id)?;
        if let Some(room) = self.rooms.get_mut(at)
            && room.name != name
        {
            room.name = name;
            persist(vec![room.clone()], out);
            self.publish_rooms(out);
        }
        Ok(Answer::Done)
    }

    /// Moves a room; beyond the last place is the last place.
    pub(crate) fn move_room(
        &mut self,
        id: &RoomId,
        to: u32,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let from = self.room_at(id)?;
        let room = self.rooms.remove(from);
        let to = usize::try_from(to).unwrap_or(usize::MAX).min(self.rooms.len());
        self.rooms.insert(to, room);
        let moved = number(&mut self.rooms);
        if !moved.is_empty() {
            persist(moved, out);
            self.publish_rooms(out);
        }
        Ok(Answer::Done)
    }

    /// Removes a room. What was in it is in no room then, and is written down as such first: a
    /// record never names a room that is not there.
    pub(crate) fn remove_room(
        &mut self,
        id: &RoomId,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let at = self.room_at(id)?;
        let left: Vec<DeviceId> = self
            .devices
            .iter_mut()
            .filter_map(|(device, it)| leave(&mut it.record, id).then(|| device.clone()))
            .collect();
        for device in &left {
            self.persist_device(device, out);
        }
        self.scenes_leave_room(id, out);
        self.roles_leave_room(id, out);
        self.rooms.remove(at);
        out.push(Effect::Persist(Change::RoomGone(id.clone())));
        persist(number(&mut self.rooms), out);
        for device in &left {
            self.publish_device(device, out);
        }
        self.publish_rooms(out);
        self.rewire_rules(now, out);
        Ok(Answer::Done)
    }

    fn publish_rooms(&self, out: &mut Vec<Effect>) {
        out.push(Effect::Publish(Update::Rooms(self.rooms.clone())));
    }
}

fn persist(rooms: Vec<Room>, out: &mut Vec<Effect>) {
    out.extend(rooms.into_iter().map(|it| Effect::Persist(Change::Room(it))));
}

/// Takes a device and its parts out of a room; whether any was in it.
pub(crate) fn leave(record: &mut DeviceRecord, room: &RoomId) -> bool {
    let places = record.endpoints.values_mut().map(|it| &mut it.room);
    let mut was_in = false;
    for place in places.chain([&mut record.room]) {
        if place.as_ref() == Some(room) {
            *place = None;
            was_in = true;
        }
    }
    record.endpoints.retain(|_, it| *it != model::EndpointRecord::default());
    was_in
}
