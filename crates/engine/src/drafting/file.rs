//! Files of rules, as text. Bounded before they are read, and as deep as JSON is ever read.

use std::collections::BTreeMap;

use api::{ApiError, ErrorCode};
use model::rule::{FILE_FORMAT, LARGEST_FILE, NoticeAction, RuleBody, RuleFile, Step, Trigger};
use model::{RuleId, is_disguise};
use serde::Deserialize;

/// The longest account of what is wrong with a file, in characters.
const LONGEST_WORDS: usize = 240;

/// So much of an id is kept when a number is put behind it: ids have at most 64 characters.
const LONGEST_STEM: usize = 52;

/// All that is read of a file at first: later versions may say the rest otherwise.
#[derive(Deserialize)]
struct Version {
    hearth_rules: u32,
}

/// A file as text, to be read again by [`read`].
pub(super) fn write(file: &RuleFile) -> Result<String, ApiError> {
    let written = |text: serde_json::Result<String>| {
        text.map_err(|error| ApiError::new(ErrorCode::Invalid, error.to_string()))
    };
    let pretty = written(serde_json::to_string_pretty(file))?;
    let text =
        if pretty.len() > LARGEST_FILE { written(serde_json::to_string(file))? } else { pretty };
    if text.len() > LARGEST_FILE {
        let words = "these are too many rules for one file: choose fewer";
        return Err(ApiError::new(ErrorCode::Invalid, words));
    }
    Ok(text)
}

/// Reads a file.
pub(super) fn read(text: &str) -> Result<RuleFile, ApiError> {
    if text.len() > LARGEST_FILE {
        let most = LARGEST_FILE / (1_024 * 1_024);
        return Err(unreadable(&format!("the file is larger than {most} MB")));
    }
    // A mark that some editors put before text.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let version: Version = serde_json::from_str(text).map_err(|it| unreadable(&it.to_string()))?;
    if version.hearth_rules != FILE_FORMAT {
        let words = format!("the file is of version {}", version.hearth_rules);
        return Err(ApiError::new(ErrorCode::UnknownVersion, words));
    }
    serde_json::from_str(text).map_err(|it| unreadable(&it.to_string()))
}

/// What is wrong with a file, in words. They may quote the file, so they are kept short and plain.
pub(super) fn unreadable(words: &str) -> ApiError {
    // The place comes last, and is kept whatever else is not.
    let (what, place) = words.rsplit_once(" at line ").unwrap_or((words, ""));
    let plain = what.chars().filter(|it| !is_disguise(*it));
    let mut words: String = plain.take(LONGEST_WORDS).collect();
    if !place.is_empty() {
        words.push_str(" at line ");
        words.push_str(place);
    }
    ApiError::new(ErrorCode::Unreadable(words.clone()), words)
}

/// An id like that one which nobody has: with the lowest number behind it that is free.
pub(super) fn free_id(like: &RuleId, is_taken: &dyn Fn(&RuleId) -> bool) -> RuleId {
    let stem: String = like.as_str().chars().take(LONGEST_STEM).collect();
    let numbered = (2_u32..).filter_map(|number| format!("{stem}-{number}").parse().ok());
    let mut ids = [like.clone()].into_iter().chain(numbered);
    ids.find(|id| !is_taken(id)).unwrap_or_else(|| like.clone())
}

/// Lets a rule name other rules by their new ids.
pub(super) fn rename(body: &mut RuleBody, new: &BTreeMap<RuleId, RuleId>) {
    for trigger in &mut body.triggers {
        if let Trigger::RuleRan(rule) = trigger {
            replace(rule, new);
        }
    }
    rename_in(&mut body.steps, new);
}

fn rename_in(steps: &mut [Step], new: &BTreeMap<RuleId, RuleId>) {
    for step in steps {
        match step {
            Step::RunRule(rule) => replace(rule, new),
            Step::If { then, otherwise, .. } => {
                rename_in(then, new);
                rename_in(otherwise, new);
            }
            Step::Repeat { steps, .. } => rename_in(steps, new),
            Step::Notify { buttons, .. } => {
                for button in buttons {
                    if let NoticeAction::RunRule(rule) = &mut button.does {
                        replace(rule, new);
                    }
                }
            }
            Step::Command { .. }
            | Step::Toggle(_)
            | Step::Adjust { .. }
            | Step::Pulse { .. }
            | Step::Scene { .. }
            | Step::Wait(_)
            | Step::WaitUntil { .. }
            | Step::SetVariable { .. }
            | Step::Stop => {}
        }
    }
}

fn replace(rule: &mut RuleId, new: &BTreeMap<RuleId, RuleId>) {
    if let Some(other) = new.get(rule) {
        *rule = other.clone();
    }
}
