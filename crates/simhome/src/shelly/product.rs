//! Which Shelly devices there are: what they answered when they were recorded, and what they
//! have inside.

use std::sync::LazyLock;

use serde_json::Value;

use super::part::{Cover, Input, Light, Part, Switch};

/// A Shelly device that can be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// Plus 1PM: one metered relay and a wall switch (Gen2).
    Plus1Pm,
    /// Plus Plug S: a metered plug (Gen2).
    PlusPlugS,
    /// Pro 4PM: four metered relays and inputs (Gen2).
    Pro4Pm,
    /// 2PM Gen3 as a cover, with two buttons.
    Cover2PmGen3,
    /// 1 Mini Gen4: a relay without meter, and a wall switch. Announces itself twice.
    Mini1Gen4,
    /// Dimmer Gen3: a lamp, with two buttons.
    DimmerGen3,
}

/// What a device of the product says of itself: `shelly`, `config`, `status`.
pub(crate) type Recorded = LazyLock<Value>;

macro_rules! recorded {
    ($file:literal) => {
        LazyLock::new(|| {
            serde_json::from_str(include_str!(concat!("../../fixtures/shelly/", $file)))
                .unwrap_or_default()
        })
    };
}

static PLUS_1PM: Recorded = recorded!("plus1pm.json");
static PLUS_PLUG_S: Recorded = recorded!("plusplugs.json");
static PRO_4PM: Recorded = recorded!("pro4pm.json");
static COVER_2PM_GEN3: Recorded = recorded!("2pmg3.json");
static MINI_1_GEN4: Recorded = recorded!("mini1g4.json");
static DIMMER_GEN3: Recorded = recorded!("dimmerg3.json");

/// The answer to `Shelly.ListMethods`.
pub(crate) static METHODS: Recorded = recorded!("methods.json");

impl Product {
    pub(crate) fn recorded(self) -> &'static Value {
        match self {
            Self::Plus1Pm => &PLUS_1PM,
            Self::PlusPlugS => &PLUS_PLUG_S,
            Self::Pro4Pm => &PRO_4PM,
            Self::Cover2PmGen3 => &COVER_2PM_GEN3,
            Self::Mini1Gen4 => &MINI_1_GEN4,
            Self::DimmerGen3 => &DIMMER_GEN3,
        }
    }

    /// Its components, each kind in the order of its ids. `watts` is what hangs on its outputs.
    pub(crate) fn parts(self, watts: f64, seed: u64) -> Vec<Part> {
        let switch = |on, salt| Part::Switch(Switch::new(on, Some(watts), seed ^ salt));
        let wall = || Part::Input(Input { is_button: false, state: false });
        let button = || Part::Input(Input { is_button: true, state: false });
        match self {
            Self::Plus1Pm => vec![switch(false, 1), wall()],
            Self::PlusPlugS => vec![switch(true, 1)],
            Self::Pro4Pm => {
                let switches = (0..4).map(|id| switch(id % 2 == 0, id + 1));
                switches.chain((0..4).map(|_| wall())).collect()
            }
            Self::Cover2PmGen3 => {
                vec![Part::Cover(Cover::new(100.0, seed)), button(), button()]
            }
            Self::Mini1Gen4 => vec![Part::Switch(Switch::new(false, None, seed)), wall()],
            Self::DimmerGen3 => {
                vec![Part::Light(Light::new(true, 60, watts, seed)), button(), button()]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_has_its_recording() {
        for product in [
            Product::Plus1Pm,
            Product::PlusPlugS,
            Product::Pro4Pm,
            Product::Cover2PmGen3,
            Product::Mini1Gen4,
            Product::DimmerGen3,
        ] {
            let recorded = product.recorded();
            assert!(recorded["shelly"]["id"].is_string(), "{product:?}");
            for part in product.parts(10.0, 1) {
                let key = format!("{}:0", part.kind());
                assert!(recorded["status"][&key].is_object(), "{product:?} {key}");
                assert!(recorded["config"][&key].is_object(), "{product:?} {key}");
            }
        }
        assert!(METHODS["methods"].is_array());
    }
}
