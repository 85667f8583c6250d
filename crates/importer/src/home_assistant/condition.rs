//! Conditions. Known answers (what set the automation off) are worked out: what always holds is
//! `all` of nothing, what never holds `any` of nothing.

use api::LostWhy;
use model::Span;
use model::rule::{Condition, Days, LocalTime, SunState, Weekday};

use super::duration::{duration, offset};
use super::reader::{Reader, is_template};
use super::state::all;
use crate::yaml::Node;

/// What always holds.
pub(crate) fn always() -> Condition {
    Condition::All(Vec::new())
}

/// What never holds.
pub(crate) fn never() -> Condition {
    Condition::Any(Vec::new())
}

/// The same condition without what is known already.
pub(crate) fn simple(condition: Condition) -> Condition {
    match condition {
        Condition::All(parts) => {
            let parts: Vec<Condition> = parts.into_iter().map(simple).collect();
            if parts.contains(&never()) {
                return never();
            }
            let flat = parts.into_iter().flat_map(|it| match it {
                Condition::All(inner) => inner,
                other => vec![other],
            });
            all(flat.collect())
        }
        Condition::Any(parts) => {
            let parts: Vec<Condition> = parts.into_iter().map(simple).collect();
            if parts.contains(&always()) {
                return always();
            }
            let flat = parts.into_iter().flat_map(|it| match it {
                Condition::Any(inner) => inner,
                other => vec![other],
            });
            let mut open: Vec<Condition> = flat.collect();
            match (open.len(), open.pop()) {
                (1, Some(only)) => only,
                (_, last) => {
                    open.extend(last);
                    Condition::Any(open)
                }
            }
        }
        Condition::Not(inner) => match simple(*inner) {
            inner if inner == always() => never(),
            inner if inner == never() => always(),
            Condition::Not(twice) => *twice,
            inner => Condition::Not(Box::new(inner)),
        },
        leaf => leaf,
    }
}

impl Reader<'_> {
    /// All of a list of conditions; `None` when one of them cannot be carried over. Each is looked
    /// at, so that everything that is missing is told at once.
    pub(crate) fn conditions(&mut self, node: &Node) -> Option<Condition> {
        let parts: Vec<Option<Condition>> = (1..)
            .zip(node.items())
            .map(|(number, it)| {
                self.within(format!("condition {number}"), |reader| reader.condition(it))
            })
            .collect();
        let parts: Option<Vec<Condition>> = parts.into_iter().collect();
        Some(simple(Condition::All(parts?)))
    }

    /// One condition.
    pub(crate) fn condition(&mut self, node: &Node) -> Option<Condition> {
        if node.get("enabled").and_then(Node::truth) == Some(false) {
            return Some(always());
        }
        if let Some(text) = node.text() {
            return self.template_condition(text);
        }
        for (key, kind) in [("and", "and"), ("or", "or"), ("not", "not")] {
            if let Some(parts) = node.get(key) {
                return self.combined(kind, parts);
            }
        }
        let kind = node.text_of("condition").unwrap_or_default().to_owned();
        match kind.as_str() {
            "and" | "or" | "not" => {
                let parts = node.get("conditions").cloned();
                self.combined(&kind, &parts.unwrap_or(Node::List(Vec::new())))
            }
            "state" => self.state_condition(node),
            "numeric_state" => self.numeric_condition(node),
            "time" => self.time_condition(node),
            "sun" => self.sun_condition(node),
            "zone" => self.zone_condition(node),
            "trigger" => self.trigger_condition(node),
            "template" => {
                let text = node.text_of("value_template").unwrap_or_default().to_owned();
                self.template_condition(&text)
            }
            text if is_template(text) => self.template_condition(text),
            _ => self.nothing(LostWhy::Condition, &kind),
        }
    }

    fn combined(&mut self, kind: &str, parts: &Node) -> Option<Condition> {
        let read: Vec<Option<Condition>> = (1..)
            .zip(parts.items())
            .map(|(number, it)| {
                self.within(format!("{kind} {number}"), |reader| reader.condition(it))
            })
            .collect();
        let read: Vec<Condition> = read.into_iter().collect::<Option<_>>()?;
        Some(simple(match kind {
            "and" => Condition::All(read),
            "or" => Condition::Any(read),
            // Not any of them.
            _ => Condition::Not(Box::new(Condition::Any(read))),
        }))
    }

    /// How long it has to have been so; `None` when that cannot be told.
    pub(crate) fn held_for(&mut self, node: &Node) -> Option<Span> {
        let Some(held) = node.get("for") else { return Some(Span::ZERO) };
        duration(held).or_else(|| self.nothing(LostWhy::Template, "for"))
    }

    fn state_condition(&mut self, node: &Node) -> Option<Condition> {
        let held = self.held_for(node)?;
        if let Some(attribute) = node.text_of("attribute") {
            let attribute = attribute.to_owned();
            return self.nothing(LostWhy::Condition, &format!("attribute {attribute}"));
        }
        let states: Vec<&str> = node
            .get("state")
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .filter_map(|it| it.text())
            .collect();
        if let Some(template) = states.iter().find(|it| is_template(it)) {
            return self.nothing(LostWhy::Template, template);
        }
        let mut parts = Vec::new();
        for entity in self.entities(node) {
            let one: Vec<Option<Condition>> =
                states.iter().map(|state| self.is_state(&entity, state, held)).collect();
            parts.push(one.into_iter().collect::<Option<Vec<_>>>().map(Condition::Any));
        }
        let parts: Vec<Condition> = parts.into_iter().collect::<Option<_>>()?;
        if parts.is_empty() || states.is_empty() {
            return self.nothing(LostWhy::Malformed, "state");
        }
        let matches_any = node.text_of("match") == Some("any");
        Some(simple(if matches_any { Condition::Any(parts) } else { Condition::All(parts) }))
    }

    fn numeric_condition(&mut self, node: &Node) -> Option<Condition> {
        let (bounds, held) = (self.bounds(node)?, self.held_for(node)?);
        if node.get("value_template").is_some() {
            return self.nothing(LostWhy::Template, "value_template");
        }
        let attribute = node.text_of("attribute").map(str::to_owned);
        let entities = self.entities(node);
        let read: Vec<Option<Condition>> = entities
            .iter()
            .map(|entity| self.is_within(entity, attribute.as_deref(), bounds, held))
            .collect();
        let read: Vec<Condition> = read.into_iter().collect::<Option<_>>()?;
        if read.is_empty() {
            return self.nothing(LostWhy::Malformed, "numeric_state");
        }
        Some(simple(Condition::All(read)))
    }

    /// There, a window across midnight asks for today's weekday on both sides of it; here, for the
    /// day on which it began. So the two sides are asked for by themselves.
    fn time_condition(&mut self, node: &Node) -> Option<Condition> {
        let (after, before) = (self.time_of(node, "after")?, self.time_of(node, "before")?);
        let on = self.weekdays(node)?;
        let window = |after, before| Condition::Time { after, before, on: on.clone() };
        let crosses = matches!((after, before), (Some(after), Some(before)) if after >= before);
        if crosses && !on.is_every_day() {
            return Some(Condition::Any(vec![window(after, None), window(None, before)]));
        }
        Some(window(after, before))
    }

    /// A time of day; `Some(None)` when none is given.
    #[expect(clippy::option_option, reason = "not given and not readable are different things")]
    fn time_of(&mut self, node: &Node, key: &str) -> Option<Option<LocalTime>> {
        let Some(given) = node.get(key).and_then(Node::text) else { return Some(None) };
        match given.parse() {
            Ok(time) => Some(Some(time)),
            Err(_) => self.nothing(LostWhy::Setting, &format!("{key}: {given}")),
        }
    }

    /// Days of the week, by their English abbreviations.
    pub(crate) fn weekdays(&mut self, node: &Node) -> Option<Days> {
        let Some(given) = node.get("weekday") else { return Some(Days::default()) };
        let named: Vec<&str> = given.items().iter().filter_map(|it| it.text()).collect();
        let days: Option<Vec<Weekday>> = named.iter().map(|name| weekday(name)).collect();
        match days {
            Some(days) => Some(Days { weekdays: days.into(), ..Days::default() }),
            None => self.nothing(LostWhy::Malformed, &named.join(", ")),
        }
    }

    /// There, "after sunset" is from sunset to midnight, "before sunrise" from midnight on.
    fn sun_condition(&mut self, node: &Node) -> Option<Condition> {
        let after = node.text_of("after").map(str::to_owned);
        let before = node.text_of("before").map(str::to_owned);
        let mut shift = |key: &str| match node.get(key) {
            None => Some(0),
            Some(it) => offset(it).or_else(|| self.nothing(LostWhy::Setting, key)),
        };
        let (late, early) = (shift("after_offset")?, shift("before_offset")?);
        let sun = |is, offset| Condition::Sun { is, offset };
        let noon = LocalTime::new(12, 0);
        let afternoon = || Condition::Time { after: noon, before: None, on: Days::default() };
        let morning = || Condition::Time { after: None, before: noon, on: Days::default() };
        let not = |it| Condition::Not(Box::new(it));
        let evening = |offset| Condition::All(vec![sun(SunState::Down, offset), afternoon()]);
        let dawn = |offset| Condition::All(vec![sun(SunState::Down, offset), morning()]);
        match (after.as_deref(), before.as_deref()) {
            (Some("sunset"), None) => Some(evening(late)),
            (None, Some("sunrise")) => Some(dawn(early)),
            (Some("sunset"), Some("sunrise")) if late == early => Some(sun(SunState::Down, late)),
            (Some("sunset"), Some("sunrise")) => {
                Some(Condition::Any(vec![evening(late), dawn(early)]))
            }
            (Some("sunrise"), None) => Some(not(dawn(late))),
            (None, Some("sunset")) => Some(not(evening(early))),
            (Some("sunrise"), Some("sunset")) if late == early => Some(sun(SunState::Up, late)),
            (Some("sunrise"), Some("sunset")) => {
                Some(Condition::All(vec![not(dawn(late)), not(evening(early))]))
            }
            _ => self.nothing(LostWhy::Malformed, "sun"),
        }
    }

    fn zone_condition(&mut self, node: &Node) -> Option<Condition> {
        if node.text_of("zone") != Some("zone.home") {
            return self.nothing(LostWhy::Condition, "zone");
        }
        let entities = self.entities(node);
        let read: Vec<Option<Condition>> =
            entities.iter().map(|it| self.is_state(it, "home", Span::ZERO)).collect();
        Some(all(read.into_iter().collect::<Option<_>>()?))
    }

    /// Which of its triggers set the automation off: that is known.
    fn trigger_condition(&mut self, node: &Node) -> Option<Condition> {
        let wanted = node.get("id").map(Node::items).unwrap_or_default();
        let fired = self.fired.as_ref()?;
        let is_it = wanted.iter().any(|it| it.text() == Some(fired.id.as_str()));
        Some(if is_it { always() } else { never() })
    }
}

/// A day of the week by its English abbreviation.
pub(crate) fn weekday(name: &str) -> Option<Weekday> {
    Some(match name.to_ascii_lowercase().get(..3)? {
        "mon" => Weekday::Mon,
        "tue" => Weekday::Tue,
        "wed" => Weekday::Wed,
        "thu" => Weekday::Thu,
        "fri" => Weekday::Fri,
        "sat" => Weekday::Sat,
        "sun" => Weekday::Sun,
        _ => return None,
    })
}
