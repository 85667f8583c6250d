//! One file a table: how it is made, what a row is, and every query on it.
//!
//! No table refers to another by a foreign key: a batch's changes come in the engine's order, and
//! a secret may be written down before its device is.

pub(crate) mod chunk;
pub(crate) mod command_journal;
pub(crate) mod device;
pub(crate) mod document;
pub(crate) mod hot;
pub(crate) mod known_run;
pub(crate) mod last_report;
pub(crate) mod meta;
pub(crate) mod not_run;
pub(crate) mod room;
pub(crate) mod rule_version;
pub(crate) mod run;
pub(crate) mod secret;
pub(crate) mod series;
pub(crate) mod trace;
pub(crate) mod watch;
