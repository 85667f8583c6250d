//! Scenes: how a number of things shall be; and the same action for many. Set by people; when a
//! rule sets a scene, its run makes the commands.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use api::{Answer, ApiError, ErrorCode, Update};
use model::rule::Target;
use model::{
    Action, Capability, Change, Command, CommandId, CoverMove, EndpointId, LockState, MOST_MEMBERS,
    Moment, Origin, Percent, Reachability, RoleId, RoomId, RunId, Scene, SceneId, SceneSetting,
    Span, Spec, ThermostatChange, Value,
};

use super::uses::Named;
use super::{in_use, invalid};
use crate::requests::not_found;
use crate::rules::World as _;
use crate::{Effect, Engine};

/// The longest transition of a scene.
const LONGEST_TRANSITION: Span = Span::minutes(60);

/// Most actions for one role.
const MOST_ACTIONS: usize = 8;

/// The longest name of an effect, palette or mode, in bytes.
const LONGEST_CHOICE: usize = 256;

/// How long what a scene has set can be taken back.
const UNDO_WITHIN: Duration = Duration::from_secs(60);

/// How many runs of scenes are remembered so that none is carried out twice.
const REMEMBERED: usize = 1024;

/// How many scenes can be taken back at a time.
const UNDOABLE: usize = 32;

/// Scenes and actions for many that people have asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    recent: VecDeque<RunId>,
    used: BTreeSet<RunId>,
    /// What was before, oldest first.
    undoable: VecDeque<Undo>,
}

/// What makes each part as it was before.
type Before = Vec<(EndpointId, Vec<Action>)>;

/// What a scene has set, as it was before.
#[derive(Debug, Clone)]
struct Undo {
    run: RunId,
    until: Duration,
    before: Before,
    transition: Span,
}

impl Settings {
    /// Notes that a run was asked for; refused when it was before.
    fn begin(&mut self, run: &RunId) -> Result<(), ApiError> {
        if !self.used.insert(run.clone()) {
            let words = format!("the run id `{run}` was used before");
            return Err(ApiError::new(ErrorCode::Duplicate, words));
        }
        self.recent.push_back(run.clone());
        if self.recent.len() > REMEMBERED
            && let Some(oldest) = self.recent.pop_front()
        {
            self.used.remove(&oldest);
        }
        Ok(())
    }

    fn can_undo(&mut self, undo: Undo, now: Duration) {
        self.undoable.retain(|it| it.until > now);
        if self.undoable.len() >= UNDOABLE {
            self.undoable.pop_front();
        }
        self.undoable.push_back(undo);
    }

    fn take_undo(&mut self, run: &RunId, now: Duration) -> Option<Undo> {
        let at = self.undoable.iter().position(|it| it.run == *run)?;
        self.undoable.remove(at).filter(|it| it.until > now)
    }
}

/// How many commands of one run are sent.
struct Manner {
    /// What tells the ids of one kind of run from those of another.
    sign: &'static str,
    transition: Span,
    origin: Origin,
}

/// The id of one of many things that follow from one: the same ids follow from the same id. Long
/// ids are told apart by a hash of them (FNV-1a, 64 bits) and their end.
pub(super) fn derived<T>(from: &str, sign: &str, index: usize) -> Result<T, ApiError>
where
    T: for<'a> TryFrom<&'a str, Error = model::IdError>,
{
    let end = format!("-{sign}{index}");
    let text = if from.len() + end.len() <= 64 {
        format!("{from}{end}")
    } else {
        let hash = from.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let tail = from.get(from.len().saturating_sub(32)..).unwrap_or_default();
        format!("{hash:016x}{tail}{end}")
    };
    T::try_from(&text).map_err(|error| invalid(error.to_string()))
}

/// The actions for one role in the order in which they are sent: what is switched off is only
/// switched off, and what gets a level needs no switching on.
pub(crate) fn in_order(actions: &[Action]) -> Vec<Action> {
    let is_off =
        |it: &&Action| **it == Action::SetOnOff(false) || **it == Action::SetLevel(Percent::ZERO);
    if let Some(off) = actions.iter().find(is_off) {
        return vec![off.clone()];
    }
    let has_level = actions.iter().any(|it| matches!(it, Action::SetLevel(_)));
    let is_needed = |it: &&Action| !(has_level && **it == Action::SetOnOff(true));
    actions.iter().filter(is_needed).cloned().collect()
}

impl Engine {
    fn check_scene(&self, scene: &Scene) -> Result<(), ApiError> {
        self.checked_room(scene.room.as_ref())?;
        if scene.transition > LONGEST_TRANSITION {
            return Err(invalid("a transition takes at most one hour"));
        }
        let roles: Vec<RoleId> = scene.settings.iter().map(|it| it.role.clone()).collect();
        self.check_roles(&roles)?;
        scene.settings.iter().try_for_each(|it| check_actions(&it.actions))
    }

    pub(super) fn save_scene(
        &mut self,
        scene: Scene,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        self.check_scene(&scene)?;
        self.keep_scene(scene, out);
        Ok(Answer::Done)
    }

    fn keep_scene(&mut self, scene: Scene, out: &mut Vec<Effect>) {
        if self.household.scenes.get(&scene.id) != Some(&scene) {
            self.household.scenes.insert(scene.id.clone(), scene.clone());
            out.push(Effect::Persist(Change::Scene(scene.clone())));
            out.push(Effect::Publish(Update::Scene(Box::new(scene))));
        }
    }

    pub(super) fn capture_scene(
        &mut self,
        mut scene: Scene,
        roles: &[RoleId],
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if roles.len() > MOST_MEMBERS {
            return Err(invalid(format!("at most {MOST_MEMBERS} roles can be captured")));
        }
        let mut once = BTreeSet::new();
        for role in roles.iter().filter(|it| once.insert(*it)) {
            let Some(endpoint) = self.household.roles.filler(role) else { continue };
            let actions = self.as_it_is(endpoint);
            if !actions.is_empty() {
                scene.settings.push(SceneSetting { role: role.clone(), actions });
            }
        }
        if scene.settings.is_empty() {
            return Err(invalid("nothing of this is known and can be set"));
        }
        self.check_scene(&scene)?;
        self.keep_scene(scene.clone(), out);
        Ok(Answer::Captured(scene))
    }

    /// The actions that make a part as it is now; none when that is not known. What is off is
    /// only off, and a lock is never captured open.
    fn as_it_is(&self, endpoint: &EndpointId) -> Vec<Action> {
        let Some(device) = self.devices.get(&endpoint.device) else { return Vec::new() };
        let Some(described) = device.endpoint(&endpoint.key) else { return Vec::new() };
        if matches!(device.reachability, Reachability::Unreachable { .. }) {
            return Vec::new();
        }
        let says = |what: Capability| device.slot(&endpoint.key, what)?.state.value.as_ref();
        if described.specs.contains(&Spec::OnOff) {
            match says(Capability::OnOff) {
                Some(Value::OnOff(true)) => {}
                Some(Value::OnOff(false)) => return vec![Action::SetOnOff(false)],
                _ => return Vec::new(),
            }
        }
        let actions = described.specs.iter().filter_map(|spec| {
            let action = as_said(says(spec.capability())?, spec)?;
            action.fits(spec).then_some(action)
        });
        actions.take(MOST_ACTIONS).collect()
    }

    pub(super) fn remove_scene(
        &mut self,
        id: &SceneId,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if !self.household.scenes.contains_key(id) {
            return Err(not_found("scene", id));
        }
        let naming = self.rules_naming(&Named::Scene(id));
        if !naming.is_empty() {
            return Err(in_use(naming));
        }
        self.household.scenes.remove(id);
        out.push(Effect::Persist(Change::SceneGone(id.clone())));
        out.push(Effect::Publish(Update::SceneGone(id.clone())));
        Ok(Answer::Done)
    }

    /// What of a scene can be set now, and how the parts were before: what nothing fills, or its
    /// hardware cannot do, is left out.
    fn wishes_of(&self, scene: &Scene) -> (Vec<(EndpointId, Action)>, Before) {
        let (mut wishes, mut before) = (Vec::new(), Vec::new());
        for setting in &scene.settings {
            let Some(endpoint) = self.household.roles.filler(&setting.role) else { continue };
            let specs = self.specs(&setting.role);
            let can = |action: &Action| specs.iter().any(|spec| action.fits(spec));
            let able: Vec<Action> = setting.actions.iter().filter(|it| can(it)).cloned().collect();
            let actions = in_order(&able);
            if !actions.is_empty() {
                before.push((endpoint.clone(), self.undoing(endpoint, &actions)));
            }
            wishes.extend(actions.into_iter().map(|it| (endpoint.clone(), it)));
        }
        (wishes, before)
    }

    /// What takes these actions back: of what they touch, how it is now.
    fn undoing(&self, endpoint: &EndpointId, actions: &[Action]) -> Vec<Action> {
        let touched: BTreeSet<Capability> = actions.iter().map(Action::capability).collect();
        let is_light = touched.iter().any(|it| is_of_lights(*it));
        let mut now = self.as_it_is(endpoint);
        now.retain(|it| {
            let capability = it.capability();
            let is_basic = matches!(capability, Capability::OnOff | Capability::Level);
            touched.contains(&capability) || (is_light && is_basic)
        });
        in_order(&now)
    }

    pub(super) fn set_scene(
        &mut self,
        run: RunId,
        id: &SceneId,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let scene = self.household.scenes.get(id).cloned().ok_or_else(|| not_found("scene", id))?;
        let (wishes, before) = self.wishes_of(&scene);
        if wishes.is_empty() {
            return Err(invalid("nothing in this scene can be set now"));
        }
        self.household.settings.begin(&run)?;
        let until = now.uptime.saturating_add(UNDO_WITHIN);
        let transition = scene.transition;
        let undo = Undo { run: run.clone(), until, before, transition };
        self.household.settings.can_undo(undo, now.uptime);
        let manner = Manner { sign: "s", transition, origin: Origin::Scene(id.clone()) };
        self.wish(wishes, &run, &manner, now, out)
    }

    pub(super) fn undo_scene(
        &mut self,
        run: &RunId,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let Some(undo) = self.household.settings.take_undo(run, now.uptime) else {
            return Err(not_found("scene that can be taken back", run));
        };
        let Undo { before, transition, .. } = undo;
        let wishes = before.into_iter().flat_map(|(endpoint, actions)| {
            actions.into_iter().map(move |it| (endpoint.clone(), it))
        });
        let wishes: Vec<(EndpointId, Action)> = wishes.collect();
        let manner = Manner { sign: "u", transition, origin: Origin::App };
        self.wish(wishes, run, &manner, now, out)
    }

    pub(super) fn control_all(
        &mut self,
        run: RunId,
        to: &Target,
        action: &Action,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if !self.is_there(to) {
            return Err(ApiError::new(ErrorCode::NotFound, "there is no such target"));
        }
        let roles = self.roles(to).into_iter();
        let able = roles.filter(|it| self.specs(it).iter().any(|spec| action.fits(spec)));
        let endpoints = able.filter_map(|it| self.endpoint(&it));
        let wishes: Vec<_> = endpoints.map(|it| (it, action.clone())).collect();
        if wishes.is_empty() {
            return Err(invalid("nothing there can do this"));
        }
        self.household.settings.begin(&run)?;
        let manner = Manner { sign: "a", transition: Span::ZERO, origin: Origin::App };
        self.wish(wishes, &run, &manner, now, out)
    }

    /// Sends one command after the other; their ids follow from the run's. One that is refused
    /// (its id was used, its part has gone meanwhile) keeps no other from leaving.
    fn wish(
        &mut self,
        wishes: Vec<(EndpointId, Action)>,
        run: &RunId,
        manner: &Manner,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        for (index, (endpoint, action)) in wishes.into_iter().enumerate() {
            let id: CommandId = derived(run.as_str(), manner.sign, index)?;
            let transition = if takes_time(&action) { manner.transition } else { Span::ZERO };
            let origin = manner.origin.clone();
            drop(self.control(Command { id, endpoint, action, transition, origin }, now, out));
        }
        Ok(Answer::Done)
    }

    /// A room is gone: scenes that were shown in it are shown for the home.
    pub(crate) fn scenes_leave_room(&mut self, room: &RoomId, out: &mut Vec<Effect>) {
        let scenes: BTreeMap<SceneId, Scene> = self.household.scenes.clone();
        for scene in scenes.into_values().filter(|it| it.room.as_ref() == Some(room)) {
            self.keep_scene(Scene { room: None, ..scene }, out);
        }
    }

    pub(super) fn forget_lost_scene_rooms(&mut self, out: &mut Vec<Effect>) {
        let rooms = self.household.scenes.values().filter_map(|it| it.room.clone());
        let is_lost = |it: &RoomId| self.checked_room(Some(it)).is_err();
        let lost: BTreeSet<RoomId> = rooms.filter(is_lost).collect();
        for room in lost {
            self.scenes_leave_room(&room, out);
        }
    }
}

/// What lights have, and change together.
pub(crate) fn is_of_lights(capability: Capability) -> bool {
    matches!(
        capability,
        Capability::OnOff
            | Capability::Level
            | Capability::ColorControl
            | Capability::LightEffect
            | Capability::LightPalette
    )
}

/// Whether lights can take their time with it.
fn takes_time(action: &Action) -> bool {
    match action {
        Action::SetOnOff(_) | Action::SetLevel(_) | Action::SetColor(_) => true,
        Action::SetEffect(_)
        | Action::SetPalette(_)
        | Action::MoveCover(_)
        | Action::SetLocked(_)
        | Action::SetThermostat(_)
        | Action::SelectMode(_)
        | Action::SetNumber(_)
        | Action::Press => false,
    }
}

fn check_actions(actions: &[Action]) -> Result<(), ApiError> {
    if !(1..=MOST_ACTIONS).contains(&actions.len()) {
        return Err(invalid(format!("a scene does 1 to {MOST_ACTIONS} things with each role")));
    }
    let mut once = BTreeSet::new();
    for action in actions {
        if !action.is_repeatable() {
            return Err(invalid("a scene sets states; it presses nothing and unlocks nothing"));
        }
        if !once.insert(action.capability()) {
            return Err(invalid(format!("{} is set twice", action.capability())));
        }
        let is_sane = match action {
            Action::SetNumber(number) => number.is_finite(),
            Action::SetEffect(name) | Action::SetPalette(name) | Action::SelectMode(name) => {
                name.len() <= LONGEST_CHOICE
            }
            Action::SetOnOff(_)
            | Action::SetLevel(_)
            | Action::SetColor(_)
            | Action::MoveCover(_)
            | Action::SetLocked(_)
            | Action::SetThermostat(_)
            | Action::Press => true,
        };
        if !is_sane {
            return Err(invalid("this can be no setting of anything"));
        }
    }
    Ok(())
}

/// The action that makes a capability say this; `None` for what is only measured, is on its way,
/// or must not be set unseen.
fn as_said(value: &Value, spec: &Spec) -> Option<Action> {
    match value {
        Value::OnOff(on) => Some(Action::SetOnOff(*on)),
        Value::Level(level) => (*level > Percent::ZERO).then_some(Action::SetLevel(*level)),
        Value::ColorControl(color) => Some(Action::SetColor(*color)),
        Value::LightEffect(name) => Some(Action::SetEffect(name.clone())),
        Value::LightPalette(name) => Some(Action::SetPalette(name.clone())),
        Value::WindowCovering(state) => match (state.open?, spec) {
            (open, Spec::WindowCovering { positions: true }) => {
                Some(Action::MoveCover(CoverMove::To(open)))
            }
            (open, _) if open.get() == 0 => Some(Action::MoveCover(CoverMove::Close)),
            (open, _) if open.get() == 100 => Some(Action::MoveCover(CoverMove::Open)),
            _ => None,
        },
        Value::DoorLock(LockState::Locked) => Some(Action::SetLocked(true)),
        Value::Thermostat(state) => {
            let Spec::Thermostat { heating, cooling, .. } = spec else { return None };
            Some(Action::SetThermostat(ThermostatChange {
                mode: Some(state.mode),
                heating_setpoint: state.heating_setpoint.filter(|_| *heating),
                cooling_setpoint: state.cooling_setpoint.filter(|_| *cooling),
            }))
        }
        Value::DoorLock(_)
        | Value::ModeSelect(_)
        | Value::NumericControl(_)
        | Value::BooleanState(_)
        | Value::OccupancySensing(_)
        | Value::TemperatureMeasurement(_)
        | Value::RelativeHumidityMeasurement(_)
        | Value::IlluminanceMeasurement(_)
        | Value::AirQuality(_)
        | Value::CarbonDioxideConcentrationMeasurement(_)
        | Value::Pm25ConcentrationMeasurement(_)
        | Value::ElectricalPower(_)
        | Value::ElectricalEnergy(_)
        | Value::PowerSource(_)
        | Value::GenericMeasurement(_) => None,
    }
}
