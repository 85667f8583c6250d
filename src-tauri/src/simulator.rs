//! Lends the simulated home to the hub, which knows it only as something that can be started.
