//! Where the home stands, its clocks, and what reaches its rules from outside.

use api::{Answer, ApiError};
use model::{Broker, Change, Home, Moment, Place, Secret, Settings, Zone};

use super::invalid;
use crate::rules::{Calendar, is_known};
use crate::{Effect, Engine, Listening};

/// The longest name that a broker knows Hearth by, in bytes.
const LONGEST_USER: usize = 256;

impl Engine {
    pub(super) fn set_place(
        &mut self,
        place: Option<Place>,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        self.set_home(Home { place, ..self.home.clone() }, out)?;
        self.set_calendar(now, out);
        Ok(Answer::Done)
    }

    pub(super) fn set_zone(
        &mut self,
        zone: Option<Zone>,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if let Some(zone) = zone.as_ref().filter(|it| !is_known(it)) {
            return Err(invalid(format!("there is no time zone `{}`", zone.as_str())));
        }
        self.set_home(Home { zone, ..self.home.clone() }, out)?;
        self.set_calendar(now, out);
        Ok(Answer::Done)
    }

    /// Sets the home's clocks and sun by what is known of it.
    pub(crate) fn set_calendar(&mut self, now: Moment, out: &mut Vec<Effect>) {
        let zone = self.home.zone.as_ref().unwrap_or(&self.status.zone);
        let calendar = Calendar::new(zone, self.home.place);
        if self.calendar != calendar {
            self.calendar = calendar;
            self.rewire_rules(now, out);
        }
    }

    /// The broker's password is kept before its address is: it is connected to with both.
    pub(super) fn set_broker(
        &mut self,
        broker: Option<Broker>,
        secret: Option<Secret>,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        let user = broker.as_ref().and_then(|it| it.user.as_ref());
        if user.is_some_and(|it| it.is_empty() || it.len() > LONGEST_USER) {
            return Err(invalid(format!("a broker's user has 1 to {LONGEST_USER} bytes")));
        }
        if broker.is_none() && secret.is_some() {
            return Err(invalid("a password is for a broker"));
        }
        self.check_vault(secret.as_ref())?;
        self.keep_settings(Settings { broker, ..self.settings.clone() }, out);
        out.push(Effect::KeepBrokerSecret(secret));
        Ok(Answer::Done)
    }

    /// Replaces the settings, save the broker, which has a request of its own.
    pub(crate) fn set_settings(
        &mut self,
        settings: Settings,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if settings.webhooks == Some(0) {
            return Err(invalid("a port is 1 to 65535"));
        }
        if !(1..=366).contains(&settings.past.days) {
            return Err(invalid("the past is kept for 1 to 366 days"));
        }
        if !(10..=10_000).contains(&settings.past.megabytes) {
            return Err(invalid("the past is kept in 10 to 10,000 megabytes"));
        }
        let broker = self.settings.broker.clone();
        self.keep_settings(Settings { broker, ..settings }, out);
        Ok(Answer::Done)
    }

    fn keep_settings(&mut self, settings: Settings, out: &mut Vec<Effect>) {
        if self.settings != settings {
            self.settings = settings.clone();
            out.push(Effect::Persist(Change::Settings(settings.clone())));
            out.push(Effect::Publish(api::Update::Settings(settings)));
        }
        self.listen(out);
    }

    /// Has the hub listen for what rules wait for, where that has changed. To be asked after
    /// rules or settings have.
    pub(crate) fn listen(&mut self, out: &mut Vec<Effect>) {
        let (hooks, topics) = self.rules.listens_to();
        let (port, broker) = (self.settings.webhooks, self.settings.broker.clone());
        let listening = Listening { port, hooks, broker, topics };
        if self.household.listening != listening {
            self.household.listening = listening.clone();
            out.push(Effect::Listen(listening));
        }
    }
}
