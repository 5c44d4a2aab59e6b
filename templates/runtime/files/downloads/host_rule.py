"""Which hosts a download may reach, where the caller says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ANY_BELOW = "*."
# A name, or an address; of IPv6 without brackets.
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*|[0-9a-f:.]*:[0-9a-f:.]*", re.ASCII)


class HostRule:
    """The hosts of `only_hosts`.

    Args:
        only_hosts: Names such as `v3.fal.media`, and patterns: `*.fal.media` is `fal.media` and every host below it.
            None for any host.

    Raises:
        TypeError: It is neither a str nor made of some.
        ValueError: One of them is no host.
    """

    def __init__(self, only_hosts: str | Iterable[str] | None) -> None:
        given = [only_hosts] if isinstance(only_hosts, str) else only_hosts
        self._hosts = None if given is None else [_checked(each) for each in given]

    def allows(self, host: str) -> bool:
        """Whether a host may be reached.

        Args:
            host: As it is connected to: in ASCII, without a port.
        """
        if self._hosts is None:
            return True
        name = _plain(host)
        if not _HOST.fullmatch(name):  # `a\.b` may be two things to two readers
            return False
        return any(
            name == each.removeprefix(_ANY_BELOW) or (each.startswith(_ANY_BELOW) and name.endswith(each[1:]))
            for each in self._hosts
        )

    def __str__(self) -> str:
        return ", ".join(self._hosts or [])


def _checked(pattern: str) -> str:
    if not isinstance(pattern, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"only_hosts must be a str or several, not {type(pattern).__name__}")
    plain = _plain(pattern)
    name = plain.removeprefix(_ANY_BELOW)
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            name = ""
    if not _HOST.fullmatch(name):
        raise ValueError(f"only_hosts: {pattern!r} is no host such as 'v3.fal.media', nor a pattern as '*.fal.media'")
    return f"{_ANY_BELOW}{name}" if plain.startswith(_ANY_BELOW) else name


def _plain(host: str) -> str:
    return host.lower().removesuffix(".").removeprefix("[").removesuffix("]")
