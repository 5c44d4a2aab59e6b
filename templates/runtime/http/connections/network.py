"""The network below the pools of a synchronous client: it keeps to the end of an exchange, and knows its sockets.

httpcore gives each step of an exchange a limit: each address, each read. A server that sends a byte now and then, or a
host of many dead addresses, makes any number of steps. Here a limit that carries its end (`Left`) is cut to what is
left when the step begins.
"""

# design: How does a time limit hold?

from __future__ import annotations

import queue
import socket
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from ... import forks
from ..exchange import Left
from .pools import holder_of, pools_of

if TYPE_CHECKING:
    import ssl


def keep_to_the_end(client: Any) -> list[Network]:
    """Put a network under each pool of a client, and return them. A network that a caller made stays as it is."""
    networks: list[Network] = []
    for pool in pools_of(client):
        backend = getattr(pool, "_network_backend", None)
        if type(backend).__name__ == "SyncBackend":
            backend = pool._network_backend = Network(backend)
            for holder in filter(None, map(holder_of, pool._connections)):
                holder._network_stream = backend.stream(holder._network_stream)
        if isinstance(backend, Network):
            networks.append(backend)
    return networks


class Network:
    """As httpcore's `NetworkBackend`.

    Args:
        inner: Httpcore's own, of whichever of its versions; it connects.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._errors = sys.modules[type(inner).__module__.partition(".")[0]]
        self._lock = forks.Lock()
        self._streams: WeakSet[Stream] = WeakSet()
        self._is_shut = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> Stream:
        """Connect to the first of a host's addresses that answers. Each has its share of the time that is left."""
        addresses = self._addresses(host, port, timeout)
        first: Exception | None = None
        for index, address in enumerate(addresses):
            left = _left(timeout, self._errors.ConnectTimeout)
            share = None if left is None else left / (len(addresses) - index)
            try:
                return self.stream(self._inner.connect_tcp(address, port, share, local_address, socket_options))
            except (self._errors.ConnectError, self._errors.ConnectTimeout) as error:
                first = first or error
        raise first or self._errors.ConnectError(f"{host} has no address")

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Stream:
        """See NetworkBackend."""
        return self.stream(self._inner.connect_unix_socket(path, timeout, socket_options))

    def sleep(self, seconds: float) -> None:
        """See NetworkBackend."""
        self._inner.sleep(seconds)

    def stream(self, inner: Any) -> Stream:
        """A connection that was made."""
        stream = Stream(inner, self)
        with self._lock:
            self._streams.add(stream)
            is_shut = self._is_shut
        if is_shut:
            stream.close()
            raise self._errors.ConnectError("the client was closed")
        return stream

    def shut(self) -> None:
        """Break all connections, so that threads which wait for an answer notice, and let no more be made."""
        with self._lock:
            self._is_shut = True
            streams = list(self._streams)
        for each in streams:
            each.shut_down()

    def error(self, name: str) -> type[Exception]:
        """One of httpcore's exceptions."""
        error: type[Exception] = getattr(self._errors, name)
        return error

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        with suppress(OSError):
            socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)
            return [host]
        # Nobody can interrupt the system's resolver. A thread that it keeps longer than we wait ends when it ends.
        found: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()
        threading.Thread(target=lambda: found.put(_looked_up(host, port)), name="fal-dns", daemon=True).start()
        try:
            addresses = found.get(timeout=_left(timeout, self._errors.ConnectTimeout))
        except queue.Empty:
            raise self._errors.ConnectTimeout(f"the name {host} was not resolved in time") from None
        if isinstance(addresses, list):
            return addresses
        raise self._errors.ConnectError(str(addresses))


class Stream:
    """As httpcore's `NetworkStream`.

    Args:
        inner: Httpcore's own. The socket of a plain one is used without it; that of TLS within TLS cannot be.
        network: Whose it is.
    """

    def __init__(self, inner: Any, network: Network) -> None:
        self._inner = inner
        self._network = network
        self._socket: Any = inner.get_extra_info("socket")
        self._is_plain = not hasattr(inner, "ssl_obj")

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """See NetworkStream."""
        left = _left(timeout, self._network.error("ReadTimeout"))
        if not self._is_plain:
            piece: bytes = self._inner.read(max_bytes, left)
            return piece
        try:
            self._socket.settimeout(left)
            piece = self._socket.recv(max_bytes)
        except OSError as error:
            raise self._converted(error, "Read") from error
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """See NetworkStream."""
        if not self._is_plain:
            self._inner.write(buffer, _left(timeout, self._network.error("WriteTimeout")))
            return
        rest = memoryview(buffer)
        while rest:
            left = _left(timeout, self._network.error("WriteTimeout"))
            try:
                self._socket.settimeout(left)
                rest = rest[self._socket.send(rest) :]
            except OSError as error:
                raise self._converted(error, "Write") from error

    def start_tls(self, ssl_context: ssl.SSLContext, server_hostname: str | None, timeout: float | None) -> Stream:
        """See NetworkStream."""
        left = _left(timeout, self._network.error("ConnectTimeout"))
        return self._network.stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def close(self) -> None:
        """See NetworkStream."""
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        """See NetworkStream."""
        return self._inner.get_extra_info(info)

    def shut_down(self) -> None:
        """Break it; whoever reads from it in another thread notices."""
        if isinstance(self._socket, socket.socket):
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # not that of SSLSocket, which a reader is in

    def _converted(self, error: OSError, what: str) -> Exception:
        return self._network.error(f"{what}{'Timeout' if isinstance(error, TimeoutError) else 'Error'}")(str(error))


def _left(timeout: float | None, too_late: type[Exception]) -> float | None:
    """What is left now of a limit."""
    if not isinstance(timeout, Left):
        return timeout
    left = timeout.now()
    if left <= 0:
        raise too_late("timed out")
    return left


def _looked_up(host: str, port: int) -> list[str] | OSError | UnicodeError:
    """The addresses of a name, in the order in which to try them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        names = [socket.getnameinfo(address, socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)[0] for *_, address in found]
    except (OSError, UnicodeError) as error:
        return error
    return list(dict.fromkeys(names))
