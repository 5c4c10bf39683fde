"""Connections that end without an answer."""

from __future__ import annotations

import os
import socket
import struct
import threading

LONGEST_SILENCE = 120.0
"""Seconds after which a held connection is dropped even if the client still waits."""

_LOOKS_EVERY = 0.05


class Dropped(ConnectionError):
    """The server ends the connection quietly; it logs no error for this."""


def hold(connection: socket.socket, closing: threading.Event) -> None:
    """Says nothing until the client gives up, the server closes, or it has lasted too long."""
    connection.settimeout(_LOOKS_EVERY)
    for _ in range(int(LONGEST_SILENCE / _LOOKS_EVERY)):
        if closing.is_set():
            return
        try:
            if connection.recv(1, socket.MSG_PEEK) == b"":
                return
        except TimeoutError:
            continue
        except ConnectionError:
            return


def reset(connection: socket.socket) -> None:
    """Ends the connection with RST, as a crashing middlebox does.

    The descriptor is closed directly: the server's own orderly farewell would send FIN instead.
    """
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())
