//! Who and what the home consists of besides devices: roles, scenes, groups, people, variables,
//! notices; and where it stands. Each has a file; this one says what there is and who asks for what.

mod groups;
mod notices;
mod people;
mod roles;
mod scenes;
mod surroundings;
mod uses;
mod variables;

use std::collections::BTreeMap;

use api::{Answer, ApiError, ErrorCode, Request};
use model::{
    Change, Group, GroupId, Moment, Name, Notice, Record, Recorded, SavedHome, Scene, SceneId,
    Variable, VariableId,
};

use self::people::People;
use self::roles::Roles;
pub(crate) use self::roles::faces;
use self::scenes::Settings;
pub(crate) use self::scenes::is_of_lights;
use crate::{Effect, Engine, Listening};

/// What the home consists of besides devices.
#[derive(Debug, Clone, Default)]
pub(crate) struct Household {
    pub(crate) roles: Roles,
    pub(crate) scenes: BTreeMap<SceneId, Scene>,
    pub(crate) groups: BTreeMap<GroupId, Group>,
    pub(crate) people: People,
    pub(crate) variables: BTreeMap<VariableId, Variable>,
    /// Oldest first.
    pub(crate) notices: Vec<Notice>,
    /// Scenes and actions for many that people have asked for.
    settings: Settings,
    /// What is listened for from outside.
    listening: Listening,
}

/// The parts of a saved home that are the household's.
pub(crate) struct SavedHousehold {
    roles: Vec<model::RoleRecord>,
    scenes: Vec<Scene>,
    groups: Vec<Group>,
    people: Vec<model::Person>,
    variables: Vec<Variable>,
    notices: Vec<Notice>,
}

impl SavedHousehold {
    /// Takes the household's parts out of a saved home.
    pub(crate) fn of(saved: &mut SavedHome) -> Self {
        Self {
            roles: std::mem::take(&mut saved.roles),
            scenes: std::mem::take(&mut saved.scenes),
            groups: std::mem::take(&mut saved.groups),
            people: std::mem::take(&mut saved.people),
            variables: std::mem::take(&mut saved.variables),
            notices: std::mem::take(&mut saved.notices),
        }
    }
}

/// Something cannot go because these name it.
fn in_use(names: Vec<Name>) -> ApiError {
    let list: Vec<&str> = names.iter().map(Name::as_str).collect();
    let words = format!("it is used by {}", list.join(", "));
    ApiError::new(ErrorCode::InUse(names), words)
}

fn invalid(words: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::Invalid, words)
}

/// Something that is not a value, written down for the recorded past.
pub(crate) fn recorded(what: Recorded, now: Moment) -> Effect {
    Effect::Persist(Change::Recorded(Record { at: now.wall, what }))
}

impl Engine {
    /// Takes up what was written down. Devices and rooms are there already.
    pub(crate) fn restore_household(
        &mut self,
        saved: SavedHousehold,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        let SavedHousehold { roles, scenes, groups, people, variables, notices } = saved;
        self.household.scenes = scenes.into_iter().map(|it| (it.id.clone(), it)).collect();
        self.household.groups = groups.into_iter().map(|it| (it.id.clone(), it)).collect();
        self.household.variables = variables.into_iter().map(|it| (it.id.clone(), it)).collect();
        self.household.notices = notices;
        self.restore_roles(roles, out);
        self.restore_people(people, out);
        self.forget_lost_scene_rooms(out);
        out.push(recorded(Recorded::Started, now));
    }

    /// A request about roles, scenes, groups, people, variables, notices or the home's
    /// surroundings.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these requests are handed over")]
    pub(crate) fn household(
        &mut self,
        request: Request,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        match request {
            Request::FillRole(role, endpoint) => self.fill_role(&role, endpoint, now, out),
            Request::ForgetRole(role) => self.forget_role(&role, now, out),
            Request::SaveScene(scene) => self.save_scene(scene, out),
            Request::CaptureScene { id, name, room, roles, transition } => {
                let settings = Vec::new();
                self.capture_scene(Scene { id, name, room, settings, transition }, &roles, out)
            }
            Request::RemoveScene(scene) => self.remove_scene(&scene, out),
            Request::SetScene(run, scene) => self.set_scene(run, &scene, now, out),
            Request::UndoScene(run) => self.undo_scene(&run, now, out),
            Request::SaveGroup(group) => self.save_group(group, now, out),
            Request::RemoveGroup(group) => self.remove_group(&group, now, out),
            Request::ControlAll { id, to, action } => self.control_all(id, &to, &action, now, out),
            Request::SavePerson(person, name) => self.save_person(person, name, now, out),
            Request::RemovePerson(person) => self.remove_person(&person, now, out),
            Request::SetPresence(person, home) => self.set_presence(&person, home, now, out),
            Request::TrackPhone(person, at) => self.track_phone(&person, at, out),
            Request::SaveVariable(variable) => self.save_variable(variable, now, out),
            Request::RemoveVariable(variable) => self.remove_variable(&variable, out),
            Request::DismissNotice(notice) => self.dismiss_notice(&notice, out),
            Request::PressNotice(notice, button) => self.press_notice(&notice, button, now, out),
            Request::SetPlace(place) => self.set_place(place, now, out),
            Request::SetZone(zone) => self.set_zone(zone, now, out),
            Request::SetBroker { broker, secret } => self.set_broker(broker, secret, out),
            _ => Err(invalid("this is no request about the household")),
        }
    }
}
