//! A rule that is being written: its parts by their places, what can be said of each thing, what
//! of a phrase can be changed, and the way back. Pure: tested off the browser.

mod form;
mod form_condition;
mod form_step;
mod history;
mod offers;
mod phrase;
mod templates;
#[cfg(test)]
mod tests;

pub use self::form::{Field, Input, fields};
pub use self::history::History;
pub use self::offers::{Offer, Offered, Part, offers, specials};
pub use self::phrase::{Block, BlockKind, Edit, Phrase, blocks, edit, find, list_len};
pub use self::templates::{Need, TEMPLATES, Template};

use model::HookId;

use crate::sentence::Words;

/// What is needed to talk about a draft.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// Words and names.
    pub words: Words<'a>,
    /// Where webhooks can be called, without their last part.
    pub webhooks: &'a [String],
    /// An id that no webhook has yet.
    pub hook: Option<&'a HookId>,
}
