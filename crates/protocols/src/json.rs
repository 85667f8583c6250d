//! Reading JSON from devices that may lie: wrong types are no value, long lists are cut, and
//! nothing is built that is not wanted.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The longest text kept of a device's scalar, in bytes. Names are at most 64 characters.
const MAX_TEXT: usize = 256;

/// A JSON scalar of whatever type the device chose.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Scalar {
    /// The field is not there.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text, cut after [`MAX_TEXT`] bytes.
    Text(Box<str>),
    /// An array or object.
    Other,
}

impl Scalar {
    pub(crate) fn is_present(&self) -> bool {
        *self != Self::Absent
    }

    pub(crate) fn flag(&self) -> Option<bool> {
        match self {
            Self::Bool(it) => Some(*it),
            _ => None,
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(it) => Some(*it),
            _ => None,
        }
    }

    /// The number, where it is a whole one that fits.
    pub(crate) fn index(&self) -> Option<u16> {
        let number = self.number()?;
        let fits = number.fract() == 0.0 && (0.0..=f64::from(u16::MAX)).contains(&number);
        fits.then_some(number as u16)
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(it) => Some(it),
            _ => None,
        }
    }

    /// Lays what this says over what was known: a value replaces it, `null` forgets it, anything
    /// else leaves it.
    pub(crate) fn overlay<T>(&self, known: &mut Option<T>, read: impl Fn(&Self) -> Option<T>) {
        if *self == Self::Null {
            *known = None;
        } else if let Some(value) = read(self) {
            *known = Some(value);
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        Ok(Scalar::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(cut(value, MAX_TEXT).into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Scalar, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

/// An object read as `T`; anything else is `T::default()`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

macro_rules! nothing_for {
    ($($visit:ident($kind:ty)),*) => {
        $(fn $visit<E>(self, _: $kind) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        })*

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
}

impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    nothing_for!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Object<T>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Object::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(entries)).map(Object)
    }
}

/// The first `MAX` items of an array; anything else is none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct List<T, const MAX: usize>(pub(crate) Vec<T>);

impl<T, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for List<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T, const MAX: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for ListVisitor<T, MAX> {
    type Value = List<T, MAX>;

    nothing_for!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List<T, MAX>, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < MAX {
            let Some(item) = items.next_element()? else { return Ok(List(kept)) };
            kept.push(item);
        }
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(List(kept))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<List<T, MAX>, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(List::default())
    }
}

/// Reads an object. (A derived `Deserialize` would take an array of its fields as well.)
pub(crate) fn read_object<'de, T: Deserialize<'de>>(json: &'de [u8]) -> serde_json::Result<T> {
    match json.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice(json),
        Some(_) => Err(serde::de::Error::custom("not an object")),
        None => Err(serde::de::Error::custom("nothing")),
    }
}

/// What was wrong or what a device said, fit for a person's eyes: one line, no control
/// characters, at most 160 characters.
pub(crate) fn words(text: &str) -> String {
    let visible = text.chars().map(|it| if it.is_control() { ' ' } else { it });
    visible.take(160).collect::<String>().trim().to_owned()
}

fn cut(text: &str, max: usize) -> &str {
    let mut end = text.len().min(max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default)]
    struct Lamp {
        on: Scalar,
        inner: Object<Inner>,
        list: List<Scalar, 2>,
    }

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default)]
    struct Inner {
        total: Scalar,
    }

    #[test]
    fn wrong_types_are_no_values() {
        for text in [
            r#"{"on":[{"a":1}],"inner":5,"list":"x"}"#,
            r#"{"on":{"a":[]},"inner":[1],"list":{"a":1}}"#,
        ] {
            let lamp: Lamp = serde_json::from_str(text).unwrap();
            let expected = Lamp { on: Scalar::Other, ..Lamp::default() };
            assert_eq!(lamp, expected, "{text}");
        }
    }

    #[test]
    fn long_lists_and_texts_are_cut() {
        let text = format!(r#"{{"on":"{}","list":[1,2,3,4]}}"#, "ö".repeat(1_000));
        let lamp: Lamp = serde_json::from_str(&text).unwrap();
        assert_eq!(lamp.on.text().map(str::len), Some(MAX_TEXT));
        assert_eq!(lamp.list.0, [Scalar::Number(1.0), Scalar::Number(2.0)]);
    }

    #[test]
    fn what_is_not_said_stays_and_null_forgets() {
        let mut known = Some(4.0);
        for (said, expected) in [
            (Scalar::Absent, Some(4.0)),
            (Scalar::Other, Some(4.0)),
            (Scalar::Number(5.0), Some(5.0)),
            (Scalar::Null, None),
        ] {
            said.overlay(&mut known, Scalar::number);
            assert_eq!(known, expected, "{said:?}");
        }
    }

    #[test]
    fn words_are_one_short_line() {
        assert_eq!(words("a\nb\u{7}"), "a b");
        assert_eq!(words(&"x".repeat(1_000)).len(), 160);
    }
}
