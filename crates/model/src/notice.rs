//! What rules tell the people of the home.

use serde::{Deserialize, Serialize};

use crate::rule::NoticeButton;
use crate::{NoticeId, RuleId, RunId, Timestamp};

/// Most notices that are kept; the oldest go first.
pub const NOTICES_KEPT: usize = 100;

/// Something that a rule told the people of the home. Shown natively once, and listed until it
/// is dismissed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Which.
    pub id: NoticeId,
    /// When.
    pub at: Timestamp,
    /// The rule that told it.
    pub rule: RuleId,
    /// The run of it.
    pub run: RunId,
    /// In a few words.
    pub title: String,
    /// In more words; may be empty.
    pub body: String,
    /// What can be done about it at once.
    pub buttons: Vec<NoticeButton>,
    /// The button that was pressed: each notice is acted on once.
    pub pressed: Option<u8>,
}
