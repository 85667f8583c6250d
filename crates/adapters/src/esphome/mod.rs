//! Driver of ESPHome devices: the native API over TCP. What is said is `protocols::esphome`'s
//! business; this holds the socket, the patience and the commands that are not confirmed yet.

mod conversation;
mod flight;

use std::time::Duration;

use model::{Address, Cause, Command, FailReason, ProbeFailure, Probed, Progress, Report, Secret};
use protocols::esphome::Event;
use tokio::time::{sleep, timeout};

use self::conversation::{Conversation, Loss};
use self::flight::Flight;
use crate::{Link, Order};

/// From the connection to the last entity of the list. A weak ESP8266 takes seconds.
const INTRODUCTION: Duration = Duration::from_secs(15);
/// After that long a silence, a sign of life is asked for.
const SILENCE: Duration = Duration::from_secs(30);
/// How long it may take.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// One connection to an ESPHome device.
pub(crate) async fn drive(mut link: Link<'_>) -> Cause {
    let stop = link.stop.clone();
    let opened = tokio::select! {
        opened = introduce(&link) => opened,
        () = stop.cancelled() => return Cause::NoAnswer,
    };
    let mut conversation = match opened {
        Ok(conversation) => conversation,
        Err(loss) => return loss.cause(),
    };
    let mut flight = Flight::default();
    let loss = converse(&mut link, &mut conversation, &mut flight).await;
    for id in flight.take_all() {
        let failed = Progress::Failed(FailReason::ConnectionLost);
        if report(&link, Report::Progress(id, failed)).await.is_err() {
            break;
        }
    }
    loss.cause()
}

/// Asks who answers.
pub(crate) async fn probe(
    address: &Address,
    secret: Option<&Secret>,
) -> Result<Probed, ProbeFailure> {
    let mut conversation =
        Conversation::open(address, None, secret).await.map_err(Loss::probe_failure)?;
    let description = timeout(INTRODUCTION, who_is_there(&mut conversation, address)).await;
    let probed = match description {
        Ok(Ok(probed)) => Ok(probed),
        // Somebody listened and did not talk: that is no absence.
        Ok(Err(Loss::Silence)) | Err(_) => {
            Err(ProbeFailure::NotADevice("it does not answer as ESPHome does".to_owned()))
        }
        Ok(Err(loss)) => Err(loss.probe_failure()),
    };
    conversation.say_goodbye().await;
    probed
}

async fn who_is_there(conversation: &mut Conversation, address: &Address) -> Result<Probed, Loss> {
    let mut device = None;
    loop {
        for event in conversation.hear().await? {
            match event {
                Event::Identified(found) => device = Some(found),
                Event::Described(description) => {
                    let device = device.ok_or(Loss::Silence)?;
                    let family = model::Family::Esphome;
                    return Ok(Probed { device, family, address: address.clone(), description });
                }
                Event::TimeWanted => conversation.tell_time().await?,
                Event::Values(..) => {}
            }
        }
    }
}

/// Connects, and listens until the device has described itself.
async fn introduce(link: &Link<'_>) -> Result<Conversation, Loss> {
    let expected = Some(link.device.clone());
    let mut conversation =
        Conversation::open(&link.address, expected, link.secret.as_ref()).await?;
    let introduction = async {
        while !conversation.is_open() {
            listen(link, &mut conversation, &mut Flight::default()).await?;
        }
        Ok::<(), Loss>(())
    };
    timeout(INTRODUCTION, introduction).await.map_err(|_| Loss::Silence)??;
    Ok(conversation)
}

/// Everything after the introduction, to the end of the connection.
async fn converse(
    link: &mut Link<'_>,
    conversation: &mut Conversation,
    flight: &mut Flight,
) -> Loss {
    let stop = link.stop.clone();
    let silence = sleep(SILENCE);
    tokio::pin!(silence);
    let mut asked_for_life = false;
    loop {
        let step = tokio::select! {
            () = stop.cancelled() => {
                conversation.say_goodbye().await;
                return Loss::Silence;
            }
            heard = conversation.readable() => {
                silence.set(sleep(SILENCE));
                asked_for_life = false;
                match heard {
                    Ok(()) => listen(link, conversation, flight).await,
                    Err(loss) => Err(loss),
                }
            }
            order = link.orders.recv() => match order {
                Some(order) => obey(link, conversation, flight, order).await,
                None => Err(Loss::Silence),
            },
            () = &mut silence => {
                if asked_for_life {
                    return Loss::Silence;
                }
                asked_for_life = true;
                silence.set(sleep(SIGN_OF_LIFE));
                conversation.ping().await
            }
        };
        if let Err(loss) = step {
            return loss;
        }
    }
}

/// Takes what has arrived and reports what came of it.
async fn listen(
    link: &Link<'_>,
    conversation: &mut Conversation,
    flight: &mut Flight,
) -> Result<(), Loss> {
    for event in conversation.hear().await? {
        match event {
            Event::Identified(_) => report(link, Report::Reached(link.address.clone())).await?,
            Event::Described(description) => report(link, Report::Described(description)).await?,
            Event::Values(source, values) => {
                flight.see(&values);
                report(link, Report::Values(source, values)).await?;
            }
            Event::TimeWanted => conversation.tell_time().await?,
        }
    }
    conversation.ending()
}

async fn obey(
    link: &Link<'_>,
    conversation: &mut Conversation,
    flight: &mut Flight,
    order: Order,
) -> Result<(), Loss> {
    match order {
        Order::Refresh => conversation.refresh().await,
        Order::Command(command) => send(link, conversation, flight, command).await,
    }
}

/// Sends a command. Devices never answer to one; what has no state to report counts as understood
/// once it is sent.
async fn send(
    link: &Link<'_>,
    conversation: &mut Conversation,
    flight: &mut Flight,
    command: Command,
) -> Result<(), Loss> {
    let Command { id, endpoint, action, transition, .. } = command;
    let sent = conversation.command(&endpoint.key, &action, transition).await;
    let progress = match &sent {
        Ok(Ok(())) => Progress::Sent,
        Ok(Err(unsupported)) => Progress::Failed(FailReason::Refused(unsupported.to_string())),
        Err(_) => Progress::Failed(FailReason::ConnectionLost),
    };
    let is_sent = progress == Progress::Sent;
    report(link, Report::Progress(id.clone(), progress)).await?;
    if is_sent && action == model::Action::Press {
        report(link, Report::Progress(id, Progress::Acknowledged)).await?;
    } else if is_sent {
        flight.add(id, endpoint.key, action);
    }
    sent.map(|_| ())
}

/// Reports; when nobody receives reports any more, that is the end.
async fn report(link: &Link<'_>, report: Report) -> Result<(), Loss> {
    link.reports.send((link.device.clone(), report)).await.map_err(|_| Loss::Silence)
}

#[cfg(test)]
mod tests;
