//! The engine on virtual time: what goes in, what comes out, and what must always stand.

#[cfg(test)]
mod brief;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod discovery;
#[cfg(test)]
mod home;
#[cfg(test)]
mod household;
#[cfg(test)]
mod inputs;
#[cfg(test)]
mod people;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod scenes;
#[cfg(test)]
mod start;
#[cfg(test)]
mod uses;
#[cfg(test)]
mod values;
