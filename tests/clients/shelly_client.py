"""Talks to a Shelly Gen2+ device with aioshelly, which nobody here wrote.

Reads it, switches its first output, waits for the device to push what it did, and prints one JSON
line. Exit codes: 0 well, 1 something else than expected, 2 the password was refused, 3 no answer.

    shelly_client.py HOST PORT [--password PASSWORD] [--press]

With --press it switches nothing, and waits for a pushed event instead (somebody else presses).
"""

import argparse
import asyncio
import json
import sys

import aiohttp
from aioshelly.common import ConnectionOptions, get_info
from aioshelly.exceptions import DeviceConnectionError, InvalidAuthError
from aioshelly.rpc_device import RpcDevice, RpcUpdateType, WsServer

PATIENCE = 10.0


def output_of(status):
    """The first output: its key, and what it says."""
    for kind in ("switch", "light", "cover"):
        if f"{kind}:0" in status:
            return f"{kind}:0", status[f"{kind}:0"]
    raise KeyError("no output")


async def change(device, key):
    """Asks for the other state; says what was asked for and how to see that it is so."""
    _, now = output_of(device.status)
    if key == "cover:0":
        opens = now["current_pos"] < 50
        await device.call_rpc("Cover.Open" if opens else "Cover.Close", {"id": 0})
        wanted = "opening" if opens else "closing"
        return wanted, lambda part: part["state"] == wanted
    wanted = not now["output"]
    if key == "light:0":
        await device.call_rpc("Light.Set", {"id": 0, "on": wanted, "brightness": 40})
    else:
        await device.call_rpc("Switch.Set", {"id": 0, "on": wanted})
    return wanted, lambda part: part["output"] is wanted


async def talk(arguments):
    async with aiohttp.ClientSession() as session:
        info = await get_info(session, arguments.host, port=arguments.port)
        user = "admin" if arguments.password else None
        options = ConnectionOptions(
            arguments.host, user, arguments.password, port=arguments.port
        )
        device = await RpcDevice.create(session, WsServer(), options)
        await device.initialize()
        pushed = asyncio.Event()
        kinds = []
        check = [lambda _: False]

        def on_update(_, kind):
            kinds.append(kind.name)
            if arguments.press:
                if kind is RpcUpdateType.EVENT:
                    pushed.set()
            elif check[0](device.status[key]):
                pushed.set()

        key, _ = output_of(device.status)
        device.subscribe_updates(on_update)
        wanted = None
        if arguments.press:
            print(json.dumps({"waiting": True}), flush=True)
        else:
            wanted, check[0] = await change(device, key)
            if check[0](device.status[key]):
                pushed.set()
        await asyncio.wait_for(pushed.wait(), PATIENCE)
        event = (device.event or {}).get("events")
        said = {
            "ok": True,
            "mac": info["mac"],
            "model": device.model,
            "gen": device.gen,
            "version": device.firmware_version,
            "name": device.name,
            "auth": info["auth_en"],
            "output": key,
            "wanted": wanted,
            "status": device.status[key],
            "components": sorted(device.status),
            "updates": kinds,
            "events": event,
        }
        await device.shutdown()
        return said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--password")
    parser.add_argument("--press", action="store_true")
    try:
        print(json.dumps(asyncio.run(talk(parser.parse_args()))))
        return 0
    except InvalidAuthError as error:
        print(json.dumps({"ok": False, "error": "auth", "words": str(error)}))
        return 2
    except (DeviceConnectionError, TimeoutError, aiohttp.ClientError) as error:
        print(json.dumps({"ok": False, "error": "no answer", "words": repr(error)}))
        return 3
    except Exception as error:  # noqa: BLE001: whatever it is, it is said and the exit code tells
        print(json.dumps({"ok": False, "error": "other", "words": repr(error)}))
        return 1


if __name__ == "__main__":
    sys.exit(main())
