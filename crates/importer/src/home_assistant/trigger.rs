//! Triggers.

use api::LostWhy;
use model::rule::{Days, LocalTime, SunEvent, Trigger};
use model::{HookId, Span};

use super::duration::offset;
use super::fired::Fired;
use super::reader::{Reader, is_template};
use super::state::Passage;
use crate::yaml::Node;

/// The shortest id of a webhook that cannot be guessed.
const SHORTEST_HOOK: usize = 16;

impl Reader<'_> {
    /// All ways in which an automation is set off; those that cannot be carried over are noted.
    pub(crate) fn triggers(&mut self, node: &Node) -> Vec<Fired> {
        let mut fired = Vec::new();
        for (number, it) in node.items().into_iter().enumerate() {
            if let Some(inner) = it.get("triggers") {
                fired.extend(self.triggers(inner));
            } else if it.get("enabled").and_then(Node::truth) != Some(false) {
                let place = format!("trigger {}", number + 1);
                fired.extend(self.within(place, |reader| reader.trigger(number, it)));
            }
        }
        fired
    }

    fn trigger(&mut self, number: usize, node: &Node) -> Vec<Fired> {
        let kind = node.any(&["platform", "trigger"]).and_then(Node::text).unwrap_or_default();
        let kind = kind.to_owned();
        let id = node.text_of("id").map_or_else(|| number.to_string(), str::to_owned);
        match kind.as_str() {
            "state" => return self.state_triggers(&id, node),
            "numeric_state" => return self.numeric_triggers(&id, node),
            "zone" => return self.zone_triggers(&id, node),
            _ => {}
        }
        let triggers = match kind.as_str() {
            "time" => self.time_triggers(node),
            "time_pattern" => self.pattern_triggers(node),
            "sun" => self.sun_trigger(node),
            "homeassistant" if node.text_of("event") == Some("start") => {
                Some(vec![Trigger::Started])
            }
            "mqtt" => self.mqtt_trigger(node),
            "webhook" => self.webhook_trigger(node),
            "template" => self.template_trigger(node),
            _ => self.nothing(LostWhy::Trigger, &described(&kind, node)),
        };
        let one = |triggers| Fired { id, entity: None, to: None, triggers };
        triggers.map(one).into_iter().collect()
    }

    fn state_triggers(&mut self, id: &str, node: &Node) -> Vec<Fired> {
        let Some(held_for) = self.held_for(node) else { return Vec::new() };
        for key in ["not_to", "not_from", "attribute"] {
            if node.get(key).is_some() {
                self.lose(LostWhy::Setting, key);
                return Vec::new();
            }
        }
        let (from, to) = (states(node, "from"), states(node, "to"));
        let mut fired = Vec::new();
        for entity in self.entities(node) {
            for to in &to {
                let mut triggers = Vec::new();
                for from in &from {
                    let passage = Passage { from: from.as_deref(), to: to.as_deref(), held_for };
                    triggers.extend(self.changes(&entity, passage).unwrap_or_default());
                }
                if !triggers.is_empty() {
                    let (id, entity) = (id.to_owned(), Some(entity.clone()));
                    fired.push(Fired { id, entity, to: to.clone(), triggers });
                }
            }
        }
        fired
    }

    fn numeric_triggers(&mut self, id: &str, node: &Node) -> Vec<Fired> {
        let (Some(held_for), Some(bounds)) = (self.held_for(node), self.bounds(node)) else {
            return Vec::new();
        };
        if node.get("value_template").is_some() {
            self.lose(LostWhy::Template, "value_template");
            return Vec::new();
        }
        let attribute = node.text_of("attribute").map(str::to_owned);
        let mut fired = Vec::new();
        for entity in self.entities(node) {
            let triggers = self.crosses(&entity, attribute.as_deref(), bounds, held_for);
            let (id, entity) = (id.to_owned(), Some(entity));
            fired.extend(triggers.map(|triggers| Fired { id, entity, to: None, triggers }));
        }
        fired
    }

    fn zone_triggers(&mut self, id: &str, node: &Node) -> Vec<Fired> {
        if node.text_of("zone") != Some("zone.home") {
            self.lose(LostWhy::Trigger, "zone");
            return Vec::new();
        }
        let to = if node.text_of("event") == Some("leave") { "not_home" } else { "home" };
        let mut fired = Vec::new();
        for entity in self.entities(node) {
            let passage = Passage { to: Some(to), ..Passage::default() };
            let triggers = self.changes(&entity, passage);
            let (id, entity, to) = (id.to_owned(), Some(entity), Some(to.to_owned()));
            fired.extend(triggers.map(|triggers| Fired { id, entity, to, triggers }));
        }
        fired
    }

    fn time_triggers(&mut self, node: &Node) -> Option<Vec<Trigger>> {
        let on = self.weekdays(node)?;
        let mut triggers = Vec::new();
        for at in node.get("at").map(Node::items).unwrap_or_default() {
            let text = at.text().unwrap_or("at");
            match text.parse() {
                Ok(at) => triggers.push(Trigger::Time { at, on: on.clone() }),
                Err(_) => self.lose(LostWhy::Trigger, text),
            }
        }
        (!triggers.is_empty()).then_some(triggers)
    }

    /// `minutes: /5` is every five minutes; `hours: 7, minutes: 30` a time of day; `minutes: 30`
    /// half past every hour. What is not given is 0 below the first that is, and anything above.
    fn pattern_triggers(&mut self, node: &Node) -> Option<Vec<Trigger>> {
        let part = |key: &str| node.get(key).map(Node::text);
        let given = (part("hours"), part("minutes"), part("seconds"));
        let words = |it: Option<Option<&str>>| it.flatten().unwrap_or("0").to_owned();
        let hours = given.0.map_or("*".to_owned(), |_| words(given.0));
        let minutes = match given {
            (None, None, _) => "*".to_owned(),
            (_, it, _) => words(it),
        };
        let seconds = words(given.2);
        let triggers =
            every(&hours, &minutes, &seconds).or_else(|| times(&hours, &minutes, &seconds));
        let what = format!("{hours}:{minutes}:{seconds}");
        triggers.or_else(|| self.nothing(LostWhy::Trigger, &what))
    }

    fn sun_trigger(&mut self, node: &Node) -> Option<Vec<Trigger>> {
        let event = match node.text_of("event") {
            Some("sunset") => SunEvent::Sunset,
            Some("sunrise") => SunEvent::Sunrise,
            _ => return self.nothing(LostWhy::Malformed, "sun"),
        };
        let offset = match node.get("offset") {
            None => 0,
            Some(it) => offset(it).or_else(|| self.nothing(LostWhy::Setting, "offset"))?,
        };
        Some(vec![Trigger::Sun { event, offset, on: Days::default() }])
    }

    fn mqtt_trigger(&mut self, node: &Node) -> Option<Vec<Trigger>> {
        if node.get("value_template").is_some() {
            return self.nothing(LostWhy::Template, "value_template");
        }
        let Some(topic) = node.text_of("topic").filter(|it| !is_template(it)) else {
            return self.nothing(LostWhy::Malformed, "topic");
        };
        let payload = node.text_of("payload").map(str::to_owned);
        Some(vec![Trigger::Mqtt { topic: topic.to_owned(), payload }])
    }

    fn webhook_trigger(&mut self, node: &Node) -> Option<Vec<Trigger>> {
        let id = node.text_of("webhook_id").unwrap_or_default().to_ascii_lowercase();
        let is_long = id.len() >= SHORTEST_HOOK;
        match HookId::try_from(id.as_str()) {
            Ok(hook) if is_long => Some(vec![Trigger::Webhook(hook)]),
            _ => self.nothing(LostWhy::Setting, &format!("webhook {id}")),
        }
    }
}

/// The states that a key gives; `None` for any.
fn states(node: &Node, key: &str) -> Vec<Option<String>> {
    let given = node.get(key).map(Node::items).unwrap_or_default();
    let texts: Vec<Option<String>> =
        given.iter().filter_map(|it| it.text()).map(|it| Some(it.to_owned())).collect();
    if texts.is_empty() { vec![None] } else { texts }
}

fn described(kind: &str, node: &Node) -> String {
    let more = node.any(&["event_type", "event", "domain", "type"]).and_then(Node::text);
    format!("{kind} {}", more.unwrap_or_default()).trim().to_owned()
}

/// A pattern that comes again and again from midnight on.
fn every(hours: &str, minutes: &str, seconds: &str) -> Option<Vec<Trigger>> {
    let step = |text: &str, whole: u64| {
        let step: u64 = text.strip_prefix('/')?.parse().ok()?;
        (step > 0 && whole.is_multiple_of(step)).then_some(step)
    };
    let is_zero = |text: &str| text.parse::<u64>() == Ok(0);
    let seconds_apart = match (hours, minutes, seconds) {
        ("*", "*", it) if it.starts_with('/') => step(it, 60)?,
        ("*", "*", it) if is_zero(it) => 60,
        ("*", it, zero) if it.starts_with('/') && is_zero(zero) => step(it, 60)? * 60,
        ("*", it, zero) if is_zero(it) && is_zero(zero) => 3_600,
        (it, minute, zero) if it.starts_with('/') && is_zero(minute) && is_zero(zero) => {
            step(it, 24)? * 3_600
        }
        _ => return None,
    };
    Some(vec![Trigger::Every(Span::seconds(seconds_apart))])
}

/// A pattern that is a few times of day.
fn times(hours: &str, minutes: &str, seconds: &str) -> Option<Vec<Trigger>> {
    let hours: Vec<u32> = match hours {
        "*" => (0..24).collect(),
        text if text.starts_with('/') => {
            let step: usize = text.strip_prefix('/')?.parse().ok().filter(|it| *it > 0)?;
            (0..24).step_by(step).collect()
        }
        text => vec![text.parse().ok()?],
    };
    let (minute, second): (u32, u32) = (minutes.parse().ok()?, seconds.parse().ok()?);
    let at = |hour: u32| LocalTime::from_seconds(LocalTime::new(hour, minute)?.seconds() + second);
    let times: Option<Vec<LocalTime>> = hours.into_iter().map(at).collect();
    Some(times?.into_iter().map(|at| Trigger::Time { at, on: Days::default() }).collect())
}
