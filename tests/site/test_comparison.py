"""The page that compares: what is wrong with its file is told by line, all is escaped, and no number is made up."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from generator.project.settings import SettingsError
from generator.site.comparison import comparison_page, read_comparison
from generator.site.comparison.page import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Written = Callable[[dict[str, Any]], Path]

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "tests" / "benchmarks" / "comparison.json"
NASTY = "</script><img src=x onerror=alert(1)>\"'&`*_[a](javascript:x)|\n# no"


def document(text: str = "plain") -> dict[str, Any]:
    """A file with one of each, and a text of one's own wherever there is one."""
    figure = {
        "name": f"{text} to start",
        "topic": f"{text} start",
        "unit": "ms",
        "better": "less",
        "runs": 3,
        "note": text,
        "values": [
            {"who": "fal-typed", "value": 12.5, "least": 10, "most": 25},
            {"who": "fal-client", "how": text, "value": 1234.5},
        ],
        "ratios": [{"by": "fal-client", "median": 0.25, "least": 0.125, "most": 0.5}],
    }
    answers = [
        {"who": "fal-typed", "verdict": "yes", "seen": text, "shown_by": ["tests/site/test_comparison.py"]},
        {"who": "fal-client", "verdict": "no", "seen": text},
    ]
    feature = {"name": f"{text} is checked", "topic": f"{text} before", "tried": text, "answers": answers}
    run = {
        "test": "tests/benchmarks/test_it.py::test_so",
        "command": "pytest tests/benchmarks/test_it.py",
        "date": "2026-01-31",
        "machine": {"processors": 2, "system": f"{text} Linux", "python": "CPython 3.12"},
        "versions": {"fal-typed": "0.1.0", "fal-client": "1.0.3"},
        "figures": [figure],
        "features": [feature],
    }
    return {"format": 1, "runs": [run]}


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes a file."""

    def write(value: dict[str, Any]) -> Path:
        path = tmp_path / "comparison.json"
        path.write_text(json.dumps(value, indent=1), encoding="utf-8")
        return path

    return write


def pages(path: Path) -> tuple[str, str]:
    html, text = comparison_page(read_comparison(path))
    return str(html), text


# The file.


def broken(*way: str | int, to: Any) -> dict[str, Any]:
    """The file, with something else at one place; without it where that is None."""
    value = whole = document()
    for step in way[:-1]:
        value = value[step]  # type: ignore[index]
    if to is None:
        del value[way[-1]]  # type: ignore[arg-type]
    else:
        value[way[-1]] = to  # type: ignore[index]
    return whole


FIGURE = ("runs", 0, "figures", 0)


@pytest.mark.parametrize(
    ("value", "line", "said"),
    [
        (broken("format", to=2), '"format"', "Input should be 1 (#/format)"),
        (broken("runs", 0, "date", to="yesterday"), None, "'yesterday' is no date"),
        (broken("runs", 0, "test", to="/etc/passwd"), None, "'/etc/passwd' names no test"),
        (broken("runs", 0, "command", to="a\nb"), None, "a command is one line without backticks"),
        (broken("runs", 0, "command", to="a`b"), None, "a command is one line without backticks"),
        (broken("runs", 0, "machine", "processors", to="2"), '"processors"', "a valid integer"),
        (broken("runs", 0, "machine", "host", to="mine"), '"host"', "Unexpected keyword argument"),
        (broken("runs", 0, "machine", to=None), None, "Field required (#/runs/0/machine)"),
        (broken(*FIGURE, "better", to="nicer"), '"better"', "'less' or 'more'"),
        (broken(*FIGURE, "values", to=[]), None, "a figure has values"),
        (broken(*FIGURE, "values", 0, "value", to=-1), None, "a number from 0 on"),
        (broken(*FIGURE, "values", 0, "most", to="1"), '"most": "1"', "a valid number"),
        (broken("runs", 0, "features", 0, "answers", 0, "verdict", to="maybe"), '"verdict": "maybe"', "'yes'"),
        (broken("runs", 0, "features", 0, "answers", 0, "shown_by", to=["../x"]), None, "'../x' names no test"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    written: Written, value: dict[str, Any], line: str | None, said: str
) -> None:
    path = written(value)
    with pytest.raises(SettingsError) as caught:
        read_comparison(path)
    told = str(caught.value)
    assert said in told
    assert told.endswith("`make comparison` writes the file anew; it is not edited by hand")
    found = re.match(rf"{re.escape(str(path))}:(\d+): ", told)
    assert found
    if line:
        assert line in path.read_text(encoding="utf-8").splitlines()[int(found[1]) - 1]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", ":1: not JSON"),
        (b'{"format": 1,\n"runs": [NaN]}', "NaN is not a JSON number"),
        (b"\xff", "not UTF-8"),
        (b"[]", ":1: "),
        (None, "cannot be read (No such file"),
    ],
)
def test_what_is_no_such_file_is_told(tmp_path: Path, data: bytes | None, said: str) -> None:
    path = tmp_path / "comparison.json"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(SettingsError) as caught:
        read_comparison(path)
    assert said in str(caught.value)


# The page.


class Elements(HTMLParser):
    """The elements of a page, and the texts in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_strangers_texts_are_no_markup(written: Written) -> None:
    plain, nasty = (Elements(pages(written(document(text)))[0]) for text in ("plain", NASTY))
    assert [tag for tag, _ in nasty.tags] == [tag for tag, _ in plain.tags]
    assert {name for _, attributes in nasty.tags for name in attributes} == {
        name for _, attributes in plain.tags for name in attributes
    }
    assert "".join(nasty.texts).count("onerror=alert(1)") > 5


def test_strangers_texts_are_no_markdown(written: Written) -> None:
    def kinds(text: str) -> list[str]:
        tokens = MarkdownIt("commonmark").enable("table").parse(pages(written(document(text)))[1])
        return [each.type for token in tokens for each in (token, *(token.children or ())) if each.type != "text"]

    assert kinds(NASTY) == kinds("plain")


def test_nothing_on_it_is_inline_style_or_script(written: Written) -> None:
    for tag, attributes in Elements(pages(written(document()))[0]).tags:
        assert tag not in ("script", "style", "link", "img")
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_each_id_is_there_once_and_each_label_leads_to_one(written: Written) -> None:
    value = document()
    value["runs"] *= 3  # the same names again
    tags = Elements(pages(written(value))[0]).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [one for _, attributes in tags for one in (attributes.get("aria-labelledby") or "").split()]
    links = [(attributes["href"] or "").removeprefix("#") for tag, attributes in tags if tag == "a"]
    assert {*named, *links} <= set(ids)


def test_a_plot_is_drawn_to_scale_and_told_in_words(written: Written) -> None:
    html, _ = pages(written(document()))
    bars = [attributes for tag, attributes in Elements(html).tags if "plot-bar" in (attributes.get("class") or "")]
    assert [one["width"] for one in bars] == [f"{100 * 12.5 / 1234.5:.2f}%", "100.00%"]
    assert ["plot-ours" in (one["class"] or "") for one in bars] == [True, False]
    assert "fal-typed: 12.5 ms (10 to 25 ms); fal-client, plain: 1,234 ms. Less is better." in html
    assert "fal-typed / fal-client: 0.25 (0.125 to 0.5)" in html


def test_numbers_as_people_read_them() -> None:
    values = [0, 0.00012, 0.0456, 1.2345, 2, 99.96, 100.4, 12345.6]
    assert [*map(number, values)] == ["0", "0.00012", "0.0456", "1.23", "2", "100", "100", "12,346"]


def test_of_nothing_there_is_a_page_too(written: Written) -> None:
    html, text = pages(written({"format": 1, "runs": []}))
    assert "Nothing was measured yet." in html
    assert "Nothing was measured yet." in text


def test_where_several_machines_measured_each_figure_tells_its_own(written: Written) -> None:
    value = document()
    value["runs"] += document()["runs"]
    value["runs"][1]["machine"]["processors"] = 1
    value["runs"][1]["date"] = "2026-02-01"
    html, text = pages(written(value))
    assert "3 runs of each, 2026-02-01, 1 processor, plain Linux, CPython 3.12" in html
    assert "Measured between 2026-01-31 and 2026-02-01 with 1 processor" in text


# The file of this repository.


def functions_of(path: Path) -> set[str]:
    return {*re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)}


def test_the_committed_file_names_tests_that_are_there() -> None:
    runs = read_comparison(COMMITTED).runs
    assert runs
    for run in runs:
        file, _, test = run.test.partition("::")
        assert test.partition("[")[0] in functions_of(ROOT / file), run.test
        assert run.command.endswith(run.test.partition("[")[0])
        for answer in (one for feature in run.features for one in feature.answers):
            for shown in answer.shown_by:
                assert (ROOT / shown.partition("::")[0]).is_file(), shown


def test_what_we_say_of_ourselves_is_shown_by_tests() -> None:
    answers = [
        (feature.name, one)
        for run in read_comparison(COMMITTED).runs
        for feature in run.features
        for one in feature.answers
    ]
    assert [name for name, one in answers if one.who == "fal-typed" and one.verdict == "yes" and not one.shown_by] == []
    assert {one.who for _, one in answers if one.verdict == "yes"} >= {"fal-typed", "fal-client"}
    assert [name for name, one in answers if one.who == "fal-typed" and one.verdict == "no"], "we cannot be that good"


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for one in value.values() for text in texts(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in texts(one))
    else:
        yield str(value)


def test_every_figure_on_the_page_is_in_the_file() -> None:
    comparison = read_comparison(COMMITTED)
    html, text = comparison_page(comparison)
    figures = [one for run in comparison.runs for one in run.figures]
    known = {number(value.value) for one in figures for value in one.values}
    shown = re.findall(r'<text class="plot-value"[^>]*>([\d.,]+)', html)
    assert len(shown) == sum(len(one.values) for one in figures)
    assert {*shown} <= known
    assert [one.name for one in figures if one.name not in text] == []


def test_the_committed_file_tells_no_place_of_the_machine() -> None:
    found = "\n".join(texts(json.loads(COMMITTED.read_text(encoding="utf-8"))))
    assert not re.search(r"/(home|root|tmp|work|Users|var|dev)/|127\.0\.0\.1:\d|localhost", found)
