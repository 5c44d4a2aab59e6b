"""The pages of fal's documentation that are kept in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ..describe import UNKNOWN, Description, Problem, Reading
from ..limits import LINES, MESSAGE, PAGE_BYTES, PROBLEMS, PageLimitError
from .api_page import read_page
from .llms import read_llms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Form(Enum):
    """The forms of a page; the value is how the names of their files end."""

    LLMS = "llms.txt"
    PAGE = "page.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page.

    Attributes:
        endpoint: The endpoint it is about.
        shown: Where it came from, as messages name it.
        text: Its text; None where there is none that can be read.
        fault: Why that is so.
    """

    endpoint: str
    form: Form
    shown: str
    text: str | None
    fault: str = ""

    def read(self) -> Reading:
        """What it says, and the first of what is wrong with it."""
        if self.text is None:
            return Reading(Description(), (Problem(0, self.fault),))
        try:
            reading = read_llms(self.text) if self.form is Form.LLMS else read_page(self.text)
        except PageLimitError as error:
            return Reading(Description(), (Problem(error.line, str(error)),))
        problems = reading.problems
        if reading.description.input is not UNKNOWN and reading.description.output is UNKNOWN:
            problems = (Problem(0, "has no section about the output: only half of it could be compared"), *problems)
        return Reading(reading.description, _told(problems))


def page_of(data: bytes, *, endpoint: str, form: Form, shown: str) -> Page:
    """A page by its bytes, of which one more than may be is as good as all."""
    text, fault = None, ""
    if len(data) > PAGE_BYTES:
        fault = f"is larger than {PAGE_BYTES:,} bytes, which no page is: it is not read"
    elif data.count(b"\n") > LINES:
        fault = f"has more than {LINES:,} lines, which no page has: it is not read"
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            fault = "is not UTF-8 text"
    return Page(endpoint=endpoint, form=form, shown=shown, text=text, fault=fault)


def stored_pages(folder: Path, shown: str) -> list[Page]:
    """Every page in a folder: the id with `/` written `__`, then `.llms.txt` or `.page.txt`. Other files are let be.

    Args:
        folder: The folder.
        shown: How messages name it.
    """
    found: list[Page] = []
    for path in sorted(folder.iterdir()):
        form = next((form for form in Form if path.name.endswith(f".{form.value}")), None)
        if form is not None and path.is_file():
            endpoint = path.name.removesuffix(f".{form.value}").replace("__", "/")
            found.append(page_of(_data(path), endpoint=endpoint, form=form, shown=f"{shown}/{path.name}"))
    return found


def _data(path: Path) -> bytes:
    """What is in a file; of one that is too large, as many zeros: how many there are is what it is refused for."""
    return path.read_bytes() if path.stat().st_size <= PAGE_BYTES else bytes(PAGE_BYTES + 1)


def _told(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems of a page as they are told: the first of them, none too long, and how many more there are."""
    shown = [Problem(one.line, _cut(one.message)) for one in problems[:PROBLEMS]]
    more = problems[PROBLEMS:]
    if more:
        shown.append(Problem(more[0].line, f"and {len(more):,} more from this line on"))
    return tuple(shown)


def _cut(text: str) -> str:
    return text if len(text) <= MESSAGE else f"{text[:MESSAGE]}…"
