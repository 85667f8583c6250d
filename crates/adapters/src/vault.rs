//! Secrets, sealed. Under construction.
