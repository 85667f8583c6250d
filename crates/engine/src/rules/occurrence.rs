//! The name of an occurrence: a hash of the rule, its version, the trigger, and what set it off.
//!
//! FNV-1a over 128 bits. It needs to be the same on every machine and in every release, and two
//! things that are not the same must not meet by chance; nobody gains anything by making them meet.
//! Parts are told apart by a byte that no text holds.

use std::fmt::{self, Debug, Display, Write};

use model::{CommandId, NoticeId, RuleId, RunId};

const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// A byte that is in no UTF-8 text.
const BORDER: u8 = 0xff;

/// A name in the making.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occurrence(u128);

impl Occurrence {
    /// What set a trigger of a rule off; `None` for a rule that was set off by no trigger.
    pub(super) fn of(rule: &RuleId, version: u32, trigger: Option<u16>) -> Self {
        let start = Self(OFFSET).with("run").with(rule).with(version);
        trigger.map_or(start, |it| start.with(it))
    }

    /// Something that a run does.
    pub(super) fn within(run: &RunId, what: &str) -> Self {
        Self(OFFSET).with(what).with(run)
    }

    pub(super) fn with(mut self, part: impl Display) -> Self {
        // Writing to it cannot fail.
        let _ = write!(self, "{part}");
        self.border()
    }

    /// With something that has no other words than these.
    pub(super) fn with_words(mut self, part: &dyn Debug) -> Self {
        let _ = write!(self, "{part:?}");
        self.border()
    }

    pub(super) fn run(self) -> RunId {
        RunId::from_digits(self.0)
    }

    pub(super) fn command(self) -> Option<CommandId> {
        CommandId::try_from(format!("{:032x}", self.0)).ok()
    }

    pub(super) fn notice(self) -> Option<NoticeId> {
        NoticeId::try_from(format!("{:032x}", self.0)).ok()
    }

    fn border(self) -> Self {
        Self((self.0 ^ u128::from(BORDER)).wrapping_mul(PRIME))
    }
}

impl Write for Occurrence {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 =
            text.bytes().fold(self.0, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_fnv_1a_as_published() {
        let mut hash = Occurrence(OFFSET);
        hash.write_str("a").unwrap();
        assert_eq!(hash.0, 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let rule = RuleId::try_from("r").unwrap();
        let one = Occurrence::of(&rule, 1, None).with("ab").with("c");
        let other = Occurrence::of(&rule, 1, None).with("a").with("bc");
        assert_ne!(one.run(), other.run());
        assert_ne!(Occurrence::of(&rule, 1, None).run(), Occurrence::of(&rule, 2, None).run());
    }
}
