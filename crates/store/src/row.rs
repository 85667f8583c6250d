//! The checksum that every row carries. SQLite's own check finds damaged structure, not damaged
//! contents: most flipped bits it does not see.

/// CRC-32 of a row's contents, made column by column.
pub(crate) struct Checksum(crc32fast::Hasher);

impl Checksum {
    /// Begins a row of `table`, so that a row in the wrong table does not pass.
    pub(crate) fn of(table: &str) -> Self {
        Self(crc32fast::Hasher::new()).text(table)
    }

    /// Adds a text.
    pub(crate) fn text(self, text: &str) -> Self {
        self.tagged(b't', text.as_bytes())
    }

    /// Adds a text or its absence.
    pub(crate) fn maybe_text(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(text),
            None => self.tagged(b'n', &[]),
        }
    }

    /// Adds bytes.
    pub(crate) fn bytes(self, bytes: &[u8]) -> Self {
        self.tagged(b'b', bytes)
    }

    /// Adds a number.
    pub(crate) fn number(self, number: i64) -> Self {
        self.tagged(b'i', &number.to_le_bytes())
    }

    /// Adds a number or its absence.
    pub(crate) fn maybe_number(self, number: Option<i64>) -> Self {
        match number {
            Some(number) => self.number(number),
            None => self.tagged(b'n', &[]),
        }
    }

    /// The checksum, as SQLite stores it.
    pub(crate) fn done(self) -> i64 {
        i64::from(self.0.finalize())
    }

    fn tagged(mut self, tag: u8, bytes: &[u8]) -> Self {
        self.0.update(&[tag]);
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }
}

/// Why a table could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    /// A row's checksum does not fit, or it cannot be a row of ours at all.
    #[error("{table}: row `{row}` is damaged")]
    Damaged { table: &'static str, row: String },
    /// The row is as it was written, but makes no sense to this version.
    #[error("{table}: row `{row}` is not understood: {words}")]
    NotUnderstood { table: &'static str, row: String, words: String },
    /// SQLite could not read it.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Names a row in errors: its table and its key.
pub(crate) struct At<'a>(pub(crate) &'static str, pub(crate) &'a str);

impl At<'_> {
    /// Holds what was stored against what it should be.
    pub(crate) fn check(&self, stored: i64, expected: Checksum) -> Result<(), Unreadable> {
        if stored == expected.done() {
            Ok(())
        } else {
            Err(Unreadable::Damaged { table: self.0, row: self.1.to_owned() })
        }
    }

    /// Reads a value out of its JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, text: &str) -> Result<T, Unreadable> {
        serde_json::from_str(text).map_err(|error| self.not_understood(&error))
    }

    /// Reads a value out of its text form.
    pub(crate) fn parse<T>(&self, text: &str) -> Result<T, Unreadable>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        text.parse().map_err(|error| self.not_understood(&error))
    }

    /// The row is intact but not understood.
    pub(crate) fn not_understood(&self, words: &dyn std::fmt::Display) -> Unreadable {
        Unreadable::NotUnderstood {
            table: self.0,
            row: self.1.to_owned(),
            words: words.to_string(),
        }
    }
}

/// Writes a value as JSON. Values of `model` always can be.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_arrangements_of_the_same_bytes_have_one_checksum() {
        let sums = [
            Checksum::of("room").text("ab").text("c"),
            Checksum::of("room").text("a").text("bc"),
            Checksum::of("room").text("abc").maybe_text(None),
            Checksum::of("room").text("abc").text(""),
            Checksum::of("device").text("ab").text("c"),
            Checksum::of("room").bytes(b"ab").text("c"),
        ];
        let mut sums: Vec<i64> = sums.into_iter().map(Checksum::done).collect();
        sums.sort_unstable();
        sums.dedup();
        assert_eq!(sums.len(), 6);
    }
}
