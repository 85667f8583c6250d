//! The pages, one file each.

mod add;
mod alerts;
pub mod automations;
mod device;
mod home;
mod household;
mod more;
mod rooms;
mod scenes;
mod settings;
mod welcome;

pub use self::add::AddPage;
pub use self::alerts::AlertsPage;
pub use self::device::DevicePage;
pub use self::home::HomePage;
pub use self::household::HouseholdPage;
pub use self::more::MorePage;
pub use self::rooms::RoomsPage;
pub use self::scenes::{ScenePage, ScenesPage};
pub use self::settings::SettingsPage;
pub use self::welcome::WelcomePage;
