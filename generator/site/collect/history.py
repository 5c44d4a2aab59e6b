"""What releases said: of each endpoint, and all of it as a page (a part of `collect`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ...project.changelog import PAGE, code, few, sections
from ...project.ids import is_endpoint_id
from ..facts import ReleasedChange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...project.changelog import Topic
    from ...project.releases import Release, ReleaseNote, Releases

_ADDED = "endpoint-added"
# Endpoints that a sentence of the changelog names.
_NAMED = 12


class History:
    """The releases by endpoint.

    Args:
        releases: All of them.
    """

    def __init__(self, releases: Releases) -> None:
        self._said: dict[str, list[tuple[Release, ReleaseNote]]] = {}
        for release in releases.all:
            for entry in release.entries:
                if entry.about:
                    self._said.setdefault(entry.about, []).append((release, entry))
        self._first = releases.all[-1] if releases.all else None
        released = releases.released if isinstance(releases.released, dict) else {}
        self._released = cast("dict[str, object]", released.get("endpoints", {}))

    def since(self, endpoint_id: str) -> ReleasedChange | None:
        """The release that an endpoint came with, the last time that it came; None where none has it yet."""
        said = self._said.get(endpoint_id, [])
        added = next((one for one in said if one[1].kind == _ADDED), None)
        if added is not None:
            return _change(*added)
        first = self._first  # it says how many endpoints it has, and names none
        if first is None or not (said or endpoint_id in self._released):
            return None
        return ReleasedChange(version=first.version, date=first.date, verdict=first.verdict, text="First release.")

    def changes(self, endpoint_id: str) -> tuple[ReleasedChange, ...]:
        """What releases said of an endpoint since it came, the last one first."""
        found: list[ReleasedChange] = []
        for release, entry in self._said.get(endpoint_id, []):
            if entry.kind == _ADDED:
                break
            found.append(_change(release, entry))
        return tuple(found)


def _change(release: Release, entry: ReleaseNote) -> ReleasedChange:
    return ReleasedChange(version=release.version, date=release.date, verdict=entry.verdict, text=entry.text)


def changelog(releases: Releases) -> str:
    """All releases as Markdown without HTML; empty before the first."""
    return "\n".join(line for release in releases.all for line in _chapter(release))


def _chapter(release: Release) -> Iterator[str]:
    yield f"## {release.version} ({release.date})\n"
    for section in sections(release.entries):
        yield f"### {section.title}\n"
        for topic in section.topics:
            yield from _item(topic)
        yield ""


def _item(topic: Topic) -> Iterator[str]:
    """An item of a list: whom it is about, and what is said."""
    whom = few([_link(one) for one in topic.abouts], _NAMED)
    if topic.is_count or not topic.abouts:
        yield f"- {topic.texts[0]}" + (f" {whom}." if topic.abouts else "")
    elif topic.texts[1:]:
        yield f"- {whom}:"
        yield from (f"    - {text}" for text in topic.texts)
    else:
        yield f"- {whom}: {topic.texts[0]}"


def _link(about: str) -> str:
    return f"[{code(about)}]({PAGE}{about})" if is_endpoint_id(about) else code(about)
