"""What changed, told once: each sentence with all the endpoints it is said of; and how that is written as Markdown."""

# design: How is what many endpoints share told once?

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from ..diagnostics import visible
from .ids import is_endpoint_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .releases import ReleaseNote

PAGE = "https://fal.ai/models/"
# Verdict → heading, in the order of a changelog.
_TITLES = {"major": "Breaking", "minor": "New and changed", "patch": "Small"}
# Kind → from how many endpoints on it is one line, and that line: what each of them would say is of little use.
_SUMMARIES = {
    "prose": (2, "The documentation of {} endpoints changed."),
    "endpoint-added": (9, "{} new endpoints."),
}
# What can be said of several fields at once.
_FIELD = re.compile(
    r"(?P<kind>(?:In|Out)put(?: field)?) (?P<name>`[^`]+`) "
    r"(?P<said>(?:can (?:now|no longer) be|must now|may now|is gone|is now (?:required|optional|deprecated)).*)"
)
_LONGEST = 120
# How many ids stand before a sentence, and how many a fold shows of those in it.
_INLINE = 3


def code(text: str) -> str:
    """A text in code marks: names and values come from documents, and a pull request's body obeys what it shows."""
    line = visible(text)
    line = line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") or not line.strip() else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def few(names: Sequence[str], most: int) -> str:
    """Names in a row; those beyond `most` are counted."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), *names[-1:]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """How much is shown of endpoints that share a sentence.

    Attributes:
        ids: How many of their ids at most.
        counted: Whether ids are shown too where a sentence only counts endpoints.
    """

    ids: int = 1_000_000
    counted: bool = True


# From all to the least that still reads well.
DETAILS = (Detail(), *(Detail(ids=ids, counted=False) for ids in (1_000_000, 100, 40, 16, 6)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Sentences, and what they are said of.

    Attributes:
        abouts: The endpoints' ids; none where it is the package as a whole.
        texts: The sentences, as Markdown.
        kinds: What each is.
        is_count: Whether there is one sentence that says how many endpoints it is about.
    """

    abouts: tuple[str, ...]
    texts: tuple[str, ...]
    kinds: tuple[str, ...]
    is_count: bool = False

    @property
    def changes(self) -> Counter[str]:
        """How many changes these are, by kind."""
        return Counter({kind: times * max(len(self.abouts), 1) for kind, times in Counter(self.kinds).items()})

    def markdown(self, detail: Detail = DETAILS[0]) -> str:
        """An item of a list: whom it is about, with the ids in a fold where they are many, and what is said."""
        if self.is_count or not self.abouts:
            return f"- {self.texts[0]}" + (self._fold(detail) if self.is_count and detail.counted else "")
        is_short = len(self.abouts) <= _INLINE
        whom = few([_link(one) for one in self.abouts], _INLINE) if is_short else f"**{len(self.abouts):,} endpoints**"
        item = f"- {whom}" if self.texts[1:] else f"- {whom}: {self.texts[0]}"
        item += "" if is_short else self._fold(detail)
        return "\n".join([item, *(f"  - {text}" for text in self.texts if self.texts[1:])])

    def _fold(self, detail: Detail) -> str:
        """The ids, closed but for the first of them. It ends with a blank line: what follows is Markdown again."""
        summary = few([f"<code>{escape(visible(one))}</code>" for one in self.abouts], _INLINE)
        links = few([_link(one) for one in self.abouts], detail.ids)
        return f"\n  <details><summary>{summary}</summary>\n\n  {links}\n\n  </details>\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """All that matters equally much."""

    title: str
    topics: tuple[Topic, ...]

    def markdown(self, detail: Detail = DETAILS[0]) -> str:
        """Its topics as a list."""
        return "\n".join(topic.markdown(detail) for topic in self.topics).rstrip("\n")


def sections(entries: Iterable[ReleaseNote]) -> tuple[Section, ...]:
    """Entries by how much they matter."""
    found: dict[str, list[ReleaseNote]] = {verdict: [] for verdict in _TITLES}
    for entry in entries:
        found[entry.verdict].append(entry)
    return tuple(Section(title=_TITLES[one], topics=_topics(said)) for one, said in found.items() if said)


def _topics(entries: list[ReleaseNote]) -> tuple[Topic, ...]:
    """Each sentence once, with those that are said of the same endpoints; what only counts endpoints stands last."""
    times = Counter(kind for kind, _ in {(one.kind, one.about) for one in entries if one.about})
    counted = {kind for kind, (least, _) in _SUMMARIES.items() if times[kind] >= least}
    said: dict[tuple[str, str], set[str]] = {}
    topics: list[Topic] = []
    for kind in sorted(counted):
        abouts = tuple(sorted({one.about for one in entries if one.kind == kind}))
        text = _SUMMARIES[kind][1].format(f"{len(abouts):,}")
        topics.append(Topic(abouts=abouts, texts=(text,), kinds=(kind,), is_count=True))
    for one in entries:
        if one.kind not in counted:
            said.setdefault((one.kind, one.text), set()).add(one.about)
    alike: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for (kind, text), found in said.items():
        if "" in found:
            topics.append(Topic(abouts=(), texts=(text,), kinds=(kind,)))
        if found - {""}:
            alike.setdefault(tuple(sorted(found - {""})), []).append((kind, text))
    topics += [
        Topic(abouts=abouts, texts=_as_one(text for _, text in told), kinds=tuple(kind for kind, _ in told))
        for abouts, told in alike.items()
    ]
    return tuple(sorted(topics, key=_place))


def _as_one(texts: Iterable[str]) -> tuple[str, ...]:
    """Sentences in which what is said of several fields is one: "Inputs `a` and `b` can now be `None`."."""
    fields: dict[tuple[str, str], list[str]] = {}
    for text in texts:
        found = _FIELD.fullmatch(text)
        if found is None:
            fields[text, ""] = []
        else:
            fields.setdefault((found["kind"], found["said"]), []).append(found["name"])
    return tuple(_of_fields(kind, names, said) if names else kind for (kind, said), names in fields.items())


def _of_fields(kind: str, names: list[str], said: str) -> str:
    if not names[1:]:
        return f"{kind} {names[0]} {said}"
    many = re.sub(r"^is\b", "are", said).replace(": leave it out", ": leave them out")
    return f"{kind}s {few(names, len(names))} {many}"


def _place(topic: Topic) -> tuple[int, int, tuple[str, ...]]:
    """The package first, then what is new, then what most endpoints share; documentation last."""
    if {*topic.kinds} == {"prose"}:
        return 3, 0, topic.abouts
    if not topic.abouts or "endpoint-added" in topic.kinds:
        return int(bool(topic.abouts)), 0, topic.abouts
    return 2, -len(topic.abouts), topic.abouts


def _link(about: str) -> str:
    """An endpoint's id, as a link to its page at fal if it is one: what a file says may be anything."""
    return f"[{code(about)}]({PAGE}{about})" if is_endpoint_id(about) else code(about)
