"""What the generator has to say about a document: values with stable codes, collected and reported together."""

from __future__ import annotations

import reprlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .codes import Code, Severity
from .json_text import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .json_text import Json


class DefectError(Exception):
    """Something that no document should be able to cause: the generator itself, or a template, is wrong."""


class TemplateError(Exception):
    """A template is not as it should be: not what a document says is wrong, nor the generator itself.

    Args:
        path: The template.
        line: The line, where it is known.
        message: What is wrong.
    """

    def __init__(self, path: Path, line: int | None, message: str) -> None:
        super().__init__(path, line, message)  # which is what goes from process to process
        self.path, self.line, self.message = path, line, message

    def __str__(self) -> str:
        here = Path.cwd()
        shown = self.path.relative_to(here) if self.path.is_relative_to(here) else self.path
        return f"{shown}{'' if self.line is None else f':{self.line}'}: {self.message}"


class FetchError(Exception):
    """fal gave no usable answer.

    Attributes:
        is_network: Whether no proper answer came at all (try again later), rather than one without a document.
    """

    def __init__(self, message: str, *, is_network: bool) -> None:
        super().__init__(message)
        self.is_network = is_network


# Warnings about one document; the most that a real one has are 2.
MESSAGES = 100
# Characters that a line shows of a message and of a pointer, and that a message has of a value.
_MESSAGE, _POINTER, _VALUE = 600, 300, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The place in a document that something came from.

    Attributes:
        path: The document's path as the user knows it, e.g. `specs/fal-ai/flux-1/schnell.json`.
        pointer: A JSON Pointer (RFC 6901) into it; `""` is the whole document.
        line: The line, where it is known without the pointer (a syntax error has no pointer).
    """

    path: str
    pointer: str = ""
    line: int | None = None

    def child(self, *keys: str | int) -> Source:
        """The place below this one."""
        pointer = self.pointer
        for key in keys:
            text = str(key)
            pointer += "/" + (text.replace("~", "~0").replace("/", "~1") if "/" in text or "~" in text else text)
        return Source(path=self.path, pointer=pointer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding: what is wrong, where, and what to do about it where that is known."""

    code: Code
    message: str
    source: Source
    fix: str = ""

    def line(self, texts: Mapping[str, str]) -> int | None:
        """The line in the document, where it is known; `texts` as for `render`."""
        if self.source.line is None and self.source.path in texts:
            return line_of(texts[self.source.path], self.source.pointer)
        return self.source.line

    def as_json(self, texts: Mapping[str, str]) -> dict[str, Json]:
        """The finding for programs; `texts` as for `render`."""
        return {
            "code": self.code.value,
            "severity": self.code.severity.value,
            "path": self.source.path,
            "line": self.line(texts),
            "pointer": self.source.pointer,
            "message": self.message,
            "fix": self.fix,
        }

    def render(self, texts: Mapping[str, str]) -> str:
        """The line a person reads: `specs/x.json:LINE: message (#/pointer)`.

        Args:
            texts: The documents' text by path, to find the line that the pointer points at.
        """
        line = self.line(texts)
        place = self.source.path if line is None else f"{self.source.path}:{line}"
        pointer = f" (#{_ends(self.source.pointer, _POINTER)})" if self.source.pointer else ""
        fix = f"; {self.fix}" if self.fix else ""
        text = f"{place}: {self.code.severity.value}: {_ends(self.message, _MESSAGE)}{pointer}{fix} [{self.code.value}]"
        return visible(text)  # names come from documents


def quoted(value: Json) -> str:
    """A value of a document within a message: of a long one, its ends."""
    return _SHORT.repr(value)


def visible(text: str) -> str:
    """A text in which nothing can steer a terminal, or hide: what does not print is written as an escape."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _ends(text: str, most: int) -> str:
    """What a line can show of a text that holds names: they are as long as a document makes them."""
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-most // 2 :]}"


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = _VALUE


class Findings:
    """Collects the diagnostics of a run, in the order the stages meet them."""

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        self._found: dict[Diagnostic, None] = {}
        self._warnings: Counter[str] = Counter()
        self.extend(found)

    def add(self, code: Code, message: str, source: Source, *, fix: str = "") -> None:
        """Record one finding; the same finding twice is one, and after MESSAGES of a document no warning is."""
        if code.severity is Severity.WARNING and not self._has_room(source.path):
            return
        self._found[Diagnostic(code=code, message=message, source=source, fix=fix)] = None

    def extend(self, found: Iterable[Diagnostic]) -> None:
        """Record what was found elsewhere, or before."""
        for one in found:
            self.add(one.code, one.message, one.source, fix=one.fix)

    def _has_room(self, path: str) -> bool:
        """Whether there may be one more warning about a document; of the first that may not, there is one."""
        self._warnings[path] += 1
        if self._warnings[path] == MESSAGES + 1:
            more = Diagnostic(code=Code.MORE, message="what else there is to say is left out", source=Source(path=path))
            self._found[more] = None
        return self._warnings[path] <= MESSAGES

    def all(self) -> tuple[Diagnostic, ...]:
        """Everything found so far."""
        return tuple(self._found)

    def errors(self) -> tuple[Diagnostic, ...]:
        """Only what keeps something out of the output."""
        return tuple(d for d in self._found if d.code.severity is Severity.ERROR)


def count_by_code(diagnostics: Iterable[Diagnostic]) -> dict[str, int]:
    """How often each code occurs, most frequent first."""
    counts: dict[str, int] = {}
    for diagnostic in diagnostics:
        counts[diagnostic.code.value] = counts.get(diagnostic.code.value, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
