"""A difference as the entries of a changelog: what is one thing to a reader is one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..project.changelog import code
from ..project.releases import ReleaseNote
from .sentences import NO_NONE, REQUIRED
from .verdict import Change, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .compare import Difference


def entries(difference: Difference) -> tuple[ReleaseNote, ...]:
    """Every change as a changelog's entry, what matters most first."""
    found = [_note("", change) for change in _types(difference)]
    for about, changes in difference.endpoints.items():
        found += [_note(about, change) for change in _joined(changes)]
    return tuple(sorted(found, key=lambda one: -Verdict(one.verdict).rank))


def _note(about: str, change: Change) -> ReleaseNote:
    return ReleaseNote(about=about, verdict=change.verdict.value, text=change.text, kind=change.kind)


def _joined(changes: tuple[Change, ...]) -> Iterator[Change]:
    """What must be given now and cannot be `None` any more is one fact."""
    required = {one.where: one for one in changes if one.kind == "field-required"}
    no_none = {one.where for one in changes if one.where in required and _is_no_none(one, required[one.where])}
    for one in changes:
        if one.where not in no_none:
            yield one
        elif one is required[one.where]:
            yield _said(one, f"{one.text[:-1]}, and {NO_NONE}.")
        elif not _is_no_none(one, required[one.where]):
            yield one


def _is_no_none(change: Change, required: Change) -> bool:
    subject = change.text.removesuffix(f" {NO_NONE}.")
    return subject != change.text and required.text.startswith(f"{subject} {REQUIRED}")


def _types(difference: Difference) -> Iterator[Change]:
    """Shared types: those that are gone without a trace, and those that have come, in one sentence each."""
    gone = [one for one in difference.types if one.kind == "type-removed" and _name(one) not in difference.moved]
    come = [one for one in difference.types if one.kind == "type-added"]
    yield from (one for one in difference.types if one not in (*gone, *come))
    if gone[1:]:
        names = ", ".join(code(_name(one)) for one in gone)
        yield _said(gone[0], f"Gone, for no endpoint uses them any more: {names}.")
    if come[1:]:
        yield _said(come[0], f"New shared types: {', '.join(code(_name(one)) for one in come)}.")
    yield from (only for only, *more in filter(None, (gone, come)) if not more)


def _name(change: Change) -> str:
    return change.where.removeprefix("type.")


def _said(change: Change, text: str) -> Change:
    return Change(kind=change.kind, verdict=change.verdict, where=change.where, text=text)
