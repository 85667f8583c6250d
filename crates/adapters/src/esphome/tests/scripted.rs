//! Devices that answer by script, on sockets of this test.
