"""Messages over a pair of sockets: whole, in order, and an end that is noticed."""

import asyncio
import socket
import threading

import pytest

from helpers.build.wire import Wire


@pytest.fixture
def ends() -> tuple[Wire, Wire]:
    left, right = socket.socketpair()
    return Wire(left), Wire(right)


def test_messages_arrive_whole_and_in_order(ends: tuple[Wire, Wire]) -> None:
    left, right = ends
    sent = [[b"a", b"", b"\x00" * 10], [b"b"], [b""]]
    for message in sent:
        left.send_multipart(message)
    assert [right.message_within(5) for _ in sent] == sent


def test_message_larger_than_the_sockets_buffer_arrives_while_both_work(ends: tuple[Wire, Wire]) -> None:
    left, right = ends
    large = [bytes(range(256)) * 40_000, b"end"]
    sender = threading.Thread(target=left.send_multipart, args=(large,))
    sender.start()
    assert right.message_within(20) == large
    sender.join()


def test_message_that_arrives_in_pieces_is_not_handed_out_early(ends: tuple[Wire, Wire]) -> None:
    left, right = ends
    recorder, copy = socket.socketpair()
    Wire(recorder).send_multipart([b"first", b"second"])
    data = copy.recv(1000)
    for byte in data[:-1]:
        left.end.send(bytes([byte]))
        assert right.message_within(0) is None
    left.end.send(data[-1:])
    assert right.message_within(5) == [b"first", b"second"]


def test_end_is_none_for_who_asks_and_silence_for_jupyter(ends: tuple[Wire, Wire]) -> None:
    left, right = ends
    left.send_multipart([b"last"])
    left.close()

    async def read() -> tuple[list[bytes] | None, list[bytes] | None, bool]:
        return await right.message(), await right.message(), await right.poll(timeout=20)

    assert asyncio.run(read()) == ([b"last"], None, False)
    assert right.message_within() is None
    assert right.ended


def test_polling_keeps_the_message_for_the_one_who_receives_it(ends: tuple[Wire, Wire]) -> None:
    left, right = ends

    async def read() -> tuple[bool, bool, list[bytes]]:
        nothing = await right.poll(timeout=10)
        left.send_multipart([b"x"])
        return nothing, await right.poll(timeout=5000), await right.recv_multipart()

    assert asyncio.run(read()) == (False, True, [b"x"])
