//! Who and what the home consists of besides devices: roles, scenes, groups, people, variables,
//! notices; and what rules see of all of it.

use api::{ApiError, ErrorCode, Request};
use model::rule::{Target, Unknown};
use model::{
    Capability, DeviceId, EndpointId, Moment, Person, PersonId, RoleId, RuleId, Scene, SceneId,
    Spec, Timestamp, Value, Variable, VariableId,
};

use crate::requests::Outcome;
use crate::rules::{Calendar, World};
use crate::{Effect, Engine, Ticket};

impl Engine {
    /// A request about roles, scenes, groups, people, variables, notices or the home's
    /// surroundings.
    pub(crate) fn household(
        &mut self,
        _ticket: Ticket,
        _request: Request,
        _now: Moment,
        _out: &mut Vec<Effect>,
    ) -> Outcome {
        Err(ApiError::new(ErrorCode::Unsupported, "not yet"))
    }

    pub(crate) fn phone_seen(
        &mut self,
        _person: &PersonId,
        _is_there: bool,
        _now: Moment,
        _out: &mut Vec<Effect>,
    ) {
    }
}

impl World for Engine {
    fn roles(&self, _target: &Target) -> Vec<RoleId> {
        Vec::new()
    }

    fn is_there(&self, _target: &Target) -> bool {
        false
    }

    fn endpoint(&self, _role: &RoleId) -> Option<EndpointId> {
        None
    }

    fn role_of(&self, _endpoint: &EndpointId) -> Option<RoleId> {
        None
    }

    fn specs(&self, _role: &RoleId) -> &[Spec] {
        &[]
    }

    fn known(&self, _role: &RoleId, _what: Capability) -> Result<(&Value, Timestamp), Unknown> {
        Err(Unknown::Vacant)
    }

    fn is_reachable(&self, _role: &RoleId) -> Option<bool> {
        None
    }

    fn endpoints_of(&self, _device: &DeviceId) -> Vec<EndpointId> {
        Vec::new()
    }

    fn people(&self) -> Vec<&Person> {
        Vec::new()
    }

    fn variable(&self, _id: &VariableId) -> Option<&Variable> {
        None
    }

    fn scene(&self, _id: &SceneId) -> Option<&Scene> {
        None
    }

    fn has_rule(&self, _id: &RuleId) -> bool {
        false
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }
}
