"""A value as HTML for a notebook: its pictures, players and links, and a table of everything else.

Every text in it is a stranger's, and goes through `text`; nothing else makes markup of it.
"""

# design: What may a notebook load?

from __future__ import annotations

import html
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from ..checks import is_array, is_object
from .data import is_data_uri, told_size
from .media import File, file_of, link
from .short import short
from .told import Telling, cut, fields_of, told_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Jupyter drops what sends it more than 3 MB within three seconds, and keeps what it shows in the notebook's file.
MOST_DATA = 2_500_000
"""Bytes of files, links and texts that are put into one page, as they are written there."""
_MOST_FILES, _MOST_ROWS, _MOST_TEXT, _MOST_VALUE = 48, 50, 2_000, 400
# How much is told of what else a file has.
_MOST_FIELDS, _MOST_OF_FIELD = 8, 120
# How far files are looked for: how deep, in how many values of one field, and of all.
_DEPTH, _MOST_LOOKED_AT, _MOST_LOOKED_AT_IN_ALL = 6, 2_000, 50_000
_NAME = 80
# What is no character to see, what turns the direction of those behind it, and halves of one.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)

# The classes have MathJax keep away: a `$` in a prompt begins no formula.
_PAGE = '<div class="fal-typed tex2jax_ignore mathjax_ignore" style="text-align:left;max-width:1100px">{}</div>'
_TITLE = '<div style="font-weight:600;margin:4px 0">{}</div>'
_LABEL = '<div style="opacity:.65;margin:8px 0 4px">{}</div>'
_GALLERY = '<div style="display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start">{}</div>'
_FIGURE = '<figure style="margin:0;max-width:100%">{}<figcaption style="{}">{}</figcaption></figure>'
_CAPTION = "font-size:12px;opacity:.75;max-width:512px;overflow-wrap:anywhere"
_SHOWN = "max-width:100%;max-height:{}px;border-radius:4px"
_LINK = '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
_TABLE = '<table style="border-collapse:collapse;margin:8px 0 0">{}</table>'
_CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0;background:none"
_NAMES = f'<th style="{_CELL};font-weight:400;opacity:.65;max-width:240px;overflow-wrap:anywhere">{{}}</th>'
_ROW = f'<tr style="background:none">{_NAMES}<td style="{_CELL}">{{}}</td></tr>'
_PLAIN = '<span style="white-space:pre-wrap;overflow-wrap:anywhere">{}</span>'


def page(value: object) -> str:
    """A value as HTML. Nothing is asked for; a browser loads what `media.File.source` allows."""
    title = type(value).__name__ if isinstance(value, Telling) else ""
    return _PAGE.format((_TITLE.format(text(title)) if title else "") + "".join(_Parts(value).written()))


def text(given: str) -> str:
    """A stranger's text as HTML, also within an attribute; what nobody can see is told by its number."""
    seen = _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), given)
    return html.escape(seen, quote=True)


class _Parts:
    """What is shown of a value: its files, each once, then all else.

    Args:
        value: The whole value.
    """

    def __init__(self, value: object) -> None:
        self._value = value
        self._left, self._files_left, self._files_left_out = MOST_DATA, _MOST_FILES, 0
        self._looks = iter(range(_MOST_LOOKED_AT_IN_ALL))

    def written(self) -> Iterator[str]:
        """The parts, in order."""
        file = file_of(self._value)
        if file is not None:
            yield self._figure(file, is_alone=True, fields={})
        rows: list[tuple[str, object]] = []
        for name, value in _named(self._value) if file is None else file.rest.items():
            files = list(_files(value, islice(self._looks, _MOST_LOOKED_AT)))
            yield from self._gallery(name, files)
            if value is not None and not (files and _is_all_files(value)):
                rows.append((name, value))
        if self._files_left_out:
            yield f"<div>… {_counted(self._files_left_out, 'more file')}</div>"
        written = [self._row(*row) for row in rows[:_MOST_ROWS]]
        if len(rows) > _MOST_ROWS:
            written.append(_ROW.format("…", f"{len(rows) - _MOST_ROWS:,} more"))
        if written:
            yield _TABLE.format("".join(written))

    def _gallery(self, name: str, files: list[File]) -> Iterator[str]:
        shown = files[: self._files_left]
        self._files_left -= len(shown)
        self._files_left_out += len(files) - len(shown)
        if shown:
            yield _LABEL.format(text(name[:_NAME])) if name else ""
            figures = [self._figure(file, is_alone=len(files) == 1, fields=file.rest) for file in shown]
            yield _GALLERY.format("".join(figures))

    def _figure(self, file: File, *, is_alone: bool, fields: Mapping[str, object]) -> str:
        """A file with its caption; `fields` is what else is told of it there."""
        told = _told(file)
        source = file.source
        if source is None or len(source) <= self._left:
            player = "" if source is None else _player(file, source, 512 if is_alone else 256)
            written = _FIGURE.format(player, _CAPTION, " · ".join([_name_of(file), *told, *_told_fields(fields)]))
            if self._fits(written):
                return written
        left_out = [f"… {_counted(len(fields), 'more field')}"] if fields else []
        name = text(cut(file.name, _NAME))
        return _FIGURE.format("", _CAPTION, " · ".join([name, *told, "too large to show here", *left_out]))

    def _row(self, name: str, value: object) -> str:
        label = text(cut(name, _NAME))
        written = _ROW.format(label, _plain(value))
        return written if self._fits(written) else _ROW.format(label, _PLAIN.format(text(short(value, _NAME))))

    def _fits(self, written: str) -> bool:
        """Whether there is place for it on the page, which it then takes."""
        size = len(written.encode())
        if size > self._left:
            return False
        self._left -= size
        return True


def _player(file: File, source: str, height: int) -> str:
    """What shows a file of a family that can be shown."""
    style, address = _SHOWN.format(height), text(source)
    if file.family == "audio":
        return f'<audio controls preload="metadata" src="{address}" style="max-width:100%"></audio>'
    if file.family == "video":
        return f'<video controls preload="metadata" src="{address}" style="{style};min-width:240px"></video>'
    name = text(cut(file.name, _NAME))
    picture = f'<img src="{address}" alt="{name}" referrerpolicy="no-referrer" style="{style}">'
    return picture if file.is_data else _LINK.format(address, picture)


def _name_of(file: File) -> str:
    """A file's name, as HTML: where it can be, a link."""
    name, address = text(cut(file.name, _NAME)), link(file.url)
    return name if address is None else _LINK.format(text(address), name)


def _told(file: File) -> list[str]:
    """A file's kind and size, as HTML."""
    told: list[str] = []
    if file.content_type is not None:
        told.append(text(cut(file.content_type, _NAME)))
    if file.pixels is not None:
        told.append(f"{file.pixels[0]} × {file.pixels[1]}")
    if file.seconds is not None:
        told.append(f"{round(file.seconds, 2):g} s")
    if file.size is not None:
        told.append(told_size(file.size))
    if not file.is_data and link(file.url) is None:
        told.append(f"not linked: {text(short(file.url, 120))}")
    return told


def _told_fields(fields: Mapping[str, object]) -> list[str]:
    """What else a file has, as HTML."""
    first = islice(fields.items(), _MOST_FIELDS)
    told = [f"{text(cut(name, _NAME))}: {text(short(value, _MOST_OF_FIELD))}" for name, value in first]
    left_out = len(fields) - len(told)
    return [*told, f"… {_counted(left_out, 'more field')}"] if left_out else told


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _plain(value: object) -> str:
    """What is no file, as a cell of the table."""
    if not isinstance(value, str) or is_data_uri(value):
        return _PLAIN.format(text(short(value, _MOST_VALUE)))
    address = link(value)
    written = _PLAIN.format(text(cut(value, _MOST_TEXT)))
    return written if address is None else _LINK.format(text(address), written)


def _named(value: object) -> Iterable[tuple[str, Any]]:
    """What a value holds, by name; the items of a list have none, where they are files."""
    if isinstance(value, Telling):
        return told_by(value).items()
    if is_object(value):
        return [(str(name), item) for name, item in value.items()]
    if is_array(value) and not _is_all_files(value):
        return [(str(at), item) for at, item in enumerate(value)]
    return [("", value)]


def _inside(value: object) -> list[object]:
    if isinstance(value, list | tuple):
        return list(cast("list[object]", value))
    if is_object(value):
        return list(value.values())
    fields = fields_of(value)
    return [] if fields is None else [item for _, item in fields]


def _is_all_files(value: object) -> bool:
    """Whether a value is a file, or a list or dict of nothing but files."""
    if file_of(value) is not None:
        return True
    if not isinstance(value, list | tuple | dict):
        return False
    inside = _inside(cast("object", value))
    return bool(inside) and all(file_of(item) is not None for item in inside)


def _files(value: object, looks: Iterable[int]) -> Iterator[File]:
    """The files in a value, also those within others, in order. As many values are looked at as `looks` has."""
    todo: list[tuple[object, int]] = [(value, 0)]
    for _ in looks:
        item, depth = todo.pop()
        file = file_of(item)
        if file is not None:
            yield file
        if depth < _DEPTH:
            inside = _inside(item) if file is None else list(file.rest.values())
            todo += [(each, depth + 1) for each in reversed(inside)]
        if not todo:
            return
