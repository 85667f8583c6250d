//! The messages of ESPHome's native API that Hearth speaks, as far as it reads them.
//!
//! Field numbers and types were compared one by one with the descriptors that aioesphomeapi 45.3.1
//! installs (`api_pb2`). Fields that are left out here are skipped when they arrive. Enumerations
//! are plain numbers: a device may be newer than we are, and an unknown number must not cost the
//! whole message. The names are the vendor's.
#![expect(missing_docs, reason = "the vendor's messages; what we make of them is documented")]

use std::fmt;

use prost::Message;

/// First message of a client.
#[derive(Clone, PartialEq, Message)]
pub struct HelloRequest {
    #[prost(string, tag = "1")]
    pub client_info: String,
    #[prost(uint32, tag = "2")]
    pub api_version_major: u32,
    #[prost(uint32, tag = "3")]
    pub api_version_minor: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct HelloResponse {
    #[prost(uint32, tag = "1")]
    pub api_version_major: u32,
    #[prost(uint32, tag = "2")]
    pub api_version_minor: u32,
    #[prost(string, tag = "3")]
    pub server_info: String,
    #[prost(string, tag = "4")]
    pub name: String,
}

/// Password of devices built before 2026; newer ones ignore it.
#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub struct AuthenticationRequest {
    #[prost(string, tag = "1")]
    pub password: String,
}

impl fmt::Debug for AuthenticationRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AuthenticationRequest { password: [redacted] }")
    }
}

#[derive(Clone, PartialEq, Message)]
pub struct AuthenticationResponse {
    #[prost(bool, tag = "1")]
    pub invalid_password: bool,
}

/// A message that says all by its kind: pings, goodbyes, requests for lists.
#[derive(Clone, PartialEq, Message)]
pub struct Nothing {}

#[derive(Clone, PartialEq, Message)]
pub struct DeviceInfoResponse {
    #[prost(bool, tag = "1")]
    pub uses_password: bool,
    #[prost(string, tag = "2")]
    pub name: String,
    /// `AA:BB:CC:DD:EE:FF`: who it is.
    #[prost(string, tag = "3")]
    pub mac_address: String,
    #[prost(string, tag = "4")]
    pub esphome_version: String,
    #[prost(string, tag = "5")]
    pub compilation_time: String,
    #[prost(string, tag = "6")]
    pub model: String,
    /// `author.project`.
    #[prost(string, tag = "8")]
    pub project_name: String,
    #[prost(string, tag = "9")]
    pub project_version: String,
    #[prost(string, tag = "12")]
    pub manufacturer: String,
    #[prost(string, tag = "13")]
    pub friendly_name: String,
    #[prost(bool, tag = "19")]
    pub api_encryption_supported: bool,
    #[prost(message, repeated, tag = "20")]
    pub devices: Vec<SubDevice>,
}

/// A device that the node stands in for; entities name it by `device_id`.
#[derive(Clone, PartialEq, Message)]
pub struct SubDevice {
    #[prost(uint32, tag = "1")]
    pub device_id: u32,
    #[prost(string, tag = "2")]
    pub name: String,
}

#[derive(Clone, PartialEq, Message)]
pub struct GetTimeResponse {
    #[prost(fixed32, tag = "1")]
    pub epoch_seconds: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListEntitiesBinarySensorResponse {
    #[prost(string, tag = "1")]
    pub object_id: String,
    #[prost(fixed32, tag = "2")]
    pub key: u32,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(string, tag = "5")]
    pub device_class: String,
    #[prost(bool, tag = "7")]
    pub disabled_by_default: bool,
    #[prost(int32, tag = "9")]
    pub entity_category: i32,
    #[prost(uint32, tag = "10")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct BinarySensorStateResponse {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(bool, tag = "2")]
    pub state: bool,
    #[prost(bool, tag = "3")]
    pub missing_state: bool,
    #[prost(uint32, tag = "4")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListEntitiesCoverResponse {
    #[prost(string, tag = "1")]
    pub object_id: String,
    #[prost(fixed32, tag = "2")]
    pub key: u32,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(bool, tag = "5")]
    pub assumed_state: bool,
    #[prost(bool, tag = "6")]
    pub supports_position: bool,
    #[prost(string, tag = "8")]
    pub device_class: String,
    #[prost(bool, tag = "9")]
    pub disabled_by_default: bool,
    #[prost(int32, tag = "11")]
    pub entity_category: i32,
    #[prost(bool, tag = "12")]
    pub supports_stop: bool,
    #[prost(uint32, tag = "13")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct CoverStateResponse {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    /// 0 closed, 1 open.
    #[prost(float, tag = "3")]
    pub position: f32,
    /// 0 idle, 1 opening, 2 closing.
    #[prost(int32, tag = "5")]
    pub current_operation: i32,
    #[prost(uint32, tag = "6")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct CoverCommandRequest {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(bool, tag = "4")]
    pub has_position: bool,
    #[prost(float, tag = "5")]
    pub position: f32,
    #[prost(bool, tag = "8")]
    pub stop: bool,
    #[prost(uint32, tag = "9")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListEntitiesFanResponse {
    #[prost(string, tag = "1")]
    pub object_id: String,
    #[prost(fixed32, tag = "2")]
    pub key: u32,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(bool, tag = "6")]
    pub supports_speed: bool,
    #[prost(int32, tag = "8")]
    pub supported_speed_count: i32,
    #[prost(bool, tag = "9")]
    pub disabled_by_default: bool,
    #[prost(int32, tag = "11")]
    pub entity_category: i32,
    #[prost(uint32, tag = "13")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct FanStateResponse {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(bool, tag = "2")]
    pub state: bool,
    /// 1 to `supported_speed_count`.
    #[prost(int32, tag = "6")]
    pub speed_level: i32,
    #[prost(uint32, tag = "8")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct FanCommandRequest {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(bool, tag = "2")]
    pub has_state: bool,
    #[prost(bool, tag = "3")]
    pub state: bool,
    #[prost(bool, tag = "10")]
    pub has_speed_level: bool,
    #[prost(int32, tag = "11")]
    pub speed_level: i32,
    #[prost(uint32, tag = "14")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListEntitiesLightResponse {
    #[prost(string, tag = "1")]
    pub object_id: String,
    #[prost(fixed32, tag = "2")]
    pub key: u32,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(bool, tag = "5")]
    pub legacy_supports_brightness: bool,
    #[prost(bool, tag = "6")]
    pub legacy_supports_rgb: bool,
    #[prost(bool, tag = "8")]
    pub legacy_supports_color_temperature: bool,
    /// Coldest white.
    #[prost(float, tag = "9")]
    pub min_mireds: f32,
    /// Warmest white.
    #[prost(float, tag = "10")]
    pub max_mireds: f32,
    /// The first one is "None".
    #[prost(string, repeated, tag = "11")]
    pub effects: Vec<String>,
    /// Each a set of capability bits, see `light`.
    #[prost(int32, repeated, tag = "12")]
    pub supported_color_modes: Vec<i32>,
    #[prost(bool, tag = "13")]
    pub disabled_by_default: bool,
    #[prost(int32, tag = "15")]
    pub entity_category: i32,
    #[prost(uint32, tag = "16")]
    pub device_id: u32,
}

/// Everything from 0 to 1, but for the colour temperature (mireds).
#[derive(Clone, PartialEq, Message)]
pub struct LightStateResponse {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(bool, tag = "2")]
    pub state: bool,
    #[prost(float, tag = "3")]
    pub brightness: f32,
    #[prost(float, tag = "4")]
    pub red: f32,
    #[prost(float, tag = "5")]
    pub green: f32,
    #[prost(float, tag = "6")]
    pub blue: f32,
    #[prost(float, tag = "7")]
    pub white: f32,
    #[prost(float, tag = "8")]
    pub color_temperature: f32,
    #[prost(string, tag = "9")]
    pub effect: String,
    #[prost(float, tag = "10")]
    pub color_brightness: f32,
    #[prost(int32, tag = "11")]
    pub color_mode: i32,
    #[prost(float, tag = "12")]
    pub cold_white: f32,
    #[prost(float, tag = "13")]
    pub warm_white: f32,
    #[prost(uint32, tag = "14")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct LightCommandRequest {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(bool, tag = "2")]
    pub has_state: bool,
    #[prost(bool, tag = "3")]
    pub state: bool,
    #[prost(bool, tag = "4")]
    pub has_brightness: bool,
    #[prost(float, tag = "5")]
    pub brightness: f32,
    #[prost(bool, tag = "6")]
    pub has_rgb: bool,
    #[prost(float, tag = "7")]
    pub red: f32,
    #[prost(float, tag = "8")]
    pub green: f32,
    #[prost(float, tag = "9")]
    pub blue: f32,
    #[prost(bool, tag = "10")]
    pub has_white: bool,
    #[prost(float, tag = "11")]
    pub white: f32,
    #[prost(bool, tag = "12")]
    pub has_color_temperature: bool,
    #[prost(float, tag = "13")]
    pub color_temperature: f32,
    #[prost(bool, tag = "14")]
    pub has_transition_length: bool,
    /// In milliseconds.
    #[prost(uint32, tag = "15")]
    pub transition_length: u32,
    #[prost(bool, tag = "18")]
    pub has_effect: bool,
    #[prost(string, tag = "19")]
    pub effect: String,
    #[prost(bool, tag = "20")]
    pub has_color_brightness: bool,
    #[prost(float, tag = "21")]
    pub color_brightness: f32,
    #[prost(bool, tag = "22")]
    pub has_color_mode: bool,
    #[prost(int32, tag = "23")]
    pub color_mode: i32,
    #[prost(bool, tag = "24")]
    pub has_cold_white: bool,
    #[prost(float, tag = "25")]
    pub cold_white: f32,
    #[prost(bool, tag = "26")]
    pub has_warm_white: bool,
    #[prost(float, tag = "27")]
    pub warm_white: f32,
    #[prost(uint32, tag = "28")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListEntitiesSensorResponse {
    #[prost(string, tag = "1")]
    pub object_id: String,
    #[prost(fixed32, tag = "2")]
    pub key: u32,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(string, tag = "6")]
    pub unit_of_measurement: String,
    #[prost(int32, tag = "7")]
    pub accuracy_decimals: i32,
    #[prost(string, tag = "9")]
    pub device_class: String,
    #[prost(int32, tag = "10")]
    pub state_class: i32,
    #[prost(bool, tag = "12")]
    pub disabled_by_default: bool,
    #[prost(int32, tag = "13")]
    pub entity_category: i32,
    #[prost(uint32, tag = "14")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct SensorStateResponse {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(float, tag = "2")]
    pub state: f32,
    #[prost(bool, tag = "3")]
    pub missing_state: bool,
    #[prost(uint32, tag = "4")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListEntitiesSwitchResponse {
    #[prost(string, tag = "1")]
    pub object_id: String,
    #[prost(fixed32, tag = "2")]
    pub key: u32,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(bool, tag = "7")]
    pub disabled_by_default: bool,
    #[prost(int32, tag = "8")]
    pub entity_category: i32,
    #[prost(string, tag = "9")]
    pub device_class: String,
    #[prost(uint32, tag = "10")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct SwitchStateResponse {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(bool, tag = "2")]
    pub state: bool,
    #[prost(uint32, tag = "3")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct SwitchCommandRequest {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(bool, tag = "2")]
    pub state: bool,
    #[prost(uint32, tag = "3")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListEntitiesClimateResponse {
    #[prost(string, tag = "1")]
    pub object_id: String,
    #[prost(fixed32, tag = "2")]
    pub key: u32,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(bool, tag = "5")]
    pub supports_current_temperature: bool,
    #[prost(bool, tag = "6")]
    pub supports_two_point_target_temperature: bool,
    #[prost(int32, repeated, tag = "7")]
    pub supported_modes: Vec<i32>,
    #[prost(float, tag = "8")]
    pub visual_min_temperature: f32,
    #[prost(float, tag = "9")]
    pub visual_max_temperature: f32,
    #[prost(float, tag = "10")]
    pub visual_target_temperature_step: f32,
    #[prost(bool, tag = "12")]
    pub supports_action: bool,
    #[prost(bool, tag = "18")]
    pub disabled_by_default: bool,
    #[prost(int32, tag = "20")]
    pub entity_category: i32,
    #[prost(uint32, tag = "26")]
    pub device_id: u32,
    #[prost(uint32, tag = "27")]
    pub feature_flags: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ClimateStateResponse {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(int32, tag = "2")]
    pub mode: i32,
    #[prost(float, tag = "3")]
    pub current_temperature: f32,
    #[prost(float, tag = "4")]
    pub target_temperature: f32,
    #[prost(float, tag = "5")]
    pub target_temperature_low: f32,
    #[prost(float, tag = "6")]
    pub target_temperature_high: f32,
    #[prost(int32, tag = "8")]
    pub action: i32,
    #[prost(uint32, tag = "16")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ClimateCommandRequest {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(bool, tag = "2")]
    pub has_mode: bool,
    #[prost(int32, tag = "3")]
    pub mode: i32,
    #[prost(bool, tag = "4")]
    pub has_target_temperature: bool,
    #[prost(float, tag = "5")]
    pub target_temperature: f32,
    #[prost(bool, tag = "6")]
    pub has_target_temperature_low: bool,
    #[prost(float, tag = "7")]
    pub target_temperature_low: f32,
    #[prost(bool, tag = "8")]
    pub has_target_temperature_high: bool,
    #[prost(float, tag = "9")]
    pub target_temperature_high: f32,
    #[prost(uint32, tag = "24")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListEntitiesNumberResponse {
    #[prost(string, tag = "1")]
    pub object_id: String,
    #[prost(fixed32, tag = "2")]
    pub key: u32,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(float, tag = "6")]
    pub min_value: f32,
    #[prost(float, tag = "7")]
    pub max_value: f32,
    #[prost(float, tag = "8")]
    pub step: f32,
    #[prost(bool, tag = "9")]
    pub disabled_by_default: bool,
    #[prost(int32, tag = "10")]
    pub entity_category: i32,
    #[prost(string, tag = "11")]
    pub unit_of_measurement: String,
    #[prost(uint32, tag = "14")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct NumberStateResponse {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(float, tag = "2")]
    pub state: f32,
    #[prost(bool, tag = "3")]
    pub missing_state: bool,
    #[prost(uint32, tag = "4")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct NumberCommandRequest {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(float, tag = "2")]
    pub state: f32,
    #[prost(uint32, tag = "3")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListEntitiesSelectResponse {
    #[prost(string, tag = "1")]
    pub object_id: String,
    #[prost(fixed32, tag = "2")]
    pub key: u32,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(string, repeated, tag = "6")]
    pub options: Vec<String>,
    #[prost(bool, tag = "7")]
    pub disabled_by_default: bool,
    #[prost(int32, tag = "8")]
    pub entity_category: i32,
    #[prost(uint32, tag = "9")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct SelectStateResponse {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(string, tag = "2")]
    pub state: String,
    #[prost(bool, tag = "3")]
    pub missing_state: bool,
    #[prost(uint32, tag = "4")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct SelectCommandRequest {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(string, tag = "2")]
    pub state: String,
    #[prost(uint32, tag = "3")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListEntitiesLockResponse {
    #[prost(string, tag = "1")]
    pub object_id: String,
    #[prost(fixed32, tag = "2")]
    pub key: u32,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(bool, tag = "6")]
    pub disabled_by_default: bool,
    #[prost(int32, tag = "7")]
    pub entity_category: i32,
    #[prost(uint32, tag = "12")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct LockStateResponse {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(int32, tag = "2")]
    pub state: i32,
    #[prost(uint32, tag = "3")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct LockCommandRequest {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    /// 0 unlock, 1 lock.
    #[prost(int32, tag = "2")]
    pub command: i32,
    #[prost(uint32, tag = "5")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ListEntitiesButtonResponse {
    #[prost(string, tag = "1")]
    pub object_id: String,
    #[prost(fixed32, tag = "2")]
    pub key: u32,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(bool, tag = "6")]
    pub disabled_by_default: bool,
    #[prost(int32, tag = "7")]
    pub entity_category: i32,
    #[prost(uint32, tag = "9")]
    pub device_id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct ButtonCommandRequest {
    #[prost(fixed32, tag = "1")]
    pub key: u32,
    #[prost(uint32, tag = "2")]
    pub device_id: u32,
}
