"""A difference for people (text, Markdown) and for programs (JSON)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..project.releases import ReleaseNote, sections
from .verdict import Change, Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..json_text import Json
    from ..project.releases import Topic
    from .compare import Difference


def as_json(difference: Difference, unreadable: Iterable[str] = ()) -> dict[str, Json]:
    """The whole difference: the package's verdict, then each endpoint's with its changes."""
    endpoints: dict[str, Json] = {one: _table(changes) for one, changes in difference.endpoints.items()}
    skipped: list[Json] = [*sorted(unreadable)]
    return {
        "package": difference.verdict.value,
        "endpoints": endpoints,
        "types": _table(difference.types),
        "unreadable": skipped,
    }


def _table(changes: tuple[Change, ...]) -> Json:
    listed: list[Json] = [
        {"kind": one.kind, "verdict": one.verdict.value, "where": one.where, "text": one.text} for one in changes
    ]
    return {"verdict": worst(one.verdict for one in changes).value, "changes": listed}


def as_text(difference: Difference, unreadable: Iterable[str] = ()) -> str:
    """A paragraph for each endpoint that changed, then the package's verdict."""
    parts = [("shared types", difference.types), *difference.endpoints.items()]
    paragraphs = [_paragraph(about, changes) for about, changes in parts if changes]
    unchanged = sum(not changes for changes in difference.endpoints.values())
    last = f"package: {difference.verdict.value}"
    if unchanged:
        last += f" ({unchanged} endpoint{'' if unchanged == 1 else 's'} unchanged)"
    return "\n\n".join([*paragraphs, *_skipped(unreadable), last]) + "\n"


def _paragraph(about: str, changes: tuple[Change, ...]) -> str:
    lines = [f"{about}: {worst(one.verdict for one in changes).value}"]
    return "\n".join([*lines, *(f"  {one.verdict.value:<5}  {one.text}" for one in changes)])


def as_markdown(difference: Difference, unreadable: Iterable[str] = ()) -> str:
    """The differences as the body of a pull request."""
    verdict = difference.verdict
    head = "No change that users can notice." if verdict is Verdict.NONE else f"**{verdict.value}** for the package."
    parts = [head, *_skipped(unreadable)]
    for section in sections(entries(difference)):
        parts.append(f"### {section.title}")
        parts.append("\n".join(line for topic in section.topics for line in _item(topic)))
    return "\n\n".join(parts) + "\n"


def _item(topic: Topic) -> list[str]:
    if not topic.about:
        return [f"- {text}" for text in topic.texts]
    if len(topic.texts) == 1:
        return [f"- `{topic.about}`: {topic.texts[0]}"]
    return [f"- `{topic.about}`", *(f"  - {text}" for text in topic.texts)]


def _skipped(unreadable: Iterable[str]) -> list[str]:
    ids = sorted(unreadable)
    return [f"Not compared, because a document cannot be read: {', '.join(f'`{one}`' for one in ids)}"] if ids else []


def entries(difference: Difference) -> tuple[ReleaseNote, ...]:
    """Every change as a changelog's entry, what matters most first."""
    every = [("", difference.types), *difference.endpoints.items()]
    found = [
        ReleaseNote(about=about, verdict=one.verdict.value, text=one.text)
        for about, changes in every
        for one in changes
    ]
    return tuple(sorted(found, key=lambda one: -Verdict(one.verdict).rank))
