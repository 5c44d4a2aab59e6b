"""The picture of the README: an editor that offers what an input may be, and a call that is refused, as SVG.

Nothing in it is made up: the list is that of the emitted types, and the terminal shows what a run printed.
"""

from __future__ import annotations

import io
import keyword
import tokenize
from xml.sax.saxutils import escape

# One cell of the grid that all text stands in, in pixels. `textLength` holds every font to it.
WIDTH, HEIGHT = 7.2, 20
MARGIN, COLUMNS = 22, 114
WHOLE = round(2 * MARGIN + COLUMNS * WIDTH)
STYLE = """
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }
.page { fill: #ffffff; stroke: #d0d7de; } .bar { fill: #f6f8fa; } .line { stroke: #d0d7de; }
.popup { fill: #ffffff; stroke: #b6bec8; } .chosen { fill: #dbeafe; }
.plain { fill: #1f2328; } .dim { fill: #818b98; } .keyword { fill: #cf222e; } .string { fill: #0a3069; }
.name { fill: #8250df; } .kind { fill: #953800; } .wrong { fill: #cf222e; } .good { fill: #1a7f37; }
@media (prefers-color-scheme: dark) {
  .page { fill: #0d1117; stroke: #3d444d; } .bar { fill: #151b23; } .line { stroke: #3d444d; }
  .popup { fill: #1c2430; stroke: #4d5763; } .chosen { fill: #1f3a5f; }
  .plain { fill: #e6edf3; } .dim { fill: #7d8590; } .keyword { fill: #ff7b72; } .string { fill: #a5d6ff; }
  .name { fill: #d2a8ff; } .kind { fill: #ffa657; } .wrong { fill: #ff7b72; } .good { fill: #56d364; }
}
"""
Run = tuple[str, str]
"""A class of the style, and text."""


def draw(code: str, choices: list[str], command: str, printed: str) -> str:
    """The picture.

    Args:
        code: What stands in the editor; behind its end is the cursor.
        choices: What the editor offers there.
        command: What was typed into the terminal.
        printed: What came of it.
    """
    lines = code.split("\n")
    cursor = 5 + len(lines[-1])
    rows = len(lines) + len(choices) + 1
    terminal = [[("good", "$ "), ("plain", command)], *([_told(line)] for line in printed.rstrip("\n").split("\n"))]
    top = 34 + 14
    middle = top + HEIGHT * rows + 10
    height = middle + 34 + 14 + HEIGHT * len(terminal) + 8
    parts = [
        f'<rect class="page" x="0.5" y="0.5" width="{WHOLE - 1}" height="{height - 1}" rx="8"/>',
        *_bar(0.5, "panda.py", rounded=True),
        *(_text(top + HEIGHT * at, 0, [("dim", f"{at + 1:2}")]) for at in range(len(lines))),
        *(_text(top + HEIGHT * at, 5, runs) for at, runs in enumerate(_coloured(lines))),
        f'<rect class="plain" x="{_x(cursor) + 0.5:g}" y="{top + HEIGHT * len(lines) - 21}" width="1.5" height="16"/>',
        *_popup(top + HEIGHT * len(lines), cursor - 3, choices),
        *_bar(middle, "terminal", rounded=False),
        *(_text(middle + 34 + 14 + HEIGHT * at, 0, runs) for at, runs in enumerate(terminal)),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WHOLE}" height="{height}" viewBox="0 0 {WHOLE} {height}" '
        f'role="img">\n<title>{escape(_title(choices, printed))}</title>\n<style>{STYLE}</style>\n'
    )
    return head + "\n".join(parts) + "\n</svg>\n"


def _title(choices: list[str], printed: str) -> str:
    return f"An editor offers {', '.join(choices)}. In a terminal, a misspelt input: {' '.join(printed.split())}"


def _x(column: float) -> float:
    return round(MARGIN + column * WIDTH, 1)


def _bar(y: float, title: str, *, rounded: bool) -> list[str]:
    """The head of a pane: that of the window has the three buttons."""
    right, below = WHOLE - 0.5, y + 34
    if not rounded:
        return [
            f'<rect class="bar" x="1" y="{y}" width="{WHOLE - 2}" height="34"/>',
            f'<path class="line" d="M0.5 {y}H{right}M0.5 {below}H{right}"/>',
            _text(y + 11, 0, [("dim", title)]),
        ]
    shape = f"M1 {below}V9a8 8 0 0 1 8 -8H{WHOLE - 9}a8 8 0 0 1 8 8V{below}Z"
    dots = [f'<circle class="line" cx="{26 + 20 * at}" cy="17.5" r="5.5" fill="none"/>' for at in range(3)]
    line = f'<path class="line" d="M0.5 {below}H{right}"/>'
    return [f'<path class="bar" d="{shape}"/>', *dots, line, _text(12, 10, [("plain", title)])]


def _popup(y: float, column: int, choices: list[str]) -> list[str]:
    """The list below the cursor, whose first entry is chosen."""
    width = round((max(map(len, choices)) + 6) * WIDTH)
    x = _x(column) - 6
    parts = [
        f'<rect class="popup" x="{x:g}" y="{y}" width="{width}" height="{HEIGHT * len(choices) + 8}" rx="4"/>',
        f'<rect class="chosen" x="{x + 1:g}" y="{y + 4}" width="{width - 2}" height="{HEIGHT}"/>',
    ]
    for at, choice in enumerate(choices):
        parts.append(_text(y + 6 + HEIGHT * at, column, [("kind", "≡ "), ("plain", choice)]))
    return parts


def _text(y: float, column: float, runs: list[Run]) -> str:
    """A line of text, each run in its place on the grid."""
    spans: list[str] = []
    for kind, text in runs:
        if text.strip():
            lead = len(text) - len(text.lstrip())
            body = text.strip()
            length = round(len(body) * WIDTH, 1)
            spans.append(
                f'<tspan class="{kind}" x="{_x(column + lead):g}" textLength="{length:g}" '
                f'lengthAdjust="spacingAndGlyphs">{escape(body)}</tspan>'
            )
        column += len(text)
    return f'<text y="{y + 11:g}">{"".join(spans)}</text>'


def _told(line: str) -> Run:
    """A line of the terminal: what is said in the end is what is read first."""
    is_dim = line.startswith(("Traceback", "…"))
    return ("dim" if is_dim else "wrong" if "Error:" in line else "plain", line)


def _coloured(lines: list[str]) -> list[list[Run]]:
    """Code by the kinds of its words. The last string may have no end yet."""
    coloured: list[list[Run]] = []
    for line in lines:
        runs: list[Run] = []
        at = 0
        for token in _tokens(line):
            (_, start), (_, end) = token.start, token.end
            if end > len(line) or start < at:
                end = len(line)
            runs += [("plain", line[at:start]), (_kind(token, line[end:]), line[start:end])]
            at = end
        coloured.append([run for run in [*runs, ("plain", line[at:])] if run[1]])
    return coloured


def _tokens(line: str) -> list[tokenize.TokenInfo]:
    """The words of one line; an open string is closed for it."""
    text = line.strip()
    whole = text + '"' * (text.count('"') % 2)
    before = len(line) - len(line.lstrip())
    found: list[tokenize.TokenInfo] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(whole + "\n").readline):
            if token.string.strip():
                (row, start), (_, end) = token.start, token.end
                found.append(token._replace(start=(row, start + before), end=(row, end + before)))
    except tokenize.TokenError:  # a bracket that is open still: all words were told
        pass
    return found


def _kind(token: tokenize.TokenInfo, after: str) -> str:
    if token.type == tokenize.STRING:
        return "string"
    if token.type != tokenize.NAME:
        return "plain"
    if keyword.iskeyword(token.string):
        return "keyword"
    if token.string[0].isupper():
        return "kind"
    return "name" if after.startswith("(") else "plain"
