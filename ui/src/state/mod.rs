//! What the interface knows of the home. Fed by the bridge, read by components, written by nobody
//! else.
//!
//! One signal a device and one an endpoint, so that a report touches one tile. Nothing here knows
//! the browser: it is tested off it.

mod clock;
mod home;
mod keyed;
mod live;
mod pieces;
mod roles;
mod session;
mod shape;

pub use self::clock::Clock;
pub use self::home::Home;
pub use self::keyed::Keyed;
pub use self::live::{Echo, Live, shown_value};
pub use self::roles::RoleFace;
pub use self::session::{Form, Session, use_session};
pub use self::shape::{Place, Section, Shape, sections};
