//! Finds what a person means by the name of an endpoint.

use api::{DeviceView, EndpointView, HomeView};
use model::{Capability, DeviceId, EndpointId};

use crate::exit::{Failure, Kind};

/// The device of that id.
pub(crate) fn device<'a>(home: &'a HomeView, id: &DeviceId) -> Result<&'a DeviceView, Failure> {
    let found = home.devices.iter().find(|it| it.id == *id);
    found.ok_or_else(|| missing(format!("there is no device `{id}` in this home")))
}

/// The endpoint of that id, `device/endpoint`; of a device alone, its only endpoint, or its only
/// one with that capability.
pub(crate) fn endpoint<'a>(
    home: &'a HomeView,
    text: &str,
    capability: Option<Capability>,
) -> Result<(&'a DeviceView, &'a EndpointView), Failure> {
    let usage = |error: model::IdError| Failure::new(Kind::Usage, error.to_string());
    if text.contains('/') {
        let id: EndpointId = text.parse().map_err(usage)?;
        let device = device(home, &id.device)?;
        let endpoint = device.endpoints.iter().find(|it| it.id == id);
        let endpoint = endpoint.ok_or_else(|| {
            missing(format!(
                "`{}` has no endpoint `{}`; it has {}",
                id.device,
                id.key,
                keys(device)
            ))
        })?;
        check(endpoint, capability)?;
        return Ok((device, endpoint));
    }
    let device = device(home, &text.parse().map_err(usage)?)?;
    let mut fitting = device.endpoints.iter().filter(|it| check(it, capability).is_ok());
    match (fitting.next(), fitting.next()) {
        (Some(endpoint), None) => Ok((device, endpoint)),
        (None, _) => Err(missing(format!("`{text}` has nothing of that kind"))),
        (Some(_), Some(_)) => {
            let words = format!("`{text}` has several such endpoints: {}", keys(device));
            Err(Failure::new(Kind::Usage, words))
        }
    }
}

fn check(endpoint: &EndpointView, capability: Option<Capability>) -> Result<(), Failure> {
    let Some(wanted) = capability else { return Ok(()) };
    let has: Vec<Capability> = endpoint.specs.iter().map(model::Spec::capability).collect();
    if has.contains(&wanted) {
        return Ok(());
    }
    let has: Vec<String> = has.iter().map(ToString::to_string).collect();
    Err(missing(format!("`{}` has no {wanted}; it has {}", endpoint.id, has.join(", "))))
}

fn keys(device: &DeviceView) -> String {
    let keys: Vec<&str> = device.endpoints.iter().map(|it| it.id.key.as_str()).collect();
    keys.join(", ")
}

/// The one of that id; else the only one of that name.
pub(crate) fn named<'a, T>(
    kind: &str,
    text: &str,
    all: &'a [T],
    names: impl Fn(&T) -> (&str, &str),
) -> Result<&'a T, Failure> {
    if let Some(it) = all.iter().find(|it| names(it).0 == text) {
        return Ok(it);
    }
    let mut of_name = all.iter().filter(|it| names(it).1 == text);
    match (of_name.next(), of_name.next()) {
        (Some(it), None) => Ok(it),
        (None, _) => Err(missing(format!("there is no {kind} `{text}` in this home"))),
        (Some(_), Some(_)) => {
            let words = format!("several are called `{text}`; name the {kind} by its id");
            Err(Failure::new(Kind::Usage, words))
        }
    }
}

fn missing(words: String) -> Failure {
    Failure::new(Kind::NotFound, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_by_people_is_found_by_id_or_by_a_name_that_is_clear() {
        let all = [("a", "Night"), ("b", "Morning"), ("c", "Night"), ("Morning", "Id")];
        let find = |text| named("rule", text, &all, |it| *it).map(|it| it.0);
        assert_eq!(find("b"), Ok("b"));
        assert_eq!(find("Morning"), Ok("Morning"), "ids come first");
        assert_eq!(find("Night").unwrap_err().kind, Kind::Usage);
        assert_eq!(find("x").unwrap_err().kind, Kind::NotFound);
        assert_eq!(find("Id"), Ok("Morning"));
    }
}
