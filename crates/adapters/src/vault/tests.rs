//! The vault with a passphrase, with a real keyring, and with none.

use std::process::Command;

use base64::Engine as _;
use proptest::prelude::*;

use super::*;

const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
const PLANTED: &str = "planted-S3cret!";

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn without_keyring(dir: &Path) -> Vault {
    Vault::open_at_cost(dir, Keyring::None, CHEAP)
}

fn unlocked(dir: &Path) -> Vault {
    let mut vault = without_keyring(dir);
    vault.unlock(&secret("correct horse")).unwrap();
    vault
}

#[test]
fn without_keyring_and_passphrase_nothing_can_be_sealed() {
    let dir = tempfile::tempdir().unwrap();
    let vault = without_keyring(dir.path());
    assert_eq!(vault.state(), VaultState::Absent);
    assert!(matches!(vault.seal("wled-a1", &secret("x")), Err(VaultError::Absent)));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_passphrase_opens_what_it_sealed() {
    let dir = tempfile::tempdir().unwrap();
    let vault = unlocked(dir.path());
    assert_eq!(vault.state(), VaultState::Passphrase);
    let sealed = vault.seal("wled-a1", &secret(PLANTED)).unwrap();

    let mut again = without_keyring(dir.path());
    assert_eq!(again.state(), VaultState::Locked);
    assert!(matches!(again.reveal("wled-a1", &sealed), Err(VaultError::Locked)));
    let wrong = again.unlock(&secret("correct hors")).unwrap_err();
    assert!(matches!(wrong, VaultError::WrongPassphrase));
    assert_eq!(wrong.to_string(), "the passphrase is wrong");
    assert_eq!(again.state(), VaultState::Locked);
    again.unlock(&secret("correct horse")).unwrap();
    assert_eq!(again.reveal("wled-a1", &sealed).unwrap(), secret(PLANTED));
}

#[test]
fn a_new_passphrase_has_at_least_eight_characters() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = without_keyring(dir.path());
    assert!(matches!(vault.unlock(&secret("ÄÖÜäöü7")), Err(VaultError::TooShort)));
    assert_eq!(vault.state(), VaultState::Absent);
    vault.unlock(&secret("ÄÖÜäöü78")).unwrap();
}

#[test]
fn a_secret_opens_for_its_own_device_only() {
    let dir = tempfile::tempdir().unwrap();
    let vault = unlocked(dir.path());
    let sealed = vault.seal("wled-a1", &secret(PLANTED)).unwrap();
    assert!(matches!(vault.reveal("wled-a2", &sealed), Err(VaultError::Unreadable)));
    let other = tempfile::tempdir().unwrap();
    let other = unlocked(other.path());
    assert!(matches!(other.reveal("wled-a1", &sealed), Err(VaultError::Unreadable)));
}

#[test]
fn the_same_secret_never_looks_the_same_twice() {
    let dir = tempfile::tempdir().unwrap();
    let vault = unlocked(dir.path());
    let seal = || vault.seal("wled-a1", &secret(PLANTED)).unwrap();
    assert_ne!(seal(), seal());
    assert_eq!(seal().len(), 1 + 24 + PLANTED.len() + 16);
}

#[test]
fn any_flipped_bit_and_any_cut_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let vault = unlocked(dir.path());
    let sealed = vault.seal("wled-a1", &secret(PLANTED)).unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut damaged = sealed.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(vault.reveal("wled-a1", &damaged), Err(VaultError::Unreadable)), "{bit}");
    }
    for length in 0..sealed.len() {
        assert!(vault.reveal("wled-a1", &sealed[..length]).is_err(), "{length}");
    }
}

#[test]
fn a_weaker_file_is_made_stronger_when_it_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    let sealed = unlocked(dir.path()).seal("wled-a1", &secret(PLANTED)).unwrap();
    let dearer = Cost { passes: 3, ..CHEAP };
    let mut vault = Vault::open_at_cost(dir.path(), Keyring::None, dearer);
    vault.unlock(&secret("correct horse")).unwrap();
    let text = std::fs::read_to_string(dir.path().join("secrets.key")).unwrap();
    assert!(text.contains("\"passes\": 3"), "{text}");
    let mut again = without_keyring(dir.path());
    again.unlock(&secret("correct horse")).unwrap();
    assert_eq!(again.reveal("wled-a1", &sealed).unwrap(), secret(PLANTED));
}

#[test]
fn the_usual_cost_works_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = Vault::open(dir.path(), Keyring::None);
    vault.unlock(&secret("correct horse")).unwrap();
    let (key, cost) = file::open(dir.path(), &secret("correct horse")).unwrap();
    assert_eq!((Some(key), cost), (vault.key, Cost::default()));
}

#[test]
fn a_damaged_or_hostile_file_is_an_error_and_is_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    drop(unlocked(dir.path()));
    let path = dir.path().join("secrets.key");
    let good = std::fs::read_to_string(&path).unwrap();
    for bad in [
        String::new(),
        "{}".to_owned(),
        good.replace("\"version\": 1", "\"version\": 2"),
        good.replace("\"memory_kib\": 64", "\"memory_kib\": 4294967295"),
        good.replace("\"passes\": 1", "\"passes\": 0"),
        good.replace("\"lanes\": 1", "\"lanes\": 16000000"),
        good.replace("\"salt\": \"", "\"salt\": \"!"),
        good.replace("\"nonce\": \"", "\"nonce\": \"AAAA"),
        "x".repeat(10_000_000),
    ] {
        std::fs::write(&path, &bad).unwrap();
        let mut vault = without_keyring(dir.path());
        let error = vault.unlock(&secret("correct horse")).unwrap_err();
        assert!(matches!(error, VaultError::DamagedFile(_)), "{error}");
        assert!(matches!(vault.start_anew(&secret("correct horse")), Err(VaultError::Locked)));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), bad);
    }
    std::fs::write(&path, good.replace("\"passes\": 1", "\"passes\": 2")).unwrap();
    let error = without_keyring(dir.path()).unlock(&secret("correct horse")).unwrap_err();
    assert!(matches!(error, VaultError::WrongPassphrase), "the parameters are bound in");
}

#[cfg(unix)]
#[test]
fn the_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    drop(unlocked(dir.path()));
    file::home_id(dir.path()).unwrap();
    file::note_given_to_keyring(dir.path()).unwrap();
    let mut count = 0;
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let metadata = entry.unwrap().metadata().unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        count += 1;
    }
    assert_eq!(count, 3);
}

#[test]
fn nothing_prints_a_key_or_a_secret() {
    let dir = tempfile::tempdir().unwrap();
    let vault = unlocked(dir.path());
    assert_eq!(format!("{vault:?}"), "Vault { state: Passphrase, .. }");
}

/// The ways in which a secret could stand in a file after all.
fn disguises(secret: &[u8]) -> Vec<Vec<u8>> {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut all = vec![secret.to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
    // Base64 of the same bytes at each of the three places where they can begin.
    for before in 0..3 {
        let padded = [&vec![0; before][..], secret].concat();
        let text = base64::engine::general_purpose::STANDARD_NO_PAD.encode(padded);
        let (from, to) = ((before * 8).div_ceil(6), text.len() - 1);
        all.push(text.as_bytes()[from..to].to_vec());
    }
    all
}

fn assert_nowhere(dir: &Path, secrets: &[&[u8]]) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for disguise in secrets.iter().flat_map(|secret| disguises(secret)) {
            let found = bytes.windows(disguise.len()).any(|window| window == disguise);
            assert!(!found, "{} in {}", String::from_utf8_lossy(&disguise), path.display());
        }
    }
}

#[test]
fn neither_secret_nor_passphrase_nor_key_is_in_any_file() {
    let dir = tempfile::tempdir().unwrap();
    let vault = unlocked(dir.path());
    let sealed = vault.seal("wled-a1", &secret(PLANTED)).unwrap();
    std::fs::write(dir.path().join("as-the-store-has-it"), sealed).unwrap();
    let key = vault.key.as_ref().unwrap();
    assert_nowhere(dir.path(), &[PLANTED.as_bytes(), b"correct horse", &key[..]]);
    std::fs::write(dir.path().join("planted"), format!("..{PLANTED}..")).unwrap();
    let found = std::panic::catch_unwind(|| assert_nowhere(dir.path(), &[PLANTED.as_bytes()]));
    assert!(found.is_err(), "the search finds what is there");
}

proptest! {
    #[test]
    fn whatever_is_sealed_comes_back(text in "\\PC{0,200}", about in "[a-z0-9-]{1,64}") {
        let vault = Vault {
            dir: PathBuf::new(),
            keyring: Keyring::None,
            state: VaultState::Passphrase,
            key: Some(Zeroizing::new([7; 32])),
            cost: CHEAP,
        };
        let sealed = vault.seal(&about, &secret(&text)).unwrap();
        prop_assert_eq!(vault.reveal(&about, &sealed).unwrap(), secret(&text));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let vault = Vault {
            dir: PathBuf::new(),
            keyring: Keyring::None,
            state: VaultState::Passphrase,
            key: Some(Zeroizing::new([7; 32])),
            cost: CHEAP,
        };
        prop_assert!(vault.reveal("wled-a1", &bytes).is_err());
    }
}

// With a keyring. Each test runs a child of this very program inside a session bus of its own.

const PLAY: &str = "HEARTH_KEYRING_PLAY";
const PLACE: &str = "HEARTH_KEYRING_HOME";

/// Runs `child_with_a_keyring` several times in one session, as `script` says; `play NAME` runs it.
fn in_a_session(script: &str) {
    let place = tempfile::tempdir().unwrap();
    let runtime = place.path().join("runtime");
    for dir in [&runtime, &place.path().join("home")] {
        std::fs::create_dir(dir).unwrap();
    }
    let prelude = r#"
        play() { HEARTH_KEYRING_PLAY="$1" "$0" --exact vault::tests::child_with_a_keyring --nocapture || exit 1; }
        unlocked() { printf testpass | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1; here; }
        locked() { gnome-keyring-daemon --start --components=secrets --daemonize >/dev/null 2>&1; here; }
        here() { for i in $(seq 100); do pid >/dev/null && return; sleep 0.05; done; echo "no keyring came up"; exit 1; }
        pid() { dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets 2>/dev/null | sed -n 's/.*uint32 //p' | grep .; }
        gone() { P=$(pid) && kill $P; for i in $(seq 100); do kill -0 $P 2>/dev/null || return; sleep 0.05; done; }
        trap 'P=$(pid) && kill $P' EXIT
    "#;
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", &format!("{prelude}\n{script}")])
        .arg(std::env::current_exe().unwrap())
        .env("HOME", place.path())
        .env("XDG_DATA_HOME", place.path().join("share"))
        .env("XDG_RUNTIME_DIR", &runtime)
        .env(PLACE, place.path().join("home"))
        .env_remove("DISPLAY")
        .output();
    let has_daemon = Command::new("gnome-keyring-daemon").arg("--version").output().is_ok();
    match output {
        Ok(output) if has_daemon => {
            let words = String::from_utf8_lossy(&output.stdout).into_owned()
                + &String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{words}");
            println!("{words}");
        }
        _ => eprintln!("SKIPPED: dbus-run-session or gnome-keyring-daemon is not installed"),
    }
}

#[test]
fn child_with_a_keyring() {
    let (Ok(play), Ok(place)) = (std::env::var(PLAY), std::env::var(PLACE)) else { return };
    let dir = Path::new(&place);
    let mut vault = Vault::open_at_cost(dir, Keyring::System, CHEAP);
    let sealed = dir.join("sealed");
    match play.as_str() {
        "first" => {
            assert_eq!(vault.state(), VaultState::Keyring);
            std::fs::write(sealed, vault.seal("wled-a1", &secret(PLANTED)).unwrap()).unwrap();
            let key = vault.key.as_ref().unwrap();
            assert_nowhere(dir, &[PLANTED.as_bytes(), &key[..]]);
            assert!(!dir.join("secrets.key").exists());
        }
        "again" => {
            assert_eq!(vault.state(), VaultState::Keyring);
            let revealed = vault.reveal("wled-a1", &std::fs::read(sealed).unwrap()).unwrap();
            assert_eq!(revealed, secret(PLANTED));
        }
        "out of reach" => {
            assert_eq!(vault.state(), VaultState::Locked);
            let error = vault.unlock(&secret("correct horse")).unwrap_err();
            println!("{error}");
            assert!(matches!(error, VaultError::KeyringUnavailable(_)), "{error}");
            assert!(!dir.join("secrets.key").exists(), "no second key is made");
        }
        "never there" => {
            assert_eq!(vault.state(), VaultState::Absent);
            vault.unlock(&secret("correct horse")).unwrap();
            assert_eq!(vault.state(), VaultState::Passphrase);
        }
        "still the passphrase's" => {
            assert_eq!(vault.state(), VaultState::Locked);
            vault.unlock(&secret("correct horse")).unwrap();
            assert_eq!(vault.state(), VaultState::Passphrase);
        }
        "another home" => {
            let other = dir.join("other");
            std::fs::create_dir(&other).unwrap();
            let other = Vault::open_at_cost(&other, Keyring::System, CHEAP);
            assert_eq!(other.state(), VaultState::Keyring);
            assert_ne!(other.key, vault.key);
        }
        "emptied" => {
            assert_eq!(vault.state(), VaultState::Absent);
            assert!(matches!(vault.seal("wled-a1", &secret("x")), Err(VaultError::Absent)));
        }
        other => panic!("there is no play `{other}`"),
    }
}

#[test]
fn the_key_is_in_the_keyring_and_comes_back_after_its_restart() {
    in_a_session("unlocked; play first; play again; gone; unlocked; play again");
}

#[test]
fn a_locked_keyring_is_not_a_missing_key() {
    in_a_session(
        "unlocked; play first; gone; locked; play 'out of reach'; gone; unlocked; play again",
    );
}

#[test]
fn a_keyring_that_hangs_is_waited_for_but_not_for_ever() {
    in_a_session(
        "unlocked; play first; P=$(pid); kill -STOP $P; play 'out of reach'; kill -CONT $P; play again",
    );
}

#[test]
fn a_missing_keyring_is_not_a_missing_key() {
    in_a_session("unlocked; play first; gone; unset DBUS_SESSION_BUS_ADDRESS; play 'out of reach'");
}

#[test]
fn where_there_never_was_a_keyring_a_passphrase_does_and_stays() {
    in_a_session(
        "B=$DBUS_SESSION_BUS_ADDRESS; unset DBUS_SESSION_BUS_ADDRESS; play 'never there';
         export DBUS_SESSION_BUS_ADDRESS=$B; unlocked; play 'still the passphrase'\\''s'",
    );
}

#[test]
fn two_homes_have_two_keys() {
    in_a_session("unlocked; play first; play 'another home'; play again");
}

#[test]
fn a_keyring_that_lost_the_key_leaves_the_vault_without_one() {
    in_a_session("unlocked; play first; gone; rm -r \"$XDG_DATA_HOME\"; unlocked; play emptied");
}
