"""A difference for people (text, Markdown) and for programs (JSON)."""

# design: How is what many endpoints share told once?

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

from ..project.changelog import DETAILS, code, few, sections
from .entries import entries
from .verdict import Change, Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..json_text import Json
    from ..project.changelog import Section, Topic
    from ..project.releases import ReleaseNote
    from .compare import Difference

_NAMED = 3
# Verdict of an endpoint → what the head says of those that have it.
_COUNTS = {
    Verdict.MAJOR: "breaking",
    Verdict.MINOR: "new or changed",
    Verdict.PATCH: "with small changes",
}
# Characters for a section's heading, and for what is said of its changes that are left out.
_AROUND = 500
# Characters that a body has in any case.
LEAST = 3_000


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


# --- text ------------------------------------------------------------------------------------------------------------


def as_text(difference: Difference, unreadable: Iterable[str] = ()) -> str:
    """Each sentence once, what breaks first, then the package's verdict."""
    unchanged = sum(not changes for changes in difference.endpoints.values())
    last = f"package: {difference.verdict.value}"
    if unchanged:
        last += f" ({unchanged} endpoint{'' if unchanged == 1 else 's'} unchanged)"
    return "\n\n".join([*paragraphs(entries(difference)), *_skipped(unreadable), last]) + "\n"


def paragraphs(found: Iterable[ReleaseNote]) -> list[str]:
    """Entries for people: a paragraph for what breaks, for what is new, and for what is small."""
    return [
        "\n".join([section.title, *(line for topic in section.topics for line in _lines(topic))])
        for section in sections(found)
    ]


def _lines(topic: Topic) -> list[str]:
    if not topic.abouts:
        return [f"  {text}" for text in topic.texts]
    whom = few(topic.abouts, _NAMED)
    if topic.is_count:
        return [f"  {topic.texts[0].removesuffix('.')} ({whom})."]
    if len(topic.abouts) > _NAMED:
        whom = f"{len(topic.abouts):,} endpoints ({whom})"
    if len(topic.abouts) == len(topic.texts) == 1:
        return [f"  {whom}: {topic.texts[0]}"]
    return [f"  {whom}", *(f"    {text}" for text in topic.texts)]


# --- Markdown --------------------------------------------------------------------------------------------------------


def as_markdown(difference: Difference, unreadable: Iterable[str] = (), *, most: int = 0) -> str:
    """The differences as the body of a pull request.

    Args:
        difference: What changed.
        unreadable: The endpoints that could not be compared.
        most: How many characters it may have, from LEAST on; 0 for all there is to say. What is left out is counted
            in its place.
    """
    found = sections(entries(difference))
    whole = _page([_head(difference), *_skipped(unreadable)], [(one.title, one.markdown()) for one in found])
    if not most or len(whole) <= most:
        return whole
    head = [_head(difference), *_skipped(unreadable, most=_NAMED)]
    lists = [(one.title, one.markdown()) for one in found]
    for detail, n in product(DETAILS[1:], reversed(range(len(found)))):  # of what matters least first
        lists[n] = found[n].title, found[n].markdown(detail)
        text = _page([*head, "Long lists of endpoints are cut short here."], lists)
        if len(text) <= most:
            return text
    head.append("Long lists of endpoints are cut short here, and changes left out where it says so.")
    room = most - len(_page(head, [])) - len(found) * _AROUND
    return _page(head, _within(found, room))


def _page(head: list[str], lists: list[tuple[str, str]]) -> str:
    parts = [*head, *(part.rstrip("\n") for title, text in lists for part in (f"### {title}", text))]
    return "\n\n".join(parts) + "\n"


def _within(found: tuple[Section, ...], room: int) -> list[tuple[str, str]]:
    """Sections with as many topics as there is room for (in characters), and a count of the others."""
    lists: list[tuple[str, str]] = []
    for section in found:
        items: list[str] = []
        left: list[Topic] = []
        for topic in section.topics:
            item = topic.markdown(DETAILS[-1])
            if len(item) < room:
                room -= len(item) + 1
                items.append(item)
            else:
                left.append(topic)
        lists.append((section.title, "\n".join(items + ([_left_out(left)] if left else []))))
    return lists


def _left_out(topics: list[Topic]) -> str:
    kinds = sum((topic.changes for topic in topics), Counter[str]())
    told = few([f"{times:,} {code(kind)}" for kind, times in sorted(kinds.items(), key=lambda it: (-it[1], it[0]))], 8)
    endpoints = {one for topic in topics for one in topic.abouts}
    return f"- Left out here: **{kinds.total():,} changes** of {len(endpoints):,} endpoints ({told})."


def _head(difference: Difference) -> str:
    """The verdict, and how many endpoints have which."""
    if difference.verdict is Verdict.NONE:
        return "No change that users can notice."
    times = Counter(worst(change.verdict for change in changes) for changes in difference.endpoints.values())
    told = [f"{times[verdict]:,} {words}" for verdict, words in _COUNTS.items() if times[verdict]]
    told += [f"{times[Verdict.NONE]:,} unchanged"] if times[Verdict.NONE] else []
    counts = f" Of {len(difference.endpoints):,} endpoints: {', '.join(told)}." if told else ""
    return f"**{difference.verdict.value}** for the package.{counts}"


def _skipped(unreadable: Iterable[str], *, most: int = 1_000_000) -> list[str]:
    ids = [code(one) for one in sorted(unreadable)]
    return [f"Not compared, because a document cannot be read: {few(ids, most)}"] if ids else []
