"""The pages of fal's documentation that are kept in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ..describe import Description, Problem, Reading
from .api_page import read_page
from .llms import read_llms

if TYPE_CHECKING:
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
        text: Its text; None where it is no UTF-8.
    """

    endpoint: str
    form: Form
    shown: str
    text: str | None

    def read(self) -> Reading:
        """What it says."""
        if self.text is None:
            return Reading(Description(), (Problem(0, "is not UTF-8 text"),))
        return read_llms(self.text) if self.form is Form.LLMS else read_page(self.text)


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
            found.append(Page(endpoint=endpoint, form=form, shown=f"{shown}/{path.name}", text=_text(path)))
    return found


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None
