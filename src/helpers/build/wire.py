"""Jupyter's messages over a pair of Unix sockets: each message is a list of byte strings."""

from __future__ import annotations

import asyncio
import select
import socket
import struct
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

COUNT = struct.Struct("!I")
SEALED = b"a pair of sockets"  # nobody else can write there; without a key, jupyter_client warns
CHUNK_BYTES = 1 << 18


class Wire:
    """One end of a pair of sockets, with the methods of a ZeroMQ socket that Jupyter's classes use.

    Reading belongs to one process and one task at a time; writing may happen from any thread of a process.
    """

    def __init__(self, end: socket.socket):
        end.setblocking(False)
        self.end = end
        self.ended = False
        self._loop: asyncio.AbstractEventLoop | None = None  # of who waits for a message
        self._bytes = bytearray()
        self._messages: deque[list[bytes]] = deque()

    def fileno(self) -> int:
        """Number of the socket's file descriptor."""
        return self.end.fileno()

    def send_multipart(self, parts: Sequence[bytes | memoryview], *_: Any, **__: Any) -> None:
        """Write a message whole; blocks while the other end is busy."""
        pieces = [bytes(part) for part in parts]
        lengths = [COUNT.pack(len(piece)) for piece in pieces]
        rest = memoryview(b"".join([COUNT.pack(len(pieces)), *lengths, *pieces]))
        while rest:
            try:
                rest = rest[self.end.send(rest) :]
            except BlockingIOError:
                poller = select.poll()
                poller.register(self.end, select.POLLOUT)
                poller.poll()

    def flush(self, *_: Any) -> None:
        """Nothing is held back."""

    async def recv_multipart(self, **_: Any) -> list[bytes]:
        """The next message; never, once the other end has gone: whoever waits asks whether that process is alive."""
        message = await self.message()
        if message is None:
            await asyncio.get_running_loop().create_future()
            raise AssertionError("nothing completes this")
        return message

    async def poll(self, timeout: int | None = None) -> bool:
        """Wait for a message, at most so many milliseconds, and say whether there is one."""
        try:
            message = await asyncio.wait_for(self.recv_multipart(), None if timeout is None else timeout / 1000)
        except TimeoutError:
            return False
        self._messages.appendleft(message)
        return True

    async def message(self) -> list[bytes] | None:
        """The next message; None once the other end has gone."""
        while not self._messages and not self.ended:
            await self._readable()
            self._take()
        return self._messages.popleft() if self._messages else None

    def message_within(self, seconds: float | None = None) -> list[bytes] | None:
        """The next message, without an event loop; None once the other end has gone or the time is over."""
        end = None if seconds is None else time.monotonic() + seconds
        poller = select.poll()
        poller.register(self.end, select.POLLIN)
        while not self._messages and not self.ended:
            left = None if end is None else max(0.0, end - time.monotonic())
            if not poller.poll(None if left is None else left * 1000):
                return None
            self._take()
        return self._messages.popleft() if self._messages else None

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        loop.add_reader(self.end, lambda: None if ready.done() else ready.set_result(None))
        self._loop = loop
        try:
            await ready
        finally:
            self._forget()

    def _forget(self) -> None:
        """No loop may keep the number of a descriptor that another file will have next."""
        if self._loop is not None and self.end.fileno() >= 0:
            self._loop.remove_reader(self.end)
        self._loop = None

    def _take(self) -> None:
        """Put what has arrived into the queue."""
        try:
            data = self.end.recv(CHUNK_BYTES)
            self.ended = not data
            self._bytes += data
        except BlockingIOError:
            pass
        except OSError:  # the other end was killed while data was under way
            self.ended = True
        while message := _first(self._bytes):
            self._messages.append(message)

    def close(self) -> None:
        """Close this end, even if somebody waits for a message."""
        self._forget()
        self.end.close()


def _first(data: bytearray) -> list[bytes] | None:
    """Cut the first whole message off the data, if there is one."""
    if len(data) < COUNT.size:
        return None
    (count,) = COUNT.unpack_from(data)
    start = COUNT.size * (1 + count)
    if len(data) < start:
        return None
    lengths = struct.unpack_from(f"!{count}I", data, COUNT.size)
    if len(data) < start + sum(lengths):
        return None
    parts = []
    for length in lengths:
        parts.append(bytes(data[start : start + length]))
        start += length
    del data[:start]
    return parts
