//! Names that people read: of homes, rooms, devices.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest name, in characters.
const MAX: usize = 64;

/// A name: 1 to 64 characters, trimmed, one line, nothing invisible that could disguise it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// Why a text cannot be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing to read in it.
    #[error("a name needs at least one visible character")]
    Empty,
    /// More than 64 characters.
    #[error("a name has at most {MAX} characters")]
    TooLong,
    /// A line break, a control character, or one that reverses or hides text.
    #[error("a name cannot hold control characters")]
    Control,
}

impl Name {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Makes a name of whatever a device calls itself: drops what is not allowed, shortens the
    /// rest. `None` when nothing is left.
    #[must_use]
    pub fn lossy(text: &str) -> Option<Self> {
        let visible: String = text.chars().filter(|letter| !is_disguise(*letter)).collect();
        let short: String = visible.trim().chars().take(MAX).collect();
        let short = short.trim_end();
        (!short.is_empty()).then(|| Self(short.to_owned()))
    }
}

/// Control characters, and the format characters that reorder or hide text (bidirectional
/// overrides and isolates, zero-width marks, the byte-order mark).
#[must_use]
pub fn is_disguise(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

impl TryFrom<String> for Name {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        let text = text.trim();
        if text.is_empty() {
            Err(NameError::Empty)
        } else if text.chars().count() > MAX {
            Err(NameError::TooLong)
        } else if text.chars().any(is_disguise) {
            Err(NameError::Control)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl TryFrom<&str> for Name {
    type Error = NameError;

    fn try_from(text: &str) -> Result<Self, NameError> {
        Self::try_from(text.to_owned())
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_checked() {
        assert_eq!(Name::try_from("  Hall ").unwrap().as_str(), "Hall");
        assert_eq!(Name::try_from(" "), Err(NameError::Empty));
        assert_eq!(Name::try_from("a\nb"), Err(NameError::Control));
        assert_eq!(Name::try_from("x".repeat(65)), Err(NameError::TooLong));
    }

    #[test]
    fn what_devices_say_is_cleaned() {
        assert_eq!(Name::lossy("\u{202E}pmal\0").unwrap().as_str(), "pmal");
        assert_eq!(Name::lossy(&"ö".repeat(200)).unwrap().as_str().chars().count(), 64);
        assert_eq!(Name::lossy("\u{200B}\t"), None);
    }
}
