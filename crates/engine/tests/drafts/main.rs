//! Drafts and files of rules, as clients ask for them: looked at, rehearsed, handed out, taken in.

#[cfg(test)]
mod examine;
#[cfg(test)]
mod files;
#[cfg(test)]
mod home;
#[cfg(test)]
mod rehearse;
