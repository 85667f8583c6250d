//! Lists every command, so that each has a permission of its own and none is open by default.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&["request", "subscribe"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
