//! WLED.
