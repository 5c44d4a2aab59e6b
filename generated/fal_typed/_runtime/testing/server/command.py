"""`python -m fal_typed.testing`: the fake as a server on the command line."""

# design: How do clients of every kind find the fake's server?

from __future__ import annotations

import argparse
import errno
import signal
import ssl
import sys
from typing import TYPE_CHECKING, cast

from ..clock import RealClock
from .history import History
from .listening import FakeServer
from .serving import answers_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

PORT = 8400
_DESCRIPTION = "A fal offline, for clients in any language: every endpoint answers with what its document allows."
_EPILOG = """\
then, with any text for a key:
  PACKAGE         Fal(hosts=Hosts(run="URL/run", queue="URL/queue", rest="URL/rest", cdn="URL/cdn",
                      api="URL/api/v1"))
  @fal-ai/client  fal.config({ proxyUrl: { url: "URL/api/fal/proxy", when: "always" } })
  fal-client      with --tls, in its environment: HTTPS_PROXY=URL SSL_CERT_FILE=CERTIFICATE
  curl            curl URL/run/ENDPOINT_ID --json '{"prompt": "a cat"}'

It ends by Ctrl-C or SIGTERM with 0, with 1 if it cannot begin, with 2 if an argument is wrong.
"""


class CannotBeginError(Exception):
    """The server cannot listen, or cannot speak https; the message says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until somebody ends it.

    Args:
        arguments: Those of the command line.

    Returns:
        The exit code.
    """
    given = _parser().parse_args(arguments)
    try:
        server = _server(given)
    except CannotBeginError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for each in (signal.SIGINT, signal.SIGTERM):  # the latter is how containers are stopped
        signal.signal(each, _interrupt)
    try:
        _greet(server)
        server.serve()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    package = __name__.partition("._runtime")[0]
    parser = argparse.ArgumentParser(
        prog=f"python -m {package}.testing",
        description=_DESCRIPTION,
        epilog=_EPILOG.replace("PACKAGE        ", f"{package:<15}"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--port", type=_port, default=PORT, help=f"where it listens ({PORT}); 0 for any free one, which it then tells")
    add("--host", type=_host, default="127.0.0.1", help="at which address (127.0.0.1, so this machine alone)")
    add("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"), help="speak https as well, with these PEM files")
    add("--endpoint-seconds", type=_seconds, default=0.0, metavar="N", help="how long each call takes (0)")
    return parser


def _server(given: argparse.Namespace) -> FakeServer:
    """The server that the arguments describe.

    Raises:
        CannotBeginError: There is none.
    """
    clock = RealClock()
    history = History(clock)
    tls = _context(*cast("list[str]", given.tls)) if given.tls else None
    try:
        answers = answers_of(clock, history, given.endpoint_seconds)
        return FakeServer(answers, history, host=given.host, port=given.port, tls=tls)
    except OSError as error:
        where = f"{given.host} port {given.port}"
        if error.errno == errno.EADDRINUSE:
            why = f"{where} is in use: end what listens there, or choose another with --port (0: any free one)"
        elif error.errno == errno.EACCES:
            why = f"{where} is not for everybody: choose one above 1023 with --port"
        else:
            why = f"cannot listen at {where}: {error.strerror or error}"
        raise CannotBeginError(why) from None


def _context(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key, password=lambda: "")  # and never ask for one
    except FileNotFoundError:
        raise CannotBeginError(f"--tls: there is no file {certificate} or no file {key}") from None
    except (OSError, ValueError) as error:  # of which ssl's own are one kind
        raise CannotBeginError(f"--tls: {certificate} and {key} are no certificate with its key: {error}") from None
    return context


def _greet(server: FakeServer) -> None:
    """The first line ends in the URL, for programs that read it."""
    sys.stdout.write(f"A fal, offline: {server.url}\n")
    sys.stdout.write("How clients find it: --help. What they ask: open it in a browser. Ctrl-C ends it.\n")
    sys.stdout.flush()


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")


def _host(text: str) -> str:
    if text.strip():
        return text
    raise argparse.ArgumentTypeError("an address such as 127.0.0.1, or 0.0.0.0 for every machine; this one is empty")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if 0 <= seconds <= 1e9:
        return seconds
    raise argparse.ArgumentTypeError(f"a number of seconds, 0 or more, not {text!r}")
