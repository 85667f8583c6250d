//! What rules can see of the home. The living home is one, a rehearsal is another.

use model::rule::{Target, Unknown, Who};
use model::{
    Capability, DeviceId, EndpointId, Person, PersonId, RoleId, Scene, SceneId, Spec, Timestamp,
    Value, Variable, VariableId,
};

use super::calendar::Calendar;

/// What rules can see. Never changes while a rule looks.
pub(crate) trait World {
    /// The roles that a target means now, each once, in a stable order. Vacant ones are among
    /// them where they are named.
    fn roles(&self, target: &Target) -> Vec<RoleId>;
    /// Whether what the target names is there at all (a role that is vacant is).
    fn is_there(&self, target: &Target) -> bool;
    /// What fills a role.
    fn endpoint(&self, role: &RoleId) -> Option<EndpointId>;
    /// The role that an endpoint fills.
    fn role_of(&self, endpoint: &EndpointId) -> Option<RoleId>;
    /// What the hardware in a role can do; empty when it is vacant.
    fn specs(&self, role: &RoleId) -> &[Spec];
    /// What a capability says, and since when; remembered values count until the device is known
    /// to be unreachable.
    fn known(&self, role: &RoleId, capability: Capability) -> Result<(&Value, Timestamp), Unknown>;
    /// Whether the device in a role can be reached; `None` when nobody knows yet or nothing is in
    /// it.
    fn is_reachable(&self, role: &RoleId) -> Option<bool>;
    /// The endpoints of a device, in its order.
    fn endpoints_of(&self, device: &DeviceId) -> Vec<EndpointId>;
    /// The people of the home, by id.
    fn people(&self) -> Vec<&Person>;
    /// A variable.
    fn variable(&self, id: &VariableId) -> Option<&Variable>;
    /// A scene.
    fn scene(&self, id: &SceneId) -> Option<&Scene>;
    /// The home's clocks and sun.
    fn calendar(&self) -> &Calendar;

    /// What a role is called; `None` when nobody knows.
    fn called(&self, _role: &RoleId) -> Option<String> {
        None
    }

    /// Somebody who lives here.
    fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people().into_iter().find(|it| it.id == *id)
    }

    /// Of those asked about, how many are home, away, and not known.
    fn presence(&self, who: &Who) -> Headcount {
        let counted = |it: &&Person| match who {
            Who::Person(id) => it.id == *id,
            Who::Anyone | Who::Everyone | Who::Household => true,
        };
        let mut count = Headcount::default();
        for person in self.people().into_iter().filter(counted) {
            match person.presence.home {
                Some(true) => count.home += 1,
                Some(false) => count.away += 1,
                None => count.unknown += 1,
            }
        }
        count
    }
}

/// How many people are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Headcount {
    pub(crate) home: u16,
    pub(crate) away: u16,
    pub(crate) unknown: u16,
}
