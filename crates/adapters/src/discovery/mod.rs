//! What announces itself on the network. Under construction.
