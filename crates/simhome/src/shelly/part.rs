//! The components of a Shelly device: how they live, and what they say of themselves.
//! Source: Shelly's public API reference (Switch, Light, Cover, Input); recorded answers.

use std::time::Duration;

use serde_json::{Value, json};

use crate::drift::{Drift, rounded};

/// Seconds a cover takes all the way.
const TRAVEL: f64 = 20.0;

/// One component.
#[derive(Debug)]
pub(crate) enum Part {
    Switch(Switch),
    Light(Light),
    Cover(Cover),
    Input(Input),
}

/// A relay, with or without a meter.
#[derive(Debug)]
pub(crate) struct Switch {
    pub(crate) on: bool,
    source: &'static str,
    meter: Option<Meter>,
}

/// A dimmable lamp.
#[derive(Debug)]
pub(crate) struct Light {
    pub(crate) on: bool,
    /// 1 to 100.
    pub(crate) brightness: u8,
    source: &'static str,
    meter: Meter,
}

/// A motor that opens and closes.
#[derive(Debug)]
pub(crate) struct Cover {
    /// 0 closed to 100 open.
    position: f64,
    target: Option<f64>,
    /// The position that was last pushed.
    told: f64,
    last_direction: &'static str,
    source: &'static str,
    meter: Meter,
}

/// A wall switch, or a button.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) is_button: bool,
    pub(crate) state: bool,
}

/// Volts, watts and watt hours.
#[derive(Debug)]
struct Meter {
    volts: Drift,
    watts: Drift,
    drawing: f64,
    watt_hours: f64,
}

/// How a cover is told to move.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Course {
    To(f64),
    Stop,
}

impl Meter {
    fn new(load: f64, seed: u64) -> Self {
        let watt_hours = (seed % 90_000) as f64 / 10.0 + 100.0;
        let watts = Drift::new(load, load * 0.04, seed);
        Self { volts: Drift::new(231.0, 2.5, seed ^ 1), watts, drawing: 0.0, watt_hours }
    }

    /// Draws that share of the load now.
    fn draw(&mut self, share: f64) {
        self.volts.next();
        self.drawing = (self.watts.next() * share).max(0.0);
    }

    fn live(&mut self, share: f64, span: Duration) {
        self.watt_hours += self.drawing * span.as_secs_f64() / 3600.0;
        self.draw(share);
    }

    fn status(&self, minute: u64) -> Value {
        let volts = self.volts.value();
        json!({
            "apower": rounded(self.drawing, 1),
            "voltage": rounded(volts, 1),
            "current": rounded(self.drawing / volts, 3),
            "aenergy": {
                "total": rounded(self.watt_hours, 3),
                "by_minute": [0.0, rounded(self.drawing * 1000.0 / 60.0, 3), 0.0],
                "minute_ts": minute,
            },
        })
    }
}

impl Switch {
    pub(crate) fn new(on: bool, load: Option<f64>, seed: u64) -> Self {
        let mut meter = load.map(|load| Meter::new(load, seed));
        if let (Some(meter), true) = (&mut meter, on) {
            meter.draw(1.0);
        }
        Self { on, source: "init", meter }
    }

    /// Hangs another load on it.
    pub(crate) fn load(&mut self, watts: f64) -> bool {
        let Some(meter) = &mut self.meter else { return false };
        meter.watts.settle(watts);
        meter.draw(if self.on { 1.0 } else { 0.0 });
        true
    }

    /// Switches; tells whether it was on.
    pub(crate) fn switch(&mut self, on: bool, source: &'static str) -> bool {
        let was = std::mem::replace(&mut self.on, on);
        self.source = source;
        if let (Some(meter), true) = (&mut self.meter, was != on) {
            meter.draw(if on { 1.0 } else { 0.0 });
        }
        was
    }
}

impl Light {
    pub(crate) fn new(on: bool, brightness: u8, load: f64, seed: u64) -> Self {
        let mut light = Self { on, brightness, source: "init", meter: Meter::new(load, seed) };
        light.redraw();
        light
    }

    /// Sets what is given; tells whether anything changed.
    pub(crate) fn set(
        &mut self,
        on: Option<bool>,
        level: Option<u8>,
        source: &'static str,
    ) -> bool {
        let before = (self.on, self.brightness);
        self.on = on.unwrap_or(self.on);
        // Zero switches off and leaves the brightness for the next time.
        match level {
            Some(0) => self.on = false,
            Some(level) => self.brightness = level.min(100),
            None => {}
        }
        self.source = source;
        self.redraw();
        before != (self.on, self.brightness)
    }

    fn share(&self) -> f64 {
        if self.on { f64::from(self.brightness) / 100.0 } else { 0.0 }
    }

    fn redraw(&mut self) {
        let share = self.share();
        self.meter.draw(share);
    }
}

impl Cover {
    pub(crate) fn new(position: f64, seed: u64) -> Self {
        let meter = Meter::new(120.0, seed);
        let last_direction = if position > 50.0 { "open" } else { "close" };
        let told = position;
        Self { position, target: None, told, last_direction, source: "init", meter }
    }

    pub(crate) fn steer(&mut self, course: Course, source: &'static str) {
        self.source = source;
        self.target = match course {
            Course::To(target) => Some(target.clamp(0.0, 100.0)),
            Course::Stop => None,
        };
        self.target = self.target.filter(|target| (target - self.position).abs() >= 0.5);
        if let Some(target) = self.target {
            self.last_direction = if target > self.position { "open" } else { "close" };
        }
        self.meter.draw(if self.target.is_some() { 1.0 } else { 0.0 });
    }

    pub(crate) fn is_moving(&self) -> bool {
        self.target.is_some()
    }

    /// Where a push of its one button sends it.
    pub(crate) fn other_end(&self) -> f64 {
        if self.last_direction == "open" { 0.0 } else { 100.0 }
    }

    /// Puts it somewhere by hand.
    pub(crate) fn put(&mut self, position: f64) {
        (self.position, self.target) = (position.clamp(0.0, 100.0), None);
    }

    /// Moves on; tells whether there is something to push.
    fn live(&mut self, span: Duration) -> bool {
        let Some(target) = self.target else { return false };
        let step = 100.0 / TRAVEL * span.as_secs_f64();
        let way = target - self.position;
        self.meter.live(1.0, span);
        if way.abs() <= step {
            self.position = target;
            self.target = None;
            self.source = "limit_switch";
            self.meter.draw(0.0);
            return true;
        }
        self.position += step * way.signum();
        (self.position - self.told).abs() >= 4.0
    }

    fn state(&self) -> &'static str {
        match self.target {
            Some(target) if target > self.position => "opening",
            Some(_) => "closing",
            None if self.position >= 99.5 => "open",
            None if self.position < 0.5 => "closed",
            None => "stopped",
        }
    }

    fn status(&self) -> Value {
        json!({
            "state": self.state(),
            "source": self.source,
            "current_pos": self.position.round() as u8,
            "target_pos": self.target.map(|target| target.round() as u8),
            "pos_control": true,
            "last_direction": self.last_direction,
        })
    }
}

impl Part {
    /// The first half of its key: `switch` of `switch:0`.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Switch(_) => "switch",
            Self::Light(_) => "light",
            Self::Cover(_) => "cover",
            Self::Input(_) => "input",
        }
    }

    /// What it says of itself, over what was recorded. `minute` is the last full minute (s).
    pub(crate) fn status(&self, id: usize, minute: u64) -> Value {
        let (mut status, meter) = match self {
            Self::Switch(it) => {
                (json!({ "output": it.on, "source": it.source }), it.meter.as_ref())
            }
            Self::Light(it) => (
                json!({ "output": it.on, "brightness": it.brightness, "source": it.source }),
                Some(&it.meter),
            ),
            Self::Cover(it) => (it.status(), Some(&it.meter)),
            Self::Input(it) if it.is_button => (json!({ "state": null }), None),
            Self::Input(it) => (json!({ "state": it.state }), None),
        };
        status["id"] = id.into();
        if let Some(meter) = meter {
            merge(&mut status, meter.status(minute));
        }
        status
    }

    /// Lets `span` pass; tells whether there is something to push.
    pub(crate) fn live(&mut self, span: Duration) -> bool {
        match self {
            Self::Switch(it) => {
                let share = if it.on { 1.0 } else { 0.0 };
                if let Some(meter) = &mut it.meter {
                    meter.live(share, span);
                }
                it.on && it.meter.is_some()
            }
            Self::Light(it) => {
                let share = it.share();
                it.meter.live(share, span);
                it.on
            }
            Self::Cover(it) => {
                let tells = it.live(span);
                if tells {
                    it.told = it.position;
                }
                tells
            }
            Self::Input(_) => false,
        }
    }

    /// Whether it is in motion.
    pub(crate) fn is_moving(&self) -> bool {
        matches!(self, Self::Cover(cover) if cover.is_moving())
    }
}

/// Lays the members of `over` over those of `under`, deeply.
pub(crate) fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                merge(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_metered_switch_that_is_on_counts_energy() {
        let mut part = Part::Switch(Switch::new(true, Some(1000.0), 3));
        let total = |part: &Part| part.status(0, 0)["aenergy"]["total"].as_f64().unwrap();
        let before = total(&part);
        for _ in 0..3600 {
            assert!(part.live(SECOND));
        }
        let counted = total(&part) - before;
        assert!((900.0..1100.0).contains(&counted), "{counted}");
    }

    #[test]
    fn a_switch_that_is_off_draws_nothing_and_says_nothing() {
        let mut part = Part::Switch(Switch::new(false, Some(60.0), 3));
        assert!(!part.live(SECOND));
        assert_eq!(part.status(0, 0)["apower"], 0.0);
    }

    #[test]
    fn a_cover_takes_its_time_and_says_so() {
        let mut part = Part::Cover(Cover::new(100.0, 3));
        let Part::Cover(cover) = &mut part else { unreachable!() };
        cover.steer(Course::To(50.0), "WS_in");
        assert_eq!(part.status(0, 0)["state"], "closing");
        let told = (0..20).filter(|_| part.live(SECOND)).count();
        assert!(told > 5, "{told}");
        assert!(!part.is_moving());
        assert_eq!(part.status(0, 0)["current_pos"], 50);
        assert_eq!(part.status(0, 0)["state"], "stopped");
    }

    #[test]
    fn a_moving_cover_says_what_a_recorded_one_said() {
        let recorded: Value =
            serde_json::from_str(include_str!("../../fixtures/shelly/cover-closing.json")).unwrap();
        let mut cover = Cover::new(100.0, 3);
        cover.steer(Course::To(0.0), "WS_in");
        let said = Part::Cover(cover).status(0, 0);
        for (key, value) in said.as_object().unwrap() {
            // Only there when a position was asked for, which it was not in the recording.
            if key != "target_pos" {
                let kind = std::mem::discriminant(&recorded[key]);
                assert_eq!(std::mem::discriminant(value), kind, "{key}");
            }
        }
        assert_eq!(said["state"], recorded["state"]);
    }

    #[test]
    fn a_load_shows_only_where_there_is_a_meter() {
        let mut plug = Switch::new(true, Some(10.0), 3);
        assert!(plug.load(2000.0));
        let watts = Part::Switch(plug).status(0, 0)["apower"].as_f64().unwrap();
        assert!(watts > 1000.0, "{watts}");
        assert!(!Switch::new(true, None, 3).load(2000.0));
    }

    #[test]
    fn brightness_zero_is_off_and_keeps_the_level() {
        let mut light = Light::new(true, 70, 10.0, 1);
        assert!(light.set(None, Some(0), "HTTP_in"));
        assert_eq!((light.on, light.brightness), (false, 70));
        assert!(!light.set(Some(false), None, "HTTP_in"));
    }

    #[test]
    fn merging_keeps_what_is_not_covered() {
        let mut under = json!({ "a": { "b": 1, "c": 2 }, "d": [1, 2] });
        merge(&mut under, json!({ "a": { "b": 9 }, "d": null }));
        assert_eq!(under, json!({ "a": { "b": 9, "c": 2 }, "d": null }));
    }
}
