//! What is switched on, and never off again.

use model::RoleId;
use model::rule::FindingKind;

use super::Draft;

impl Draft<'_> {
    pub(super) fn offs(&mut self) {
        let own: Vec<&RoleId> = self.effects.offs().collect();
        let mut found = Vec::new();
        for wish in self.effects.wishes.iter().filter(|it| it.what.switches_on()) {
            let is_off = own.contains(&&wish.role)
                || self.neighbours.switching_off(&wish.role).any(|rule| rule != self.id);
            // A step that switches on many says it of the first.
            let is_told = found.last().is_some_and(|(at, _)| *at == wish.at);
            if !is_off && !is_told {
                found.push((wish.at.clone(), FindingKind::NoOff(wish.role.clone())));
            }
        }
        self.find_all(found);
    }
}
