//! Automations: the list of rules, the editor, what became of their runs, and files of rules.

mod deeds;
mod draft;
mod editor;
mod import;
mod list;
mod past;
mod templates;
pub mod trial;
mod versions;

pub use self::editor::EditorPage;
pub use self::import::ImportPage;
pub use self::list::ListPage;
pub use self::past::PastPage;
pub use self::versions::VersionsPage;
