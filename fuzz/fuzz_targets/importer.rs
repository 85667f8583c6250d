//! Rules of another system: whatever the text, it is read or refused.
#![no_main]

use std::collections::BTreeMap;

use api::{ForeignFormat, HomeView, HubStatus};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let home = HomeView::empty(HubStatus::idle());
    drop(importer::read(ForeignFormat::HomeAssistant, text, &BTreeMap::new(), &home));
});
