//! Calls of services: what is asked of whom.

use api::{LostWhy, Meaning};
use model::rule::{Step, Target, VariableChange};
use model::{
    Action, Capability, Celsius, Color, CoverMove, EndpointKind, Kelvin, Percent, Span,
    ThermostatChange, ThermostatMode, VariableValue,
};

use super::duration::duration;
use super::reader::{Reader, domain, is_template};
use crate::yaml::Node;

/// What is asked, whoever it is asked of.
enum Wish {
    /// This, in that order.
    Actions(Vec<Action>),
    Toggle,
    Adjust(i8),
}

impl Reader<'_> {
    /// A call of a service, or a short form of one.
    pub(crate) fn call(&mut self, node: &Node) -> Option<Vec<Step>> {
        if let Some(scene) = node.text_of("scene") {
            return self.scene(scene, None);
        }
        let Some(service) =
            node.any(&["service", "action", "service_template"]).and_then(Node::text)
        else {
            return self.nothing(LostWhy::Action, &node.keys().collect::<Vec<_>>().join(", "));
        };
        if is_template(service) {
            return self.nothing(LostWhy::Template, service);
        }
        let service = service.to_ascii_lowercase();
        let empty = Node::Map(Vec::new());
        let data = &self.resolved(node.any(&["data", "data_template"]).unwrap_or(&empty));
        let (family, verb) = service.split_once('.').unwrap_or((service.as_str(), ""));
        match family {
            "scene" if verb == "turn_on" => {
                let transition = data.get("transition").and_then(duration);
                let scenes = self.named(node, data)?;
                let steps = scenes.iter().filter_map(|it| self.scene(it, transition));
                some(steps.flatten().collect())
            }
            "script" if verb == "turn_on" => self.scripts(node, data),
            "script" => {
                if data.keys().next().is_some() {
                    self.lose(LostWhy::Setting, &format!("{service}: what it is given"));
                }
                self.script(&service)
            }
            "automation" if verb == "trigger" => self.scripts(node, data),
            "notify" | "persistent_notification" => self.notify(&service, data),
            "input_boolean" | "input_number" | "input_text" | "input_select" | "counter" => {
                self.variables(&service, node, data)
            }
            _ => self.command(&service, node, data),
        }
    }

    fn scene(&mut self, entity: &str, transition: Option<Span>) -> Option<Vec<Step>> {
        match self.meaning(entity)? {
            Meaning::Scene(scene) => Some(vec![Step::Scene { scene, transition }]),
            _ => self.nothing(LostWhy::Action, entity),
        }
    }

    fn scripts(&mut self, node: &Node, data: &Node) -> Option<Vec<Step>> {
        let named = self.named(node, data)?;
        let steps = named.iter().filter_map(|it| self.script(it));
        some(steps.flatten().collect())
    }

    fn script(&mut self, entity: &str) -> Option<Vec<Step>> {
        match self.meaning(entity)? {
            Meaning::Rule(rule) => Some(vec![Step::RunRule(rule)]),
            Meaning::Scene(scene) => Some(vec![Step::Scene { scene, transition: None }]),
            _ => self.nothing(LostWhy::Action, entity),
        }
    }

    fn notify(&mut self, service: &str, data: &Node) -> Option<Vec<Step>> {
        let message = data.text_of("message").unwrap_or_default();
        let title = data.text_of("title").unwrap_or_default();
        if is_template(message) || is_template(title) {
            let text = format!("{service}: {title} {message}");
            return self.nothing(LostWhy::Template, &text);
        }
        if message.is_empty() && title.is_empty() {
            return self.nothing(LostWhy::Malformed, service);
        }
        let (title, body) = if title.is_empty() { (message, "") } else { (title, message) };
        let cut = |text: &str, most: usize| text.chars().take(most).collect();
        let (title, body) = (cut(title, 120), cut(body, 500));
        Some(vec![Step::Notify { title, body, buttons: Vec::new() }])
    }

    fn variables(&mut self, service: &str, node: &Node, data: &Node) -> Option<Vec<Step>> {
        let steps: Vec<Step> = self
            .named(node, data)?
            .iter()
            .filter_map(|entity| match self.meaning(entity)? {
                Meaning::Variable(variable) => {
                    let to = self.variable_change(service, data)?;
                    Some(Step::SetVariable { variable, to })
                }
                _ => self.nothing(LostWhy::Action, &format!("{service} {entity}")),
            })
            .collect();
        some(steps)
    }

    fn variable_change(&mut self, service: &str, data: &Node) -> Option<VariableChange> {
        let text = |key: &str| {
            let given = data.text_of(key).filter(|it| !is_template(it));
            given.map(|it| VariableChange::Set(VariableValue::Text(it.to_owned())))
        };
        let change = match service {
            "input_boolean.turn_on" => Some(VariableChange::Set(VariableValue::YesNo(true))),
            "input_boolean.turn_off" => Some(VariableChange::Set(VariableValue::YesNo(false))),
            "input_boolean.toggle" => Some(VariableChange::Flip),
            "input_number.set_value" | "counter.set_value" => {
                let number = data.get("value").and_then(Node::number);
                number.map(|it| VariableChange::Set(VariableValue::Number(it)))
            }
            "counter.increment" => Some(VariableChange::Add(1.0)),
            "counter.decrement" => Some(VariableChange::Add(-1.0)),
            "counter.reset" => Some(VariableChange::Set(VariableValue::Number(0.0))),
            "input_text.set_value" => text("value"),
            "input_select.select_option" => text("option"),
            _ => None,
        };
        change.or_else(|| self.nothing(LostWhy::Action, service))
    }

    /// A command to things.
    fn command(&mut self, service: &str, node: &Node, data: &Node) -> Option<Vec<Step>> {
        let wish = self.wish(service, data)?;
        let transition = data.get("transition").and_then(duration).unwrap_or_default();
        let mut steps = Vec::new();
        for entity in self.named(node, data)? {
            if domain(&entity) == "input_boolean" {
                steps.extend(self.switch_variable(&entity, &wish));
            } else if let Some(to) = self.target(service, &entity) {
                steps.extend(self.steps(&wish, &to, transition));
            }
        }
        some(steps)
    }

    /// `homeassistant.turn_on` of what is a variable here.
    fn switch_variable(&mut self, entity: &str, wish: &Wish) -> Option<Step> {
        let Meaning::Variable(variable) = self.meaning(entity)? else {
            return self.nothing(LostWhy::Action, entity);
        };
        let to = match wish {
            Wish::Actions(actions) => match actions.first() {
                Some(Action::SetOnOff(on)) => VariableChange::Set(VariableValue::YesNo(*on)),
                _ => return self.nothing(LostWhy::Action, entity),
            },
            Wish::Toggle => VariableChange::Flip,
            Wish::Adjust(_) => return self.nothing(LostWhy::Action, entity),
        };
        Some(Step::SetVariable { variable, to })
    }

    fn target(&mut self, service: &str, entity: &str) -> Option<Target> {
        if entity == "all" {
            let kind = match domain(service) {
                "light" => EndpointKind::Light,
                "switch" => EndpointKind::Switch,
                "fan" => EndpointKind::Fan,
                "cover" => EndpointKind::Cover,
                "lock" => EndpointKind::Lock,
                _ => return self.nothing(LostWhy::Setting, "all"),
            };
            return Some(Target::All(kind));
        }
        match self.meaning(entity)? {
            Meaning::Target(target) => Some(target),
            _ => self.nothing(LostWhy::Action, &format!("{service} {entity}")),
        }
    }

    fn steps(&mut self, wish: &Wish, to: &Target, transition: Span) -> Vec<Step> {
        match wish {
            Wish::Toggle => vec![Step::Toggle(to.clone())],
            Wish::Adjust(by) => vec![Step::Adjust { of: to.clone(), by: *by }],
            Wish::Actions(actions) => actions
                .iter()
                .map(|action| {
                    let action = self.as_it_can(action.clone(), to);
                    Step::Command { to: to.clone(), action, transition }
                })
                .collect(),
        }
    }

    /// `open_cover` of what is only switched here switches it, and the other way round: a garage
    /// door behind a relay, a valve.
    fn as_it_can(&self, action: Action, to: &Target) -> Action {
        let has = |it| self.house.has(to, it);
        match action {
            Action::SetOnOff(on) if !has(Capability::OnOff) && has(Capability::WindowCovering) => {
                Action::MoveCover(if on { CoverMove::Open } else { CoverMove::Close })
            }
            Action::SetOnOff(false) if !has(Capability::OnOff) && has(Capability::Thermostat) => {
                let mode = Some(ThermostatMode::Off);
                Action::SetThermostat(ThermostatChange { mode, ..ThermostatChange::default() })
            }
            other => other,
        }
    }

    /// Whom a call is for, in the old place and in the new.
    fn named(&mut self, node: &Node, data: &Node) -> Option<Vec<String>> {
        let empty = Node::Map(Vec::new());
        let target = node.get("target").unwrap_or(&empty);
        let mut named = Vec::new();
        for place in [node, target, data] {
            let listed = place.get("entity_id").map(Node::items).unwrap_or_default();
            for text in listed.into_iter().filter_map(Node::text) {
                match self.known_text(text) {
                    Some(known) => {
                        named.extend(known.split(',').map(|it| it.trim().to_ascii_lowercase()));
                    }
                    None => self.lose(LostWhy::Template, text),
                }
            }
            for area in place.get("area_id").map(Node::items).unwrap_or_default() {
                named.extend(area.text().map(|it| format!("area.{it}")));
            }
            for key in ["device_id", "label_id", "floor_id"] {
                if place.get(key).is_some() {
                    self.lose(LostWhy::Thing, key);
                }
            }
        }
        named.dedup();
        if named.is_empty() && self.lost.is_empty() {
            self.lose(LostWhy::Malformed, "nobody is named");
        }
        Some(named)
    }

    fn wish(&mut self, service: &str, data: &Node) -> Option<Wish> {
        let (family, verb) = service.split_once('.').unwrap_or((service, ""));
        let one = |action| Some(Wish::Actions(vec![action]));
        let percent =
            |key: &str| data.get(key).and_then(Node::number).map(|it| Percent::of(it, 100.0));
        let wish = match (family, verb) {
            ("light", "turn_on" | "toggle") if data.get("flash").is_some() => {
                return self.nothing(LostWhy::Setting, "flash");
            }
            ("light", "turn_on") => return self.light(data),
            ("light" | "switch" | "fan" | "homeassistant" | "valve", "toggle") => {
                Some(Wish::Toggle)
            }
            ("fan", "turn_on") if data.get("percentage").is_some() => {
                percent("percentage").and_then(|it| one(Action::SetLevel(it)))
            }
            ("fan", "set_percentage") => {
                percent("percentage").and_then(|it| one(Action::SetLevel(it)))
            }
            ("switch" | "fan" | "homeassistant" | "group", "turn_on") => {
                one(Action::SetOnOff(true))
            }
            ("light" | "switch" | "fan" | "homeassistant" | "group", "turn_off") => {
                one(Action::SetOnOff(false))
            }
            ("cover" | "valve", "open_cover" | "open_valve") => {
                one(Action::MoveCover(CoverMove::Open))
            }
            ("cover" | "valve", "close_cover" | "close_valve") => {
                one(Action::MoveCover(CoverMove::Close))
            }
            ("cover" | "valve", "stop_cover" | "stop_valve") => {
                one(Action::MoveCover(CoverMove::Stop))
            }
            ("cover" | "valve", "set_cover_position" | "set_valve_position") => {
                percent("position").and_then(|it| one(Action::MoveCover(CoverMove::To(it))))
            }
            ("lock", "lock") => one(Action::SetLocked(true)),
            ("lock", "unlock" | "open") => one(Action::SetLocked(false)),
            ("climate", _) => climate(verb, data).and_then(|it| one(Action::SetThermostat(it))),
            ("number", "set_value") => {
                data.get("value").and_then(Node::number).and_then(|it| one(Action::SetNumber(it)))
            }
            ("select", "select_option") => {
                let option = data.text_of("option").filter(|it| !is_template(it));
                option.and_then(|it| one(Action::SelectMode(it.to_owned())))
            }
            ("button" | "input_button", "press") => one(Action::Press),
            _ => None,
        };
        wish.or_else(|| self.nothing(LostWhy::Action, service))
    }

    /// Brightness, colour and effect of a light, each an action of its own.
    fn light(&mut self, data: &Node) -> Option<Wish> {
        let mut actions = Vec::new();
        let known = [
            "brightness",
            "brightness_pct",
            "color_temp_kelvin",
            "kelvin",
            "color_temp",
            "rgb_color",
            "hs_color",
            "effect",
            "transition",
            "entity_id",
            "area_id",
            "device_id",
        ];
        for key in ["brightness_step_pct", "brightness_step"] {
            if let Some(step) = data.get(key).and_then(Node::number) {
                let whole = if key == "brightness_step" { 255.0 } else { 100.0 };
                let by = (100.0 * step / whole).round().clamp(-100.0, 100.0);
                return Some(Wish::Adjust(by as i8));
            }
        }
        for key in data.keys().map(str::to_owned).collect::<Vec<_>>() {
            let value = data.get(&key)?;
            let action = light_setting(&key, value);
            match action {
                Some(action) => actions.push(action),
                None if value.text().is_some_and(is_template) && key != "entity_id" => {
                    return self.nothing(LostWhy::Template, &key);
                }
                None if known.contains(&key.as_str()) => {}
                None => self.lose(LostWhy::Setting, &key),
            }
        }
        let is_off = actions.contains(&Action::SetLevel(Percent::ZERO));
        if is_off {
            return Some(Wish::Actions(vec![Action::SetOnOff(false)]));
        }
        if !actions.iter().any(|it| matches!(it, Action::SetLevel(_))) {
            actions.insert(0, Action::SetOnOff(true));
        }
        Some(Wish::Actions(actions))
    }
}

fn light_setting(key: &str, value: &Node) -> Option<Action> {
    let number = || value.number();
    match key {
        // 0 to 255; what is not off is at least 1 %.
        "brightness" => level(number()?, 255.0),
        "brightness_pct" => level(number()?, 100.0),
        "color_temp_kelvin" | "kelvin" => {
            Some(Action::SetColor(Color::Temperature(Kelvin::clamped(number()?))))
        }
        // Mireds.
        "color_temp" => {
            let mireds = number().filter(|it| *it > 0.0)?;
            Some(Action::SetColor(Color::Temperature(Kelvin::clamped(1_000_000.0 / mireds))))
        }
        "rgb_color" => {
            let parts: Option<Vec<f64>> = value.items().iter().map(|it| it.number()).collect();
            match parts?.as_slice() {
                [red, green, blue] => {
                    let byte = |it: f64| it.clamp(0.0, 255.0) as u8;
                    Some(Action::SetColor(Color::from_rgb([byte(*red), byte(*green), byte(*blue)])))
                }
                _ => None,
            }
        }
        "effect" => {
            value.text().filter(|it| !is_template(it)).map(|it| Action::SetEffect(it.to_owned()))
        }
        _ => None,
    }
}

fn level(part: f64, whole: f64) -> Option<Action> {
    if part <= 0.0 {
        return Some(Action::SetLevel(Percent::ZERO));
    }
    let nearest = Percent::of(part, whole);
    let least = Percent::of(1.0, 100.0);
    Some(Action::SetLevel(nearest.max(least)))
}

fn climate(verb: &str, data: &Node) -> Option<ThermostatChange> {
    let degrees = |key: &str| Celsius::try_from(data.get(key)?.number()?).ok();
    let mode = |name: &str| {
        Some(match name {
            "off" => ThermostatMode::Off,
            "heat" => ThermostatMode::Heat,
            "cool" => ThermostatMode::Cool,
            "auto" | "heat_cool" => ThermostatMode::Auto,
            "dry" => ThermostatMode::Dry,
            "fan_only" => ThermostatMode::FanOnly,
            _ => return None,
        })
    };
    let change = match verb {
        "set_temperature" => ThermostatChange {
            mode: data.text_of("hvac_mode").and_then(mode),
            heating_setpoint: degrees("temperature").or_else(|| degrees("target_temp_low")),
            cooling_setpoint: degrees("target_temp_high"),
        },
        "set_hvac_mode" => ThermostatChange {
            mode: Some(data.text_of("hvac_mode").and_then(mode)?),
            ..ThermostatChange::default()
        },
        "turn_off" => {
            ThermostatChange { mode: Some(ThermostatMode::Off), ..ThermostatChange::default() }
        }
        _ => return None,
    };
    (change != ThermostatChange::default()).then_some(change)
}

fn some(steps: Vec<Step>) -> Option<Vec<Step>> {
    (!steps.is_empty()).then_some(steps)
}
