"""A real PostgreSQL of a test run's own: in a temporary folder, on loopback, as a user who may nothing else.

What is needed is Debian's package `postgresql`; `make database` installs it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MISSING = "PostgreSQL's server is not installed; Debian has it as `postgresql`, and `make database` installs it"
# Seconds.
_BEGINS_WITHIN = 60
# It is thrown away at the end: it need not wait for the disk, nor keep much in memory.
_OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "16MB",
    "autovacuum": "off",
}


class Postgres:
    """A running server.

    Attributes:
        port: Where, on loopback.
        process: Its own.
    """

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.process = process

    def url(self, database: str = "postgres", *, user: str = "fal", password: str = "") -> str:
        """A URL of a database of it."""
        return f"postgresql://{user}{password and ':' + password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, name: str) -> str:
        """The URL of a new, empty database."""
        self.say(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def say(self, statement: str) -> None:
        """Have a statement executed."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement.encode())


@contextmanager
def running(**options: str) -> Iterator[Postgres]:
    """A server, as long as somebody wants it; its options are as in postgresql.conf."""
    programs = _programs()
    if programs is None:
        missing()
    place = Path(tempfile.mkdtemp(prefix="pg-"))
    user = _user(place)
    data = place / "data"
    process = None
    try:
        made = [programs / "initdb", "-D", data, "-U", "fal", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=place, user=user)
        port = _free_port()
        said = [f"--{name}={value}" for name, value in {**_OPTIONS, **options, "port": str(port)}.items()]
        with (place / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, *said],
                stdout=log,
                stderr=log,
                cwd=place,
                user=user,
                preexec_fn=_ends_with_parent(),
            )
        server = Postgres(port, process)
        _wait_for(server, place / "log")
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)  # at once
            process.wait()
        shutil.rmtree(place, ignore_errors=True)


def _ends_with_parent() -> Callable[[], None] | None:
    """What has a process end when the run that began it is killed; it is called where nothing can be imported."""
    if sys.platform != "linux":
        return None
    import ctypes

    set_option, number = ctypes.CDLL(None).prctl, int(signal.SIGQUIT)
    return lambda: set_option(1, number)  # PR_SET_PDEATHSIG


def missing() -> NoReturn:
    """Skip a test that needs the server; where CI is set fail it, since nobody reads there what skips."""
    if os.environ.get("CI") and sys.platform == "linux":
        pytest.fail(MISSING, pytrace=False)
    pytest.skip(MISSING)


def _programs() -> Path | None:
    """The folder of the server's programs: Debian has them beside the PATH."""
    if sys.platform == "win32":
        return None
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: float(each.parent.name), reverse=True)
    return next((each for each in places if (each / "initdb").exists() and (each / "postgres").exists()), None)


def _user(place: Path) -> int | None:
    """Whom to run it as: it refuses to be root's."""
    if os.getuid() != 0:
        return None
    import pwd  # not on Windows

    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(place, user.pw_uid, user.pw_gid)
        return user.pw_uid
    pytest.skip("PostgreSQL does not run as root, and there is nobody else")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait_for(server: Postgres, log: Path) -> None:
    import psycopg

    until = time.monotonic() + _BEGINS_WITHIN
    while True:
        try:
            return server.say("SELECT 1")
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > until:
                raise AssertionError(log.read_text(errors="replace")) from None
            time.sleep(0.05)
