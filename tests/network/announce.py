"""Announces one service by mDNS with python-zeroconf until it is killed.

usage: announce.py TYPE INSTANCE PORT ADDRESS [KEY=VALUE ...]
"""

import json
import socket
import sys
import time

from zeroconf import ServiceInfo, Zeroconf

kind, instance, port, address, *texts = sys.argv[1:]
kind = f"{kind}.local."
zeroconf = Zeroconf(interfaces=[address])
zeroconf.register_service(
    ServiceInfo(
        kind,
        f"{instance}.{kind}",
        addresses=[socket.inet_aton(address)],
        port=int(port),
        properties=dict(text.split("=", 1) for text in texts),
        server=f"{instance}.local.",
    )
)
print(json.dumps({"announced": instance}), flush=True)
while True:
    time.sleep(3600)
