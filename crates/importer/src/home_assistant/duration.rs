//! Lengths of time: `00:05:00`, `5` (seconds), `{minutes: 5}`.

use model::Span;

use crate::yaml::Node;

/// A length of time; `None` when it is not written as one (a template, a negative one).
pub(crate) fn duration(node: &Node) -> Option<Span> {
    match node {
        Node::Map(_) => of_parts(node),
        Node::Scalar(..) => of_text(node.text()?),
        Node::List(_) => None,
    }
}

fn of_parts(node: &Node) -> Option<Span> {
    let units = [
        ("days", 86_400_000.0),
        ("hours", 3_600_000.0),
        ("minutes", 60_000.0),
        ("seconds", 1_000.0),
        ("milliseconds", 1.0),
    ];
    let mut total = 0.0;
    node.keys().next()?;
    for key in node.keys() {
        let (_, millis) = units.iter().find(|(name, _)| *name == key)?;
        total += node.get(key)?.number()? * millis;
    }
    of_millis(total)
}

/// A length of time as a text.
pub(crate) fn of_text(text: &str) -> Option<Span> {
    if let Ok(seconds) = text.parse::<f64>() {
        return of_millis(seconds * 1_000.0);
    }
    let parts: Option<Vec<f64>> = text.split(':').map(|part| part.trim().parse().ok()).collect();
    match parts?.as_slice() {
        [hours, minutes] => of_millis((hours * 60.0 + minutes) * 60_000.0),
        [hours, minutes, seconds] => {
            of_millis(((hours * 60.0 + minutes) * 60.0 + seconds) * 1_000.0)
        }
        _ => None,
    }
}

fn of_millis(millis: f64) -> Option<Span> {
    let fits = (0.0..=1e15).contains(&millis);
    fits.then(|| Span::millis(millis.round() as u64))
}

/// A shift in whole minutes, before when negative: `-00:15:00`, `{minutes: -15}`.
pub(crate) fn offset(node: &Node) -> Option<i16> {
    let minutes = match node {
        Node::Map(_) => {
            let part = |key: &str| node.get(key).map_or(Some(0.0), Node::number);
            part("hours")? * 60.0 + part("minutes")? + part("seconds")? / 60.0
        }
        Node::Scalar(..) => {
            let text = node.text()?;
            let (sign, rest) = match text.strip_prefix('-') {
                Some(rest) => (-1.0, rest),
                None => (1.0, text.strip_prefix('+').unwrap_or(text)),
            };
            sign * of_text(rest)?.as_millis() as f64 / 60_000.0
        }
        Node::List(_) => return None,
    };
    let fits = (-720.0..=720.0).contains(&minutes);
    fits.then(|| minutes.round() as i16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::read;

    fn in_seconds(text: &str) -> Option<u64> {
        duration(&read(text).unwrap()).map(|it| it.as_millis() / 1_000)
    }

    #[test]
    fn durations_are_read_in_all_their_forms() {
        for (text, expected) in [
            ("'00:05:00'", Some(300)),
            ("00:05:30", Some(330)),
            ("'00:05'", Some(300)),
            ("90", Some(90)),
            ("{minutes: 5, seconds: 2}", Some(302)),
            ("{hours: 3}", Some(10_800)),
            ("'{{ x }}'", None),
            ("{fortnights: 1}", None),
            ("{}", None),
            ("'00:{{ x }}:00'", None),
            ("-5", None),
            ("[]", None),
        ] {
            assert_eq!(in_seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn offsets_may_be_before() {
        for (text, expected) in [
            ("'-00:15:00'", Some(-15)),
            ("'+00:30:00'", Some(30)),
            ("'-02:00:00'", Some(-120)),
            ("{minutes: -20}", Some(-20)),
            ("'24:00:00'", None),
        ] {
            assert_eq!(offset(&read(text).unwrap()), expected, "{text}");
        }
    }
}
