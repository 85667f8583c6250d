//! The names of a device's effects or palettes, which it itself knows by number.

use std::collections::BTreeSet;

use model::Name;

use crate::json::{List, Scalar};

/// Effects and palettes are numbered by one byte.
pub(super) const MAX_NAMES: usize = 256;

/// Names by number, in one piece of memory: a thousand devices with 260 names each fit in 3 MB.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Names {
    text: Box<str>,
    entries: Box<[Entry]>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Entry {
    number: u16,
    start: u16,
    end: u16,
}

impl Names {
    /// Takes in a device's list. What is reserved or has no readable name keeps its number and is
    /// left out; a name that comes again gets a count.
    pub(super) fn new<'a>(list: impl Iterator<Item = (u16, &'a str)>) -> Self {
        let (mut text, mut entries, mut taken) = (String::new(), Vec::new(), BTreeSet::new());
        for (number, name) in list.take(2 * MAX_NAMES) {
            let Some(name) = Name::lossy(name).filter(|it| !is_reserved(it.as_str())) else {
                continue;
            };
            let name = first_free(name.as_str(), &taken);
            let (start, end) = (text.len(), text.len() + name.len());
            let (Ok(start), Ok(end)) = (u16::try_from(start), u16::try_from(end)) else { break };
            entries.push(Entry { number, start, end });
            text.push_str(&name);
            taken.insert(name);
        }
        Self { text: text.into(), entries: entries.into() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn all(&self) -> Vec<String> {
        self.entries.iter().map(|it| self.text_of(*it).to_owned()).collect()
    }

    /// The name of a number. A number that is on no list has a name that is on none either.
    pub(super) fn name(&self, number: u16) -> String {
        let entry = self.entries.iter().find(|it| it.number == number);
        entry.map_or_else(|| format!("#{number}"), |it| self.text_of(*it).to_owned())
    }

    pub(super) fn number(&self, name: &str) -> Option<u16> {
        self.entries.iter().find(|it| self.text_of(**it) == name).map(|it| it.number)
    }

    fn text_of(&self, entry: Entry) -> &str {
        self.text.get(usize::from(entry.start)..usize::from(entry.end)).unwrap_or_default()
    }
}

/// A device's list as (number, name).
pub(super) fn numbered(
    list: &List<Scalar, MAX_NAMES>,
) -> impl Iterator<Item = (u16, &str)> + use<'_> {
    (0u16..).zip(&list.0).filter_map(|(number, name)| Some((number, name.text()?)))
}

/// Numbers that this build does not know are on the list under these names.
fn is_reserved(name: &str) -> bool {
    matches!(name, "RSVD" | "-")
}

fn first_free(name: &str, taken: &BTreeSet<String>) -> String {
    let mut free = name.to_owned();
    let mut count = 1;
    while taken.contains(&free) {
        count += 1;
        free = format!("{name} ({count})");
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Names {
        Names::new((0..).zip(list.iter().copied()))
    }

    #[test]
    fn reserved_names_are_left_out_and_numbers_stay() {
        let names = names(&["Solid", "RSVD", "Blink", "-", "\u{7}"]);
        assert_eq!(names.all(), ["Solid", "Blink"]);
        assert_eq!((names.number("Blink"), names.number("RSVD")), (Some(2), None));
        assert_eq!(names.name(2), "Blink");
        assert_eq!(names.name(1), "#1");
    }

    #[test]
    fn names_that_come_again_are_told_apart() {
        let names = names(&["Rain", "Rain (2)", "Rain", "Rain"]);
        assert_eq!(names.all(), ["Rain", "Rain (2)", "Rain (3)", "Rain (4)"]);
        assert_eq!(names.number("Rain (3)"), Some(2));
    }

    #[test]
    fn endless_names_end() {
        let long = "x".repeat(200);
        let names = Names::new((0..5_000).map(|number| (number, long.as_str())));
        assert!(names.text.len() <= usize::from(u16::MAX));
        assert!(names.all().len() <= 2 * MAX_NAMES);
    }
}
