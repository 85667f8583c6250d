#!/usr/bin/env bash
# Builds the test rig: ESPHome's own firmware for its `host` platform, as an ordinary program.
# Prints the path of the program as the last line of stdout; builds only what is not in the cache.
#
#   usage: build.sh [DEVICE.yaml]
#
# `esphome compile` would fetch a toolchain from PlatformIO; a compiler is all that this platform
# needs, so ESPHome only generates the C++ here, and g++ does the rest (about a minute of CPU).
#
#   ESPHOME   the esphome program; by default the one in Hearth's own Python environment
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
yaml=$(realpath "${1:-$here/device.yaml}")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hearth
esphome=${ESPHOME:-$cache/venv/bin/esphome}

if ! version=$("$esphome" version 2>/dev/null); then
    echo "build.sh: no ESPHome at $esphome (pip install esphome, or set ESPHOME)" >&2
    exit 3
fi
key=$(cat "$yaml" "$0" <(echo "$version") <(g++ -dumpfullversion -dumpmachine) | sha256sum | cut -c1-16)
program=$cache/esphome-host/$key/device
if [[ -x $program ]]; then
    echo "$program"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$yaml" "$work/device.yaml"
(cd "$work" && "$esphome" compile --only-generate device.yaml) >&2
source=$(echo "$work"/.esphome/build/*/src)

options=(-std=gnu++20 -O1 -w -fno-exceptions -I "$source"
    -D USE_HOST -D HAVE_INLINE_ASM=1 -D HAVE_WEAK_SYMBOLS=1
    -D ESPHOME_LOG_LEVEL=ESPHOME_LOG_LEVEL_INFO)
compile() {
    g++ "${options[@]}" -c "$1" -o "$work/$(md5sum <<<"$1" | cut -c1-32).o"
}
export -f compile
# An array cannot be exported: hand its words over one a line.
OPTIONS=$(printf '%s\n' "${options[@]}") work=$work \
    xargs -0 -P "$(nproc)" -n 1 nice -n 10 \
    bash -c 'mapfile -t options <<<"$OPTIONS"; compile "$1"' _ \
    < <(find "$source" -name '*.cpp' -print0)

mkdir -p "$(dirname "$program")"
g++ "$work"/*.o -lpthread -o "$work/device"
# Moved into place in one step, so that a build cut short leaves nothing that looks finished.
mv "$work/device" "$program.$$" && mv "$program.$$" "$program"
echo "$program"
