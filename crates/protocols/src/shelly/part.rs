//! One component as an endpoint: what it can do, what it last said, and how partial statuses are
//! laid over that.

use model::{
    Ampere, BooleanMeaning, Capability, Category, Celsius, Color, CoverMotion, CoverState,
    EndpointDescription, EndpointKey, EndpointKind, Kelvin, KilowattHour, Lux, Name, Percent,
    PowerReading, RelativeHumidity, Spec, Value, Volt, Watt,
};

use crate::json::Scalar;

use super::component::{InputType, Kind, PartConfig, PartId, Status, SysConfig};

/// Warmest and coolest white where the configuration does not say, in kelvin.
const USUAL_WHITES: (f64, f64) = (2_700.0, 6_500.0);

/// A component that is an endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) id: PartId,
    pub(crate) key: EndpointKey,
    pub(crate) traits: Traits,
    pub(crate) known: Readings,
    /// It was switched off by being dimmed to nothing: until it is on again, its level is 0.
    pub(crate) dimmed_to_zero: bool,
}

/// What of a component's hardware cannot be told from its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Traits {
    pub(crate) metered: bool,
    pub(crate) counted: bool,
    pub(crate) positions: bool,
    pub(crate) input: InputType,
}

impl Traits {
    fn of(status: &Status, config: &PartConfig) -> Option<Self> {
        Some(Self {
            metered: status.power().number().is_some(),
            counted: status.aenergy.0.total.number().is_some(),
            positions: status.pos_control.flag() == Some(true),
            input: config.input_type()?,
        })
    }
}

/// What a component last said, as far as we use it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Readings {
    pub(crate) on: Option<bool>,
    pub(crate) brightness: Option<f64>,
    rgb: Option<[u8; 3]>,
    white: Option<f64>,
    white_mode: Option<bool>,
    motion: Option<CoverMotion>,
    /// Open or closed, of a covering that knows no positions.
    end: Option<Percent>,
    position: Option<f64>,
    power: Option<f64>,
    voltage: Option<f64>,
    current: Option<f64>,
    energy: Option<f64>,
    measured: Option<f64>,
}

impl Status {
    pub(crate) fn power(&self) -> &Scalar {
        if self.apower.is_present() { &self.apower } else { &self.act_power }
    }

    /// What a sensor measures, whichever sensor it is.
    fn measured(&self) -> &Scalar {
        [&self.celsius, &self.rh, &self.lux, &self.battery.0.percent, &self.percent]
            .into_iter()
            .find(|it| it.is_present())
            .unwrap_or(&Scalar::Absent)
    }

    fn rgb(&self) -> Option<[u8; 3]> {
        let [red, green, blue] = self.rgb.0.as_slice() else { return None };
        let byte = |it: &Scalar| it.number().map(|it| it.round().clamp(0.0, 255.0) as u8);
        Some([byte(red)?, byte(green)?, byte(blue)?])
    }

    /// Whether this says anything of a capability.
    fn mentions(&self, capability: Capability) -> bool {
        let any = |fields: &[&Scalar]| fields.iter().any(|it| it.is_present());
        match capability {
            Capability::OnOff => any(&[&self.output]),
            Capability::Level => any(&[&self.brightness, &self.output]),
            Capability::ColorControl => self.rgb().is_some() || any(&[&self.ct, &self.mode]),
            Capability::WindowCovering => any(&[&self.state, &self.current_pos]),
            Capability::ElectricalPower => any(&[self.power(), &self.voltage, &self.current]),
            Capability::ElectricalEnergy => any(&[&self.aenergy.0.total]),
            Capability::BooleanState => any(&[&self.state, &self.alarm]),
            _ => any(&[self.measured()]),
        }
    }
}

impl Readings {
    fn overlay(&mut self, said: &Status) {
        said.output.overlay(&mut self.on, Scalar::flag);
        said.alarm.overlay(&mut self.on, Scalar::flag);
        said.state.overlay(&mut self.on, Scalar::flag);
        said.brightness.overlay(&mut self.brightness, Scalar::number);
        said.ct.overlay(&mut self.white, Scalar::number);
        said.mode.overlay(&mut self.white_mode, |it| Some(it.text()? != "rgb"));
        said.state.overlay(&mut self.motion, |it| it.text().map(motion));
        said.state.overlay(&mut self.end, |it| it.text().and_then(end));
        said.current_pos.overlay(&mut self.position, Scalar::number);
        said.power().overlay(&mut self.power, Scalar::number);
        said.voltage.overlay(&mut self.voltage, Scalar::number);
        said.current.overlay(&mut self.current, Scalar::number);
        said.aenergy.0.total.overlay(&mut self.energy, Scalar::number);
        said.measured().overlay(&mut self.measured, Scalar::number);
        self.rgb = said.rgb().or(self.rgb);
        if said.state.text().is_some_and(|it| end(it).is_none()) {
            self.end = None;
        }
    }
}

fn motion(state: &str) -> CoverMotion {
    match state {
        "opening" => CoverMotion::Opening,
        "closing" => CoverMotion::Closing,
        _ => CoverMotion::Stopped,
    }
}

fn end(state: &str) -> Option<Percent> {
    match state {
        "open" => Some(Percent::FULL),
        "closed" => Some(Percent::ZERO),
        _ => None,
    }
}

impl Part {
    /// The component as an endpoint, when it is one for us.
    pub(crate) fn new(id: PartId, status: &Status, config: &PartConfig) -> Option<Self> {
        if config.is_disabled() {
            return None;
        }
        let traits = Traits::of(status, config)?;
        let mut known = Readings::default();
        known.overlay(status);
        Some(Self { id, key: id.endpoint()?, traits, known, dimmed_to_zero: false })
    }

    /// Lays a whole or partial status over what is known, and tells what it says.
    pub(crate) fn overlay(&mut self, said: &Status) -> Vec<Value> {
        self.known.overlay(said);
        self.dimmed_to_zero &= said.output.flag() != Some(true);
        self.values().into_iter().filter(|it| said.mentions(it.capability())).collect()
    }

    /// All that is known.
    pub(crate) fn values(&self) -> Vec<Value> {
        match self.id.kind {
            Kind::Switch => self.switch_values(),
            kind if kind.is_light() => self.light_values(),
            Kind::Cover => self.cover_values(),
            Kind::Pm1 | Kind::Em1 => self.meter_values().collect(),
            _ => self.sensor_value().into_iter().collect(),
        }
    }

    fn switch_values(&self) -> Vec<Value> {
        self.known.on.map(Value::OnOff).into_iter().chain(self.meter_values()).collect()
    }

    fn light_values(&self) -> Vec<Value> {
        let is_dimmed_out = self.dimmed_to_zero && self.known.on == Some(false);
        let level = if is_dimmed_out { Some(0.0) } else { self.known.brightness };
        let level = level.map(|it| Value::Level(Percent::of(it, 100.0)));
        let on = self.known.on.map(Value::OnOff);
        let color = self.color().map(Value::ColorControl);
        [on, level, color].into_iter().flatten().chain(self.meter_values()).collect()
    }

    fn color(&self) -> Option<Color> {
        let white = || Some(Color::Temperature(Kelvin::try_from(self.known.white?).ok()?));
        let colour = || self.known.rgb.map(Color::from_rgb);
        match self.id.kind {
            Kind::Rgb | Kind::Rgbw => colour(),
            Kind::Cct => white(),
            Kind::Rgbcct if self.known.white_mode == Some(true) => white(),
            Kind::Rgbcct => colour(),
            _ => None,
        }
    }

    fn cover_values(&self) -> Vec<Value> {
        let state = self.known.motion.map(|motion| {
            let position = self.known.position.map(|it| Percent::of(it, 100.0));
            let open = if self.traits.positions { position } else { self.known.end };
            Value::WindowCovering(CoverState { open, motion })
        });
        state.into_iter().chain(self.meter_values()).collect()
    }

    fn meter_values(&self) -> impl Iterator<Item = Value> {
        let (power, energy) = (self.power(), self.energy());
        power.filter(|_| self.traits.metered).into_iter().chain(energy)
    }

    fn power(&self) -> Option<Value> {
        let power = Watt::try_from(self.known.power?).ok()?;
        let voltage = self.known.voltage.and_then(|it| Volt::try_from(it).ok());
        let current = self.known.current.and_then(|it| Ampere::try_from(it).ok());
        Some(Value::ElectricalPower(PowerReading { power, voltage, current }))
    }

    /// Devices count watt-hours.
    fn energy(&self) -> Option<Value> {
        let energy = KilowattHour::try_from(self.known.energy? / 1_000.0).ok()?;
        self.traits.counted.then_some(Value::ElectricalEnergy(energy))
    }

    fn sensor_value(&self) -> Option<Value> {
        let (on, measured) = (self.known.on, self.known.measured);
        match self.id.kind {
            Kind::Input if self.traits.input == InputType::Analog => {
                measured.map(Value::GenericMeasurement)
            }
            Kind::Input if self.traits.input == InputType::Button => None,
            Kind::Input | Kind::Smoke | Kind::Flood => on.map(Value::BooleanState),
            Kind::Temperature => {
                Celsius::try_from(measured?).ok().map(Value::TemperatureMeasurement)
            }
            Kind::Humidity => {
                RelativeHumidity::try_from(measured?).ok().map(Value::RelativeHumidityMeasurement)
            }
            Kind::Illuminance => Lux::try_from(measured?).ok().map(Value::IlluminanceMeasurement),
            Kind::DevicePower => Some(Value::PowerSource(Percent::of(measured?, 100.0))),
            _ => None,
        }
    }
}

/// What surrounds a component when it is described.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) config: &'a PartConfig,
    pub(crate) sys: &'a SysConfig,
    /// The model is one that plugs into a socket.
    pub(crate) is_plug: bool,
    /// There are others of its kind, so that it needs a name of its own.
    pub(crate) has_siblings: bool,
    /// The device works something itself, so that its inputs are there to work that.
    pub(crate) works_something: bool,
}

impl Part {
    /// What it is and can do.
    pub(crate) fn describe(&self, around: Surroundings<'_>) -> EndpointDescription {
        EndpointDescription {
            key: self.key.clone(),
            name: self.name(around),
            kind: self.kind(around),
            category: self.category(around),
            specs: self.specs(around.config),
        }
    }

    /// As configured. Unnamed, the main component goes by the device's name, and the others by
    /// what the device's own pages call them.
    fn name(&self, around: Surroundings<'_>) -> Option<Name> {
        let is_main = self.category(around) == Category::Primary && !around.has_siblings;
        let unnamed = || Name::lossy(&format!("{} {}", self.id.kind.namespace(), self.id.number));
        around.config.name().or_else(|| if is_main { None } else { unnamed() })
    }

    fn kind(&self, around: Surroundings<'_>) -> EndpointKind {
        match self.id.kind {
            Kind::Switch if around.sys.is_light(self.id.number) => EndpointKind::Light,
            Kind::Switch if around.is_plug => EndpointKind::Plug,
            Kind::Switch => EndpointKind::Switch,
            kind if kind.is_light() => EndpointKind::Light,
            Kind::Cover => EndpointKind::Cover,
            Kind::Input if self.traits.input == InputType::Button => EndpointKind::Button,
            _ => EndpointKind::Sensor,
        }
    }

    /// A wired switch or button is there to work a relay of the same device, where it has one;
    /// what it says is then for those who look closer.
    fn category(&self, around: Surroundings<'_>) -> Category {
        match (self.id.kind, self.traits.input) {
            (Kind::Input, InputType::Switch) | (Kind::DevicePower, _) => Category::Diagnostic,
            (Kind::Input, InputType::Button) if around.works_something => Category::Diagnostic,
            _ => Category::Primary,
        }
    }

    fn specs(&self, config: &PartConfig) -> Vec<Spec> {
        let power = self.traits.metered.then_some(Spec::ElectricalPower);
        let energy = self.traits.counted.then_some(Spec::ElectricalEnergy);
        self.own_specs(config).into_iter().chain(power).chain(energy).collect()
    }

    fn own_specs(&self, config: &PartConfig) -> Vec<Spec> {
        let whites = || {
            let (low, high) = config.white_range().unwrap_or(USUAL_WHITES);
            (Kelvin::clamped(low), Kelvin::clamped(high))
        };
        let color = |hue_saturation, temperature| {
            let color = Spec::ColorControl { hue_saturation, temperature };
            vec![Spec::OnOff, Spec::Level, color]
        };
        match self.id.kind {
            Kind::Switch => vec![Spec::OnOff],
            Kind::Light => vec![Spec::OnOff, Spec::Level],
            Kind::Rgb | Kind::Rgbw => color(true, None),
            Kind::Cct => color(false, Some(whites())),
            Kind::Rgbcct => color(true, Some(whites())),
            Kind::Cover => vec![Spec::WindowCovering { positions: self.traits.positions }],
            Kind::Input => vec![self.input_spec()],
            Kind::Pm1 | Kind::Em1 => Vec::new(),
            Kind::Temperature => vec![Spec::TemperatureMeasurement],
            Kind::Humidity => vec![Spec::RelativeHumidityMeasurement],
            Kind::Illuminance => vec![Spec::IlluminanceMeasurement],
            Kind::Smoke => vec![Spec::BooleanState(BooleanMeaning::Smoke)],
            Kind::Flood => vec![Spec::BooleanState(BooleanMeaning::Leak)],
            Kind::DevicePower => vec![Spec::PowerSource],
        }
    }

    fn input_spec(&self) -> Spec {
        match self.traits.input {
            InputType::Switch => Spec::BooleanState(BooleanMeaning::On),
            InputType::Button => Spec::Button,
            InputType::Analog => Spec::GenericMeasurement { unit: "%".to_owned() },
        }
    }
}
