"""Texts of several kinds, PDF and SVG among them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..pictures import paint

if TYPE_CHECKING:
    from ..wish import Wish


def svg(wish: Wish) -> bytes:
    """What other pictures show, as rectangles."""
    palette = ["#{:02x}{:02x}{:02x}".format(*colour) for colour in paint.colours(wish.seed, 16)]
    size = f'width="{wish.width}" height="{wish.height}" viewBox="0 0 {wish.width} {wish.height}"'
    lines, top = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'], 0
    for line, height in zip(paint.squares(wish.seed), paint.edges(wish.height), strict=False):
        left = 0
        for one, width in zip(line, paint.edges(wish.width), strict=False):
            place = f'x="{left}" y="{top}" width="{width}" height="{height}"'
            lines.append(f'<rect {place} fill="{palette[one]}"/>')
            left += width
        top += height
    return _text([*lines, "</svg>"])


def plain(wish: Wish) -> bytes:
    """One line."""
    return _text([_sentence(wish)])


def json_file(wish: Wish) -> bytes:
    """An object."""
    return _text([json.dumps({"made_up": True, "name": wish.name, "seed": wish.seed}, indent=2)])


def csv(wish: Wish) -> bytes:
    """Two columns and a row."""
    return _text(["name,seed", f"{wish.name},{wish.seed}"])


def srt(wish: Wish) -> bytes:
    """A subtitle of two seconds."""
    return _text(["1", "00:00:00,000 --> 00:00:02,000", _sentence(wish), ""])


def vtt(wish: Wish) -> bytes:
    """A subtitle of two seconds, for the web."""
    return _text(["WEBVTT", "", "00:00.000 --> 00:02.000", _sentence(wish), ""])


def pdf(wish: Wish) -> bytes:
    """One page with one line."""
    shown = f"BT /F1 24 Tf 72 720 Td ({_sentence(wish)}) Tj ET"
    resources = "<< /Font << /F1 5 0 R >> >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources {resources} >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    text, places = "%PDF-1.4\n", list[int]()
    for number, one in enumerate(objects, start=1):
        places.append(len(text))
        text += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    return (text + head + table + end).encode("ascii")


def _sentence(wish: Wish) -> str:
    return f"made up, {wish.seed}"


def _text(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
