//! Rules that other systems wrote, read as far as possible, with an honest account of the rest.
//!
//! Text in, rules out: never reads a file, never asks anybody. What is left out of a rule may only
//! make it do less than it did, never anything else: a step that waits or decides and cannot be
//! carried over takes all that follows it along.
#![warn(missing_docs)]

mod home_assistant;
mod house;
mod yaml;

use std::collections::BTreeMap;

use api::{ApiError, ErrorCode, ForeignFormat, HomeView, Imported, Meaning};
use model::rule::LARGEST_FILE;

/// Reads rules, for that home: what its hardware can say decides what a state of the other system
/// means here. What is not mapped in `meanings` is listed, and what needs it is left out.
///
/// # Errors
/// When the text is too large ([`LARGEST_FILE`]), or is not written in that format at all; in
/// words, with the place.
pub fn read(
    format: ForeignFormat,
    text: &str,
    meanings: &BTreeMap<String, Meaning>,
    home: &HomeView,
) -> Result<Imported, ApiError> {
    if text.len() > LARGEST_FILE {
        let words = format!("a file of more than {} MB is not read", LARGEST_FILE / 1024 / 1024);
        return Err(unreadable(words));
    }
    match format {
        ForeignFormat::HomeAssistant => {
            let tree = yaml::read(text).map_err(|error| unreadable(error.to_string()))?;
            home_assistant::read(&tree, meanings, home).map_err(unreadable)
        }
    }
}

fn unreadable(words: String) -> ApiError {
    ApiError::new(ErrorCode::Unreadable(words.clone()), words)
}
