"""Code in colours: spans with a class for what a reader looks for, and nothing else, so that pages stay small."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Protocol, cast

from markupsafe import Markup, escape
from pygments import lexers  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable

# The first that the type of a token begins with; what is none of them stays plain.
_CLASSES = (
    (("Comment",), "c"),
    (("Keyword",), "k"),
    (("Operator", "Word"), "k"),
    (("Literal", "String"), "s"),
    (("Literal", "Number"), "m"),
    (("Name", "Builtin"), "b"),
    (("Name", "Function"), "f"),
    (("Name", "Class"), "f"),
)
_LANGUAGES = frozenset({"python", "bash", "json", "toml"})


class _Lexer(Protocol):
    """What pygments does not type."""

    def get_tokens(self, text: str, /) -> Iterable[tuple[tuple[str, ...], str]]: ...


def highlighted(code: str, language: str) -> Markup:
    """Code as HTML.

    Args:
        code: Any text.
        language: What it is written in; of one that is not known, it stays plain.
    """
    if language not in _LANGUAGES:
        return escape(code)
    tokens = ((_class_of(kind), text) for kind, text in _lexer(language).get_tokens(code))
    pieces = ((name, "".join(text for _, text in these)) for name, these in groupby(tokens, key=lambda one: one[0]))
    return Markup().join(_span(name, text) for name, text in pieces)


def _span(name: str, text: str) -> Markup:
    return Markup('<span class="{}">{}</span>').format(name, text) if name and text.strip() else escape(text)


@cache
def _lexer(language: str) -> _Lexer:
    made = lexers.get_lexer_by_name(language, stripnl=False, ensurenl=False)  # pyright: ignore[reportUnknownMemberType]
    return cast("_Lexer", made)


@cache
def _class_of(kind: tuple[str, ...]) -> str:
    return next((name for begins, name in _CLASSES if kind[: len(begins)] == begins), "")
