"""Who has a job: a name for a worker from which others on its machine can see whether it still lives."""

# design: When is a worker gone?

from __future__ import annotations

import os
import secrets
import socket
from functools import cache

_SEPARATOR = "|"


def new_owner() -> str:
    """A name for this process as a worker: host, boot, namespaces, process, its start, and something random.

    What the system does not tell is empty.
    """
    pid = os.getpid()
    host = socket.gethostname().replace(_SEPARATOR, "")
    return _SEPARATOR.join((host, _boot(), _namespaces(), str(pid), _start_of(pid) or "", secrets.token_hex(4)))


def is_gone(owner: str) -> bool:
    """Whether that worker is known to be no more. False where it cannot be known: then its leases tell."""
    parts = owner.split(_SEPARATOR)
    if len(parts) != 6:
        return False
    _, boot, namespaces, pid, start, _ = parts
    if not (boot and namespaces and start and pid.isdecimal()) or (boot, namespaces) != (_boot(), _namespaces()):
        return False
    return not _lives(int(pid), start)


def told(owner: str) -> str:
    """An owner for a message: its host and process."""
    parts = owner.split(_SEPARATOR)
    return f"process {parts[3]} on {parts[0]}" if len(parts) == 6 else owner


def _lives(pid: int, start: str) -> bool:
    """Whether a process of this machine is there, and is that one. In doubt it is: /proc may hide other users'."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    found = _start_of(pid)
    return found is None or found == start


def _start_of(pid: int) -> str | None:
    """When a process began, in ticks since the machine did; "" of one that is dead and not yet waited for."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123, the fastest way
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return "" if fields[0] in "ZX" else fields[19]


@cache
def _boot() -> str:
    """This run of the machine."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:  # noqa: PTH123
            return file.read().strip()
    except OSError:
        return ""


def _namespaces() -> str:
    """The namespaces that process ids and their times are counted in. A child may be in others."""
    try:
        return "".join(os.readlink(f"/proc/self/ns/{name}") for name in ("pid", "time"))  # noqa: PTH115
    except OSError:
        return ""
