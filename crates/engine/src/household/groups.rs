//! Groups: roles that are meant together.

use std::collections::BTreeSet;

use api::{Answer, ApiError, Update};
use model::{Change, Group, GroupId, MOST_MEMBERS, Moment, RoleId};

use super::uses::Named;
use super::{in_use, invalid};
use crate::requests::not_found;
use crate::{Effect, Engine};

impl Engine {
    pub(super) fn save_group(
        &mut self,
        group: Group,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        self.check_roles(&group.members)?;
        if self.household.groups.get(&group.id) != Some(&group) {
            self.household.groups.insert(group.id.clone(), group.clone());
            out.push(Effect::Persist(Change::Group(group.clone())));
            out.push(Effect::Publish(Update::Group(group)));
            self.rewire_rules(now, out);
        }
        Ok(Answer::Done)
    }

    /// Roles that can be meant together: each is there, and once; not too many.
    pub(super) fn check_roles(&self, roles: &[RoleId]) -> Result<(), ApiError> {
        if roles.len() > MOST_MEMBERS {
            return Err(invalid(format!("at most {MOST_MEMBERS} roles can be named")));
        }
        let mut once = BTreeSet::new();
        for role in roles {
            if !self.household.roles.is_there(role) {
                return Err(not_found("role", role));
            }
            if !once.insert(role) {
                return Err(invalid(format!("the role `{role}` is named twice")));
            }
        }
        Ok(())
    }

    pub(super) fn remove_group(
        &mut self,
        id: &GroupId,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if !self.household.groups.contains_key(id) {
            return Err(not_found("group", id));
        }
        let naming = self.rules_naming(&Named::Group(id));
        if !naming.is_empty() {
            return Err(in_use(naming));
        }
        self.household.groups.remove(id);
        out.push(Effect::Persist(Change::GroupGone(id.clone())));
        out.push(Effect::Publish(Update::GroupGone(id.clone())));
        self.rewire_rules(now, out);
        Ok(Answer::Done)
    }
}
