//! Values of the contract in words: errors, reasons, causes, ages.

use std::time::Duration;

use api::ErrorCode;
use model::{Cause, FailReason, ThermostatMode, Timestamp};

use super::{Texts, span};

impl Texts {
    /// Why a request was not accepted.
    pub fn error(self, code: &ErrorCode) -> String {
        match code {
            ErrorCode::NotFound => self.error_not_found(),
            ErrorCode::Invalid => self.error_invalid(),
            ErrorCode::Duplicate => self.error_duplicate(),
            ErrorCode::AlreadyAdded(_) => self.error_already_added(),
            ErrorCode::NoAnswer => self.error_no_answer(),
            ErrorCode::NotADevice => self.error_not_a_device(),
            ErrorCode::WrongIdentity(_) => self.error_wrong_identity(),
            ErrorCode::NeedsSecret => self.error_needs_secret(),
            ErrorCode::WrongSecret => self.error_wrong_secret(),
            ErrorCode::SecretsLocked => self.error_secrets_locked(),
            ErrorCode::WrongPassphrase => self.error_wrong_passphrase(),
            ErrorCode::Busy => self.error_busy(),
            ErrorCode::CannotWrite => self.error_cannot_write(),
            ErrorCode::Unsupported => self.error_unsupported(),
            ErrorCode::RuleRefused(_) => self.error_rule_refused(),
            ErrorCode::Outdated(_) => self.error_outdated(),
            ErrorCode::InUse(names) => self.error_in_use(&self.list(names)),
            ErrorCode::Unreadable(words) => self.error_unreadable(words),
            ErrorCode::UnknownVersion => self.error_unknown_version(),
            ErrorCode::Stopped => self.error_stopped(),
        }
    }

    /// Names one after the other.
    pub fn list(self, names: &[impl ToString]) -> String {
        let mut names = names.iter().map(ToString::to_string);
        let Some(first) = names.next() else { return String::new() };
        names.fold(first, |line, next| self.listed(&line, &next))
    }

    /// Why a command did not come to its end; `None`: never confirmed.
    pub fn fail_reason(self, reason: Option<&FailReason>) -> String {
        match reason {
            None => self.fail_expired(),
            Some(FailReason::Unreachable) => self.fail_unreachable(),
            Some(FailReason::ConnectionLost) => self.fail_connection_lost(),
            Some(FailReason::NotAuthorized) => self.fail_not_authorized(),
            Some(FailReason::Refused(words)) => self.fail_refused(words),
            Some(FailReason::QueueFull) => self.fail_queue_full(),
            Some(FailReason::Superseded) => self.fail_superseded(),
            Some(FailReason::Interrupted) => self.fail_interrupted(),
            Some(FailReason::NotRecorded) => self.fail_not_recorded(),
        }
    }

    /// Why a device cannot be talked to, and for how long.
    pub fn cause(self, cause: &Cause, age: Duration) -> String {
        match cause {
            Cause::NoAnswer | Cause::SaidGoodbye if age < Duration::from_secs(60) => {
                self.offline_now()
            }
            Cause::NoAnswer | Cause::SaidGoodbye => self.offline(&span(self.locale(), age)),
            Cause::NeedsSecret => self.needs_secret(),
            Cause::WrongSecret => self.wrong_secret(),
            Cause::WrongIdentity { .. } => self.wrong_identity(),
            Cause::Garbage(_) => self.garbage(),
            Cause::SecretsLocked => self.secrets_locked(),
        }
    }

    /// How long ago something was, coarsely.
    pub fn told_age(self, at: Timestamp, now: Timestamp) -> String {
        let age = at.age_at(now);
        if age < Duration::from_secs(60) { self.now() } else { self.ago(&span(self.locale(), age)) }
    }

    /// When something was last heard of.
    pub fn seen(self, at: Option<Timestamp>, now: Timestamp) -> String {
        at.map_or_else(|| self.never_seen(), |at| self.last_seen(&self.told_age(at, now)))
    }

    /// A mode of a thermostat.
    pub fn thermostat_mode(self, mode: ThermostatMode) -> String {
        match mode {
            ThermostatMode::Off => self.thermostat_off(),
            ThermostatMode::Auto => self.thermostat_auto(),
            ThermostatMode::Heat => self.thermostat_heat(),
            ThermostatMode::Cool => self.thermostat_cool(),
            ThermostatMode::FanOnly => self.thermostat_fan(),
            ThermostatMode::Dry => self.thermostat_dry(),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Language;

    use super::super::Locale;
    use super::*;

    fn english() -> Texts {
        Texts::of(Locale { language: Language::En, pseudo: false })
    }

    #[test]
    fn an_age_is_coarse() {
        let at = Timestamp(0);
        assert_eq!(english().told_age(at, Timestamp(59_000)), "just now");
        assert_eq!(english().told_age(at, Timestamp(7_300_000)), "2 hour ago");
        assert_eq!(english().told_age(Timestamp(5_000), Timestamp(0)), "just now");
    }

    #[test]
    fn offline_tells_for_how_long() {
        let long = Duration::from_secs(7_300);
        assert_eq!(english().cause(&Cause::NoAnswer, long), "Offline, 2 hour");
        assert_eq!(english().cause(&Cause::SaidGoodbye, Duration::ZERO), "Offline");
        assert_eq!(english().cause(&Cause::NeedsSecret, long), "Needs a password");
    }

    #[test]
    fn a_command_that_was_never_confirmed_is_told_apart() {
        let refused = FailReason::Refused("overheated".to_owned());
        assert_eq!(english().fail_reason(Some(&refused)), "refused: overheated");
        assert_eq!(english().fail_reason(None), "did not confirm in time");
    }
}
