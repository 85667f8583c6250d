//! The pages, one file each.

mod add;
mod device;
mod home;
mod rooms;
mod settings;
mod welcome;

pub use self::add::AddPage;
pub use self::device::DevicePage;
pub use self::home::HomePage;
pub use self::rooms::RoomsPage;
pub use self::settings::SettingsPage;
pub use self::welcome::WelcomePage;
