"""Talks to a WLED device with python-wled, which nobody here wrote.

Reads it, sets brightness, colour and effect, and waits for the device to push what it did (or
reads it again, where the device has no WebSocket). Prints one JSON line. Exit codes: 0 well,
1 something else than expected, 3 no answer.

    wled_client.py HOST PORT

python-wled always goes to port 80 of its host; here a resolver leads it to the port that is meant.
"""

import argparse
import asyncio
import json
import socket
import sys

import aiohttp
from aiohttp.abc import AbstractResolver
from wled import WLED
from wled.exceptions import WLEDConnectionError, WLEDError

PATIENCE = 10.0


class Elsewhere(AbstractResolver):
    """Says that every host is at one address and port."""

    def __init__(self, host, port):
        self._place = {
            "hostname": "wled.test",
            "host": host,
            "port": port,
            "family": socket.AF_INET6 if ":" in host else socket.AF_INET,
            "proto": socket.IPPROTO_TCP,
            "flags": socket.AI_NUMERICHOST,
        }

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC):
        return [self._place]

    async def close(self):
        pass


async def talk(arguments):
    resolver = Elsewhere(arguments.host, arguments.port)
    connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False)
    async with aiohttp.ClientSession(connector=connector) as session:
        wled = WLED("wled.test", session=session)
        device = await wled.update()
        pushes = asyncio.Queue()
        listening = None
        if device.info.websocket is not None:
            await wled.connect()
            listening = asyncio.create_task(
                wled.listen(callback=lambda it: pushes.put_nowait(it.state.brightness))
            )
            await asyncio.wait_for(pushes.get(), PATIENCE)
        wanted = 77 if device.state.brightness != 77 else 78
        await wled.master(on=True, brightness=wanted)
        await wled.segment(0, color_primary=(10, 200, 30), effect="Rainbow", palette="Ocean")
        pushed = None
        if listening:
            async with asyncio.timeout(PATIENCE):
                while pushed != wanted:
                    pushed = await pushes.get()
            listening.cancel()
        device = await wled.update()
        segment = device.state.segments[0]
        said = {
            "ok": device.state.brightness == wanted
            and segment.effect_id == 9
            and list(segment.color.primary)[:3] == [10, 200, 30],
            "mac": device.info.mac_address,
            "name": device.info.name,
            "version": str(device.info.version),
            "effects": len(device.effects),
            "palettes": len(device.palettes),
            "presets": len(device.presets),
            "segments": len(device.state.segments),
            "on": device.state.on,
            "brightness": device.state.brightness,
            "pushed": pushed,
            "websocket": device.info.websocket is not None,
        }
        await wled.close()
        return said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    try:
        said = asyncio.run(talk(parser.parse_args()))
        print(json.dumps(said))
        return 0 if said["ok"] else 1
    except (WLEDConnectionError, TimeoutError) as error:
        print(json.dumps({"ok": False, "error": "no answer", "words": repr(error)}))
        return 3
    except (WLEDError, Exception) as error:  # noqa: BLE001: said, and the exit code tells
        print(json.dumps({"ok": False, "error": "other", "words": repr(error)}))
        return 1


if __name__ == "__main__":
    sys.exit(main())
