//! Choosing a room, a group or a thing, by name.

use leptos::prelude::*;
use model::rule::Target;
use model::{EndpointKind, RoleId, RoomId, Spec, Timestamp};

use super::super::draft::{Offer, Offered, Part};
use super::adder::offered;
use crate::components::{Spoken, unique};
use crate::i18n::{decimal, t};
use crate::sentence::{Names, Number, Subject, Words};

/// So many are shown at a time; a search finds the others.
const MOST: usize = 60;

/// Whom a phrase would be about, in words.
pub fn says(words: Words<'_>, part: Part, target: &Target) -> String {
    let number = match part {
        Part::When => Number::Any,
        Part::OnlyIf => Number::Every,
        Part::Then => Number::All,
    };
    words.target(target, number)
}

/// Targets under a title.
#[derive(Debug, Clone, PartialEq)]
struct Group {
    title: String,
    /// With what they are called, and whether they are shown before anything is searched for.
    targets: Vec<(Target, String, bool)>,
}

/// A list of all that can be chosen, with a field to search it; what stands above all of it
/// (`specials`) is searched along.
pub fn chooser(
    spoken: Spoken,
    part: Part,
    fits: impl Fn(&[Spec]) -> bool + Copy + Send + Sync + 'static,
    choose: Callback<Target>,
    specials: Option<(Signal<Vec<Offered>>, Callback<Offer>)>,
) -> AnyView {
    let id = unique("chooser");
    let searched = RwSignal::new(String::new());
    let groups =
        Memo::new(move |_| spoken.say_at(Timestamp::default(), |words| groups(words, part, &fits)));
    let wanted = Memo::new(move |_| searched.with(|it| it.trim().to_lowercase()));
    let found = Memo::new(move |_| wanted.with(|wanted| groups.with(|all| matching(all, wanted))));
    let special = move || {
        let (all, add) = specials?;
        let wanted = wanted.get();
        let all = all.get().into_iter().map(|mut it| {
            it.offers.retain(|(says, _)| says.to_lowercase().contains(&wanted));
            it
        });
        let all: Vec<Offered> = all.filter(|it| !it.offers.is_empty()).collect();
        Some(offered(all, add))
    };
    let nothing = move || {
        let none = found.with(|(groups, _)| groups.is_empty());
        let special = specials.is_some_and(|(all, _)| {
            let wanted = wanted.get();
            let matches = |it: &Offer| it.0.to_lowercase().contains(&wanted);
            all.with(|all| all.iter().flat_map(|it| &it.offers).any(matches))
        });
        (none && !special).then(|| view! { <p class="quiet">{t().nothing_found()}</p> })
    };
    let first = move |event: leptos::ev::KeyboardEvent| {
        let typed = searched.with_untracked(|it| !it.trim().is_empty());
        if event.key() == "Enter" && typed {
            event.prevent_default();
            let hit = found.with_untracked(|(all, _)| all.first()?.targets.first().cloned());
            if let Some((target, ..)) = hit {
                choose.run(target);
            }
        }
    };
    let more = move || {
        let left = found.with(|(_, left)| *left);
        let count = decimal(t().locale(), left as f64, 0);
        (left > 0).then(|| view! { <p class="quiet">{t().search_more(&count)}</p> })
    };
    let list =
        move || found.with(|(all, _)| all.iter().map(|it| group_view(it, choose)).collect_view());
    view! {
        <div class="chooser">
            <div class="field">
                <label class="only-read" for=id.clone()>{move || t().search_who()}</label>
                <input
                    id=id
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    maxlength="64"
                    placeholder=move || t().search_who()
                    prop:value=move || searched.get()
                    on:input=move |event| searched.set(event_target_value(&event))
                    on:keydown=first
                />
            </div>
            <div class="chooser-list">
                {special}
                {list}
                {more}
                {nothing}
            </div>
        </div>
    }
    .into_any()
}

fn group_view(group: &Group, choose: Callback<Target>) -> AnyView {
    let button = |(target, words, _): &(Target, String, bool)| {
        let (target, words) = (target.clone(), words.clone());
        view! {
            <li>
                <button type="button" class="offer" on:click=move |_| choose.run(target.clone())>
                    {words}
                </button>
            </li>
        }
    };
    let buttons = group.targets.iter().map(button).collect_view();
    view! {
        <div class="offered">
            <p class="offered-title">{group.title.clone()}</p>
            <ul class="offers">{buttons}</ul>
        </div>
    }
    .into_any()
}

/// Those that match, and how many more there are than are shown.
fn matching(all: &[Group], wanted: &str) -> (Vec<Group>, usize) {
    let (mut shown, mut left, mut room) = (Vec::new(), 0, MOST);
    for group in all {
        let in_title = !wanted.is_empty() && group.title.to_lowercase().contains(wanted);
        let fits = |(_, name, usual): &&(Target, String, bool)| {
            if wanted.is_empty() {
                *usual
            } else {
                in_title || name.to_lowercase().contains(wanted)
            }
        };
        let mut targets: Vec<_> = group.targets.iter().filter(fits).cloned().collect();
        left += targets.len().saturating_sub(room);
        targets.truncate(room);
        room -= targets.len();
        if !targets.is_empty() {
            shown.push(Group { title: group.title.clone(), targets });
        }
    }
    (shown, left)
}

fn groups(words: Words<'_>, part: Part, fits: &dyn Fn(&[Spec]) -> bool) -> Vec<Group> {
    let (t, names) = (words.t, words.names);
    let mut groups = Vec::new();
    for room in &names.rooms {
        let targets = in_room(words, part, Some(&room.id), fits);
        groups.push(Group { title: crate::sentence::apart(room.name.as_str()), targets });
    }
    groups.push(Group { title: t.no_room(), targets: in_room(words, part, None, fits) });
    let several = |target: Target| {
        let specs = names.specs(&target);
        fits(&specs).then(|| (target.clone(), says(words, part, &target), true))
    };
    let targets = names.groups.keys().cloned().map(Target::Group).filter_map(several).collect();
    groups.push(Group { title: t.offers_groups(), targets });
    let everyday = |it: &&Subject| it.everyday && it.filled;
    let targets = kinds(names.roles.values().filter(everyday))
        .into_iter()
        .map(|(kind, _)| Target::All(kind))
        .filter_map(several)
        .collect();
    groups.push(Group { title: t.offers_whole_home(), targets });
    groups.retain(|it| !it.targets.is_empty());
    groups
}

/// The kinds of things among these, and how many of each.
fn kinds<'a>(all: impl Iterator<Item = &'a Subject>) -> Vec<(EndpointKind, usize)> {
    let mut kinds = std::collections::BTreeMap::new();
    for subject in all {
        *kinds.entry(subject.kind).or_insert(0) += 1;
    }
    kinds.into_iter().collect()
}

fn in_room(
    words: Words<'_>,
    part: Part,
    room: Option<&RoomId>,
    fits: &dyn Fn(&[Spec]) -> bool,
) -> Vec<(Target, String, bool)> {
    let names: &Names = words.names;
    let known = |it: &RoomId| names.rooms.iter().any(|room| room.id == *it);
    let here = |it: &Subject| it.room.as_ref().filter(|it| known(it)) == room;
    let mut members: Vec<(&RoleId, &Subject)> =
        names.roles.iter().filter(|(_, it)| it.filled && here(it) && fits(&it.specs)).collect();
    members.sort_by_cached_key(|(id, it)| {
        (!it.everyday, it.kind, it.name.to_lowercase(), (*id).clone())
    });
    let mut targets = Vec::new();
    let everyday = || members.iter().map(|(_, it)| *it).filter(|it| it.everyday);
    if let (Some(room), true) = (room, everyday().count() > 1) {
        let mut several = vec![None];
        several.extend(kinds(everyday()).into_iter().filter(|it| it.1 > 1).map(|it| Some(it.0)));
        for only in several {
            let target = Target::Room { room: room.clone(), only };
            let name = says(words, part, &target);
            targets.push((target, name, true));
        }
    }
    targets.extend(members.into_iter().map(|(id, it)| {
        let target = Target::Role(id.clone());
        let name = says(words, part, &target);
        (target, name, it.everyday)
    }));
    targets
}
