"""One exchange is bounded in time and size."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from bastau.gateways.exchange import Fault, post


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """`serve(answer)` lets `answer` speak on the raw socket of one exchange; returns its address."""
    threads: list[threading.Thread] = []
    listeners: list[socket.socket] = []

    def start(answer: Callable[[socket.socket], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def once() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                try:
                    answer(connection)
                except (BrokenPipeError, ConnectionResetError):
                    return

        threads.append(threading.Thread(target=once))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield start
    for thread in threads:
        thread.join()
    for listener in listeners:
        listener.close()


def fault_of(url: str) -> str:
    with pytest.raises(Fault) as caught:
        post(url, {}, key="k")
    return caught.value.code


def test_an_answer_dripped_for_ever_is_a_timeout(serve, settings):
    settings.GATEWAY_TIMEOUT_SECONDS = 0.3

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(50):
            connection.sendall(b"1\r\n \r\n")
            time.sleep(0.05)

    began = time.monotonic()
    assert fault_of(serve(drip)) == "timeout"
    assert time.monotonic() - began < 2


def test_silence_after_the_headers_is_a_timeout(serve, settings):
    settings.GATEWAY_TIMEOUT_SECONDS = 0.2

    def fall_silent(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        time.sleep(0.6)

    assert fault_of(serve(fall_silent)) == "timeout"


def test_a_connection_cut_in_the_middle_is_down(serve):
    assert fault_of(serve(lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"))) == "down"


def test_an_endless_answer_is_nonsense(serve):
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b" " * 200_000)

    assert fault_of(serve(flood)) == "nonsense"


@pytest.mark.parametrize(
    ("status", "code"),
    [(301, "refused"), (403, "refused"), (404, "refused"), (408, "down"), (429, "down"), (502, "down")],
)
def test_a_status_says_what_is_wrong(serve, status, code):
    answer = f"HTTP/1.1 {status} X\r\nContent-Length: 2\r\nLocation: http://127.0.0.1:1/\r\n\r\n{{}}".encode()
    assert fault_of(serve(lambda connection: connection.sendall(answer))) == code
