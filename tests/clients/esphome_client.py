"""Talks to an ESPHome device with aioesphomeapi, which nobody here wrote.

Reads who it is, what it has and what it says; then asks one entity for something else than it is
(the first switch, light, number, select, cover or lock that it has) and waits for the device to
push that it did. Prints one JSON line. Exit codes: 0 well, 1 something else than expected, 2 key
refused or missing, 3 no answer.

    esphome_client.py HOST PORT [--key BASE64]
"""

import argparse
import asyncio
import json
import math
import sys

from aioesphomeapi import APIClient, APIConnectionError, LockCommand, LockState
from aioesphomeapi.core import InvalidEncryptionKeyAPIError, RequiresEncryptionAPIError

PATIENCE = 10.0


def wishes(client, entity, state):
    """A wish that changes the entity, and how to see that it came true."""
    kind = type(entity).__name__.removesuffix("Info")
    if kind == "Switch":
        return (
            lambda: client.switch_command(entity.key, not state.state),
            lambda now: now.state is not state.state,
        )
    if kind == "Light":
        return (
            lambda: client.light_command(entity.key, state=True, rgb=(1.0, 0.5, 0.0)),
            lambda now: now.state and (now.red, now.green, now.blue) == (1.0, 0.5, 0.0),
        )
    if kind == "Number":
        wanted = entity.max_value if state.state != entity.max_value else entity.min_value
        return (
            lambda: client.number_command(entity.key, wanted),
            lambda now: math.isclose(now.state, wanted),
        )
    if kind == "Select":
        wanted = next(it for it in entity.options if it != state.state)
        return (
            lambda: client.select_command(entity.key, wanted),
            lambda now: now.state == wanted,
        )
    if kind == "Cover":
        wanted = 0.4 if abs(state.position - 0.4) > 0.05 else 0.6
        return (
            lambda: client.cover_command(entity.key, position=wanted),
            lambda now: abs(now.position - wanted) < 0.01,
        )
    if kind == "Lock":
        locked = state.state == LockState.LOCKED
        command = LockCommand.UNLOCK if locked else LockCommand.LOCK
        wanted = LockState.UNLOCKED if locked else LockState.LOCKED
        return (
            lambda: client.lock_command(entity.key, command),
            lambda now: now.state == wanted,
        )
    if kind == "Climate":
        wanted = 23.5 if state.target_temperature != 23.5 else 18.5
        return (
            lambda: client.climate_command(entity.key, target_temperature=wanted),
            lambda now: now.target_temperature == wanted,
        )
    return None


async def first_states(states, wanted):
    """The states of all entities that have one."""
    found = {}
    async with asyncio.timeout(PATIENCE):
        while len(found) < wanted:
            state = await states.get()
            found[(type(state).__name__, state.key)] = state
    return found


async def ask(client, entities, found, states):
    """Asks the first entity that can be asked; tells which it was, and whether it obeyed."""
    for entity in entities:
        kind = type(entity).__name__.removesuffix("Info")
        # aioesphomeapi calls a lock's state an entity state.
        names = (f"{kind}State", f"{kind}EntityState")
        state = next((found[it, entity.key] for it in names if (it, entity.key) in found), None)
        wish = state and wishes(client, entity, state)
        if not wish:
            continue
        command, came_true = wish
        command()
        async with asyncio.timeout(PATIENCE):
            while True:
                now = await states.get()
                if (type(now), now.key) == (type(state), entity.key) and came_true(now):
                    return entity.object_id
    return None


async def talk(arguments):
    client = APIClient(arguments.host, arguments.port, None, noise_psk=arguments.key)
    await client.connect(login=True)
    try:
        info = await client.device_info()
        entities, _services = await client.list_entities_services()
        states = asyncio.Queue()
        client.subscribe_states(states.put_nowait)
        stateful = [it for it in entities if type(it).__name__ != "ButtonInfo"]
        found = await first_states(states, len(stateful))
        asked = await ask(client, entities, found, states)
        return {
            "ok": bool(info.mac_address) and bool(entities),
            "mac": info.mac_address,
            "name": info.friendly_name,
            "version": info.esphome_version,
            "encrypted": arguments.key is not None,
            "entities": {it.object_id: type(it).__name__.removesuffix("Info") for it in entities},
            "states": len(found),
            "obeyed": asked,
        }
    finally:
        await client.disconnect()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--key")
    try:
        said = asyncio.run(asyncio.wait_for(talk(parser.parse_args()), 3 * PATIENCE))
        print(json.dumps(said))
        return 0 if said["ok"] else 1
    except (InvalidEncryptionKeyAPIError, RequiresEncryptionAPIError) as error:
        print(json.dumps({"ok": False, "error": "key", "words": repr(error)}))
        return 2
    except (APIConnectionError, TimeoutError) as error:
        print(json.dumps({"ok": False, "error": "no answer", "words": repr(error)}))
        return 3
    except Exception as error:  # noqa: BLE001: said, and the exit code tells
        print(json.dumps({"ok": False, "error": "other", "words": repr(error)}))
        return 1


if __name__ == "__main__":
    sys.exit(main())
