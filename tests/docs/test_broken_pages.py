"""Whatever happens to a page, a reader gives a description or says what it cannot read, and in time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docs.support import PAGES, Form, Page, emitted, held, text_of
from generator.docs.compare.descriptions import compare
from generator.docs.describe import Description, Reading
from generator.docs.limits import LINES, PAGE_BYTES
from generator.docs.pages.api_page import read_page
from generator.docs.pages.folder import page_of, stored_pages
from generator.docs.pages.llms import read_llms

if TYPE_CHECKING:
    from pathlib import Path

SCHEMAS = [
    page for page in PAGES if page.endpoint.endswith(("nucleus-image", "pixart-sigma", "recraft/v2/text-to-image"))
]


@st.composite
def broken(draw: st.DrawFn) -> tuple[Page, str]:
    """A page with lines dropped, doubled, cut, reordered, or exchanged for something else."""
    page = draw(st.sampled_from(SCHEMAS))
    lines = text_of(page).split("\n")
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        to = draw(st.integers(at, min(at + 8, len(lines))))
        match draw(st.sampled_from(["drop", "double", "cut", "move", "turn", "put", "end"])):
            case "drop":
                del lines[at:to]
            case "double":
                lines[at:at] = lines[at:to]
            case "cut":
                lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
            case "move":
                chunk = lines[at:to]
                del lines[at:to]
                place = draw(st.integers(0, len(lines)))
                lines[place:place] = chunk
            case "turn":
                lines[at:to] = lines[at:to][::-1]
            case "put":
                lines[at] = draw(
                    st.text(max_size=40) | st.sampled_from(["{", "}", "#", "```json", "- **`", "* required"])
                )
            case _:
                del lines[at + 1 :]
        lines = lines or [""]
    return page, "\n".join(lines)


@settings(max_examples=150, deadline=2_000, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(broken())
def test_a_damaged_page(case: tuple[Page, str]) -> None:
    page, text = case
    reading, comparison = held(page, text)
    assert isinstance(reading, Reading)
    count = text.count("\n") + 1
    assert all(0 <= problem.line <= count and problem.message for problem in reading.problems)
    if reading.description == Description(rendered=reading.description.rendered):
        assert reading.problems, "an empty description without a word why"
    assert all(one.page != one.emitted for one in comparison.disagreements)


@settings(max_examples=100, deadline=2_000, derandomize=True)
@given(st.text())
def test_any_text(text: str) -> None:
    assert read_llms(text).problems
    assert read_page(text).problems


@pytest.mark.parametrize(
    ("largest", "fault"),
    [(b"x" * PAGE_BYTES, "is larger than 1,048,576 bytes"), (b"#\n" * LINES, "has more than 50,000 lines")],
    ids=["bytes", "lines"],
)
def test_a_page_may_be_so_large_and_no_larger(largest: bytes, fault: str, tmp_path: Path) -> None:
    for name, data in [("a__b.llms.txt", largest), ("c__d.llms.txt", largest + b"\n")]:
        (tmp_path / name).write_bytes(data)
    fits, is_larger = stored_pages(tmp_path, "pages")
    assert (fits.fault, is_larger.fault.partition(", which no page ")[0]) == ("", fault)
    assert (len(fits.text or ""), is_larger.text) == (len(largest), None)


HEAD = "### Input Schema\n\n- **`a`** (`string`, _optional_):\n"
LONG = {
    "brackets": HEAD + "  - Default: `" + "[" * 50_000 + "`\n",
    "deep JSON": HEAD + "  - Default: `" + "[" * 3_000 + "]" * 3_000 + "`\n",
    "a deep type": f"### Input Schema\n\n- **`a`** (`{'list<' * 5_000}string{'>' * 5_000}`, _optional_):\n",
    "a long number": HEAD + "  - Default: `" + "9" * 50_000 + "`\n",
    "many suffixes": HEAD + "  " + "Default value: " * 3_000 + "\n",
    "many bullets": HEAD + "  - Default: `1`\n" * 20_000,
    "stars": HEAD + "*" * 100_000 + "\n",
    "spaces": HEAD + " " * 100_000 + "x\n",
    "fences": HEAD + "```json\n" * 20_000,
    "headings": "### Input Schema\n" * 20_000,
    "page brackets": "Schema\nInput\n#\n" + "{\n" * 20_000,
    "page notes": "Schema\nInput\n#\nprompt string\n" + "Note: For custom image sizes\n" * 20_000,
    "page lines": "Schema\nInput\n#\n" + "prompt string\n" * 20_000,
    "titles": "# a\n" * 200_000,
    "lists without end": f"### Input Schema\n\n- **`a`** (`{'list<' * 150_000}`, _optional_):\n",
    "an example without end": "### Input Schema\n**" + "Example " * 120_000 + "\n",
    "levels": "### Input Schema\n" + "".join(f"{' ' * i}- **`f{i}`** (`A`)\n" for i in range(1_300)),
    "fields": "### Input Schema\n" + "".join(f"- **`f{i}`** (`string`)\n" for i in range(30_000)),
    "fields that are allowed": "### Input Schema\n" + "".join(f"- **`f{i}`** (`T{i}`)\n" for i in range(2_000)),
    "a long name": f"### Input Schema\n\n- **`{'a' * 1_000_000}`** (`string`):\n",
    "suffixes": HEAD + "  " + "Default value: x. " * 55_000,
    "links": "Schema\nInput\n#\nprompt string\n" + "[" * 500_000 + "[a](" * 100_000 + "\n",
    "page types": "Schema\nInput\n#\n" + "prompt " + "list<a> | " * 40 + "! x\n",
    "page fields": "Schema\nInput\n#\n" + "".join(f"f{i} string\n" for i in range(30_000)),
    "page titles": "Schema\nInput\n#\n" + "a\n#\n" * 24_000,
    "page headings": "Schema\nInput\n#\n" + "a\n#\n" * 200_000,
    "page words": "Schema\nInput\n#\n" + "prompt\nstring\n" + "Word.\n" * 20_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
def test_no_page_takes_long(name: str) -> None:
    emitted()
    start = time.process_time()
    for form in Form:
        reading = page_of(LONG[name].encode(), endpoint="a/b", form=form, shown="x").read()
        compare(reading.description, emitted()["fal-ai/nucleus-image"])
        assert reading.problems or reading.description.input
        assert sum(len(one.message) for one in reading.problems) < 10_000
    assert time.process_time() - start < 5
