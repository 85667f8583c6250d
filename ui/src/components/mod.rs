//! The parts that pages are made of. Each stands on the browser's own element where there is one.

mod banner;
mod controls;
mod dialog;
mod empty;
mod field;
mod icon;
mod issue;
mod lazy;
mod quick;
mod room_select;
mod secrets;
mod segmented;
mod select;
mod slider;
mod spoken;
mod switch;
mod tile;
mod toast;

pub use self::banner::{LinkBanner, SandboxBadge};
pub use self::controls::{Control, is_control};
pub use self::dialog::{Confirm, Dialog};
pub use self::empty::Empty;
pub use self::field::{Field, SecretField};
pub use self::icon::{Glyph, Icon};
pub use self::issue::IssueRow;
pub use self::lazy::Tiles;
pub use self::quick::{QuickSheet, QuickTarget};
pub use self::room_select::RoomSelect;
pub use self::secrets::{SecretDialogs, SecretsTarget};
pub use self::segmented::Segmented;
pub use self::select::Select;
pub use self::slider::Slider;
pub use self::spoken::{Spoken, use_spoken};
pub use self::switch::Switch;
pub use self::tile::Tile;
pub use self::toast::{ToastRegion, Toasts};
