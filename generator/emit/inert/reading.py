"""Reading modules for stage inert: what each says, or what is refused in it. It needs nothing but their text.

That is most of what the stage does, so the processes do it, which have only ruff to wait for meanwhile.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, NamedTuple

from .expressions import RefusedError
from .grammar import Module

if TYPE_CHECKING:
    from .expressions import Scalar
    from .grammar import Said


class Written(NamedTuple):
    """A module to be read.

    Attributes:
        path: Below the output folder.
        text: What is in it.
        frame: Whether it is of the package's frame: no text of a document goes in there, only names and ids.
    """

    path: str
    text: str
    frame: bool


class Refused(NamedTuple):
    """What an emitted module may not have; see `RefusedError`."""

    what: str
    line: int
    within: tuple[str, ...]


class ModuleReading(NamedTuple):
    """What a module says.

    Attributes:
        said: What its classes say, by name.
        spec: The constants by which its endpoint is called.
        refused: What keeps it from being read to its end.
    """

    said: dict[str, Said]
    spec: dict[str, Scalar]
    refused: Refused | None = None


def readings(modules: list[Written]) -> list[ModuleReading]:
    """Read some modules, while nothing is collected: the tree of one is thousands of objects."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return [_read(one) for one in modules]
    finally:
        if collecting:
            gc.enable()


def _read(written: Written) -> ModuleReading:
    module = Module(written.path, frame=written.frame)
    try:
        module.check(written.text)
    except RefusedError as refused:
        return ModuleReading({}, {}, Refused(str(refused), refused.line, refused.within))
    return ModuleReading(module.said, module.spec)
