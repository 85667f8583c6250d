//! Which number stands for which message, and the way between a message and its bytes.

use prost::Message as _;

use super::proto::{self, Nothing};

/// A frame whose body is not the message that its number promises.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("message {kind} cannot be read: {reason}")]
pub struct UnreadableMessage {
    kind: u32,
    reason: String,
}

macro_rules! messages {
    ($($kind:literal $name:ident($body:ty)),* $(,)?) => {
        /// A message of the native API. The numbers were compared with aioesphomeapi's
        /// `MESSAGE_TYPE_TO_PROTO`.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Message {
            $(#[doc = concat!("Message ", stringify!($kind), ".")] $name($body),)*
            /// A message that Hearth has no use for, by its number.
            Other(u32),
        }

        impl Message {
            /// Reads the body of a frame.
            ///
            /// # Errors
            /// When it is not the message that its number promises. Unknown numbers are `Other`.
            pub fn decode(kind: u32, body: &[u8]) -> Result<Self, UnreadableMessage> {
                let unreadable = |error: prost::DecodeError| {
                    UnreadableMessage { kind, reason: error.to_string() }
                };
                match kind {
                    $($kind => <$body>::decode(body).map(Self::$name).map_err(unreadable),)*
                    other => Ok(Self::Other(other)),
                }
            }

            /// Its number on the wire.
            #[must_use]
            pub fn kind(&self) -> u32 {
                match self {
                    $(Self::$name(_) => $kind,)*
                    Self::Other(kind) => *kind,
                }
            }

            /// Its body on the wire.
            #[must_use]
            pub fn body(&self) -> Vec<u8> {
                match self {
                    $(Self::$name(body) => body.encode_to_vec(),)*
                    Self::Other(_) => Vec::new(),
                }
            }
        }
    };
}

messages! {
    1 HelloRequest(proto::HelloRequest),
    2 HelloResponse(proto::HelloResponse),
    3 AuthenticationRequest(proto::AuthenticationRequest),
    4 AuthenticationResponse(proto::AuthenticationResponse),
    5 DisconnectRequest(Nothing),
    6 DisconnectResponse(Nothing),
    7 PingRequest(Nothing),
    8 PingResponse(Nothing),
    9 DeviceInfoRequest(Nothing),
    10 DeviceInfoResponse(proto::DeviceInfoResponse),
    11 ListEntitiesRequest(Nothing),
    12 ListEntitiesBinarySensorResponse(proto::ListEntitiesBinarySensorResponse),
    13 ListEntitiesCoverResponse(proto::ListEntitiesCoverResponse),
    14 ListEntitiesFanResponse(proto::ListEntitiesFanResponse),
    15 ListEntitiesLightResponse(proto::ListEntitiesLightResponse),
    16 ListEntitiesSensorResponse(proto::ListEntitiesSensorResponse),
    17 ListEntitiesSwitchResponse(proto::ListEntitiesSwitchResponse),
    19 ListEntitiesDoneResponse(Nothing),
    20 SubscribeStatesRequest(Nothing),
    21 BinarySensorStateResponse(proto::BinarySensorStateResponse),
    22 CoverStateResponse(proto::CoverStateResponse),
    23 FanStateResponse(proto::FanStateResponse),
    24 LightStateResponse(proto::LightStateResponse),
    25 SensorStateResponse(proto::SensorStateResponse),
    26 SwitchStateResponse(proto::SwitchStateResponse),
    30 CoverCommandRequest(proto::CoverCommandRequest),
    31 FanCommandRequest(proto::FanCommandRequest),
    32 LightCommandRequest(proto::LightCommandRequest),
    33 SwitchCommandRequest(proto::SwitchCommandRequest),
    36 GetTimeRequest(Nothing),
    37 GetTimeResponse(proto::GetTimeResponse),
    46 ListEntitiesClimateResponse(proto::ListEntitiesClimateResponse),
    47 ClimateStateResponse(proto::ClimateStateResponse),
    48 ClimateCommandRequest(proto::ClimateCommandRequest),
    49 ListEntitiesNumberResponse(proto::ListEntitiesNumberResponse),
    50 NumberStateResponse(proto::NumberStateResponse),
    51 NumberCommandRequest(proto::NumberCommandRequest),
    52 ListEntitiesSelectResponse(proto::ListEntitiesSelectResponse),
    53 SelectStateResponse(proto::SelectStateResponse),
    54 SelectCommandRequest(proto::SelectCommandRequest),
    58 ListEntitiesLockResponse(proto::ListEntitiesLockResponse),
    59 LockStateResponse(proto::LockStateResponse),
    60 LockCommandRequest(proto::LockCommandRequest),
    61 ListEntitiesButtonResponse(proto::ListEntitiesButtonResponse),
    62 ButtonCommandRequest(proto::ButtonCommandRequest),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_its_bytes() {
        let switch = Message::SwitchCommandRequest(proto::SwitchCommandRequest {
            key: 0xDEAD_BEEF,
            state: true,
            device_id: 0,
        });
        assert_eq!(switch.kind(), 33);
        assert_eq!(switch.body(), [0x0D, 0xEF, 0xBE, 0xAD, 0xDE, 0x10, 0x01]);
        assert_eq!(Message::decode(33, &switch.body()), Ok(switch));
    }

    #[test]
    fn an_unknown_message_is_no_error() {
        assert_eq!(Message::decode(9_999, b"whatever"), Ok(Message::Other(9_999)));
    }

    #[test]
    fn a_broken_body_says_which_message_it_was() {
        let error = Message::decode(10, &[0xFF, 0xFF]).unwrap_err();
        assert!(error.to_string().starts_with("message 10 cannot be read"), "{error}");
    }

    #[test]
    fn colour_modes_are_read_packed_and_one_by_one() {
        for body in [&[0x62, 0x02, 35, 3][..], &[0x60, 35, 0x60, 3][..]] {
            let Message::ListEntitiesLightResponse(light) = Message::decode(15, body).unwrap()
            else {
                panic!("not a light");
            };
            assert_eq!(light.supported_color_modes, [35, 3]);
        }
    }
}
