"""Announces very many devices from one host, as fast as the network takes them.

usage: flood.py ADDRESS COUNT
"""

import socket
import struct
import sys

GROUP = ("224.0.0.251", 5353)
PTR, A, TXT, SRV = 12, 1, 16, 33
TTL = 120


def name(*labels):
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


def record(owner, kind, data, unique=True):
    flags = 0x8001 if unique else 1
    return owner + struct.pack("!HHIH", kind, flags, TTL, len(data)) + data


def announcement(number, address):
    service = ("_shelly", "_tcp", "local")
    instance = f"shellyflood-{number:012x}"
    owner, host = name(instance, *service), name(instance, "local")
    records = [
        record(name(*service), PTR, owner, unique=False),
        record(owner, SRV, struct.pack("!HHH", 0, 0, 80) + host),
        record(owner, TXT, bytes([5]) + b"gen=2"),
        record(host, A, socket.inet_aton(address)),
    ]
    return struct.pack("!HHHHHH", 0, 0x8400, 0, len(records), 0, 0) + b"".join(records)


address, count = sys.argv[1], int(sys.argv[2])
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
out.bind((address, 5353))
out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
for number in range(count):
    out.sendto(announcement(number, address), GROUP)
