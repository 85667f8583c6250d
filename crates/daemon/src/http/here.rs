//! Which address "here" is: only the server sees where a client comes from.

use std::net::IpAddr;

use api::{ApiError, ErrorCode, PhoneAt, Request};

/// The request with the client's own address where it says "here".
pub(super) fn named(request: Request, peer: IpAddr) -> Result<Request, ApiError> {
    match request {
        Request::TrackPhone(person, PhoneAt::Here) => {
            let peer = peer.to_canonical();
            if peer.is_loopback() {
                let words = "this is the computer that runs Hearth, or a proxy on it, and not a \
                             phone: open Hearth on the phone itself, over the home's network";
                return Err(ApiError::new(ErrorCode::Invalid, words));
            }
            Ok(Request::TrackPhone(person, PhoneAt::Address(peer)))
        }
        request => Ok(request),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(at: PhoneAt) -> Request {
        Request::TrackPhone("ada".parse().unwrap(), at)
    }

    #[test]
    fn here_is_where_the_client_comes_from() {
        let phone: IpAddr = "192.168.1.20".parse().unwrap();
        for peer in ["192.168.1.20", "::ffff:192.168.1.20"] {
            let named = named(asked(PhoneAt::Here), peer.parse().unwrap());
            assert_eq!(named, Ok(asked(PhoneAt::Address(phone))), "{peer}");
        }
    }

    #[test]
    fn the_hub_s_own_computer_is_no_phone() {
        for peer in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            let error = named(asked(PhoneAt::Here), peer.parse().unwrap()).unwrap_err();
            assert_eq!(error.code, ErrorCode::Invalid, "{peer}");
        }
    }

    #[test]
    fn all_else_passes_as_it_is() {
        let peer = "127.0.0.1".parse().unwrap();
        for request in [asked(PhoneAt::Nowhere), asked(PhoneAt::Address(peer)), Request::Welcomed] {
            assert_eq!(named(request.clone(), peer), Ok(request));
        }
    }
}
