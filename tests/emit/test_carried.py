"""The file of schemas that the package carries: its lines, what it is made of anew, and when it stays as it is."""

from __future__ import annotations

import base64
import lzma
from typing import TYPE_CHECKING

import pytest
from support import STRING, Project, obj

from generator.diagnostics import DefectError
from generator.emit.carried import carried, packed, unpacked
from generator.ir.remembered import Remembered
from generator.json_text import JsonText
from generator.project.cache import Cache

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "Generated from specs/ by a test; do not edit."
LINES = {"fal-ai/b": 'fal-ai/b\t{"input":{}}', "fal-ai/a": 'fal-ai/a\t{"output":{"title":"\\\\u00e9"}}'}


def test_the_lines_come_back() -> None:
    text = packed(LINES, HEADER)
    assert text.startswith(f"# {HEADER}\n")
    long = packed({"a/a": "a/a\t" + "".join(chr(33 + at * at % 89) for at in range(999))}, HEADER)
    assert max(map(len, long.splitlines())) == 120
    assert unpacked(text, HEADER) == LINES
    paragraphs = text.partition("\n")[2].split("\n\n")
    data = b"".join(lzma.decompress(base64.b64decode(each)) for each in paragraphs).decode()
    assert data == f"{LINES['fal-ai/a']}\n{LINES['fal-ai/b']}\n"
    assert unpacked(packed({}, HEADER), HEADER) == {}


@pytest.mark.parametrize(
    "line", ["fal-ai/a\t{}\nfal-ai/b\t{}", "fal-ai/a\té", "fal-ai/a\t", "fal-ai/b\t{}", "fal-ai/a {}", "a\t{}\r"]
)
def test_what_is_no_line_is_refused(line: str) -> None:
    with pytest.raises(DefectError):
        packed({"fal-ai/a": line}, HEADER)


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "",
        "other\n",
        packed(LINES, "Another header."),
        packed(LINES, HEADER)[:-40],
        packed(LINES, HEADER) + packed(LINES, HEADER).partition("\n")[2],
        packed(LINES, HEADER).replace("/", "?"),
        f"# {HEADER}\nÄÖÜ\n",
    ],
    ids=range(8),
)
def test_what_is_no_such_file_has_no_lines(broken: str | None) -> None:
    assert unpacked(broken, HEADER) == {}


class Maker:
    """Counts what is made anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[str] = []

    def carried(self, wanted: dict[str, str], there: str | None, kept: tuple[str, ...] = ()) -> str:
        self.made = []
        cache = Cache(self.folder, "carried")
        text = carried(wanted, kept, there, HEADER, lambda one: self.make(one, wanted[one]), cache)
        cache.save()
        return text

    def make(self, endpoint_id: str, key: str) -> JsonText:
        self.made.append(endpoint_id)
        return JsonText(f'{{"{key.rstrip("!")}":1}}')


def test_only_what_changed_is_made_anew(tmp_path: Path) -> None:
    maker = Maker(tmp_path)
    first = maker.carried({"a/a": "1", "a/b": "1"}, None)
    assert maker.made == ["a/a", "a/b"]
    assert maker.carried({"a/a": "1", "a/b": "1"}, first) == first
    assert maker.made == []
    second = maker.carried({"a/a": "1", "a/b": "2", "a/c": "1"}, first)
    assert maker.made == ["a/b", "a/c"]
    assert unpacked(second, HEADER)["a/b"] == 'a/b\t{"2":1}'
    third = maker.carried({"a/b": "2", "a/c": "1"}, second)
    assert maker.made == []
    assert [*unpacked(third, HEADER)] == ["a/b", "a/c"]
    assert third == packed({"a/b": 'a/b\t{"2":1}', "a/c": 'a/c\t{"1":1}'}, HEADER)


def test_one_changed_line_changes_its_paragraph_alone() -> None:
    lines = {f"a/{number:03}": f'a/{number:03}\t{{"{number}":1}}' for number in range(400)}
    changed = {**lines, "a/200": 'a/200\t{"new":1}', "a/2000": 'a/2000\t{"new":1}'}
    one, other = (packed(each, HEADER).split("\n\n") for each in (lines, changed))
    assert len(one) > 4
    assert len(set(other) - set(one)) == 1
    assert unpacked("\n\n".join(other), HEADER) == dict(sorted(changed.items()))


def test_paragraphs_that_stay_are_not_compressed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, wanted = Maker(tmp_path), {f"a/{number:03}": "1" for number in range(400)}
    text, asked, real = maker.carried(wanted, None), list[bytes](), lzma.compress
    monkeypatch.setattr(lzma, "compress", lambda data, **how: asked.append(data) or real(data, **how))
    assert maker.carried({**wanted, "a/200": "2"}, text) != text
    assert [data.count(b'"2"') for data in asked] == [1]


def test_nothing_is_decompressed_where_nothing_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = Maker(tmp_path)
    text = maker.carried({"a/a": "1"}, None)
    monkeypatch.setattr("generator.emit.carried._paragraphs", None)
    assert maker.carried({"a/a": "1"}, text) == text


def test_a_file_of_another_xz_stays_where_it_says_the_same(tmp_path: Path) -> None:
    maker = Maker(tmp_path)
    made = maker.carried({"a/a": "1"}, None)
    data = lzma.compress(b'a/a\t{"1":1}\n', preset=0, check=lzma.CHECK_NONE)
    other = f"# {HEADER}\n{base64.b64encode(data).decode()}\n"
    assert other != made
    assert maker.carried({"a/a": "1"}, other) == other
    # Also without a cache, and where the key is another one for the same schemas.
    assert Maker(tmp_path / "fresh").carried({"a/a": "1"}, other) == other
    assert maker.carried({"a/a": "1!"}, other) == other
    assert maker.made == ["a/a"]
    assert maker.carried({"a/a": "2"}, other) != other


def test_a_line_that_the_cache_does_not_vouch_for_is_made_anew(tmp_path: Path) -> None:
    maker = Maker(tmp_path)
    text = maker.carried({"a/a": "1"}, None)
    forged = packed({"a/a": 'a/a\t{"evil":1}'}, HEADER)
    assert maker.carried({"a/a": "1"}, forged) == text
    assert maker.made == ["a/a"]


def test_an_endpoint_that_stays_keeps_its_line(tmp_path: Path) -> None:
    maker = Maker(tmp_path)
    text = maker.carried({"a/a": "1", "a/b": "1"}, None)
    assert maker.carried({"a/a": "1"}, text, kept=("a/b",)) == text
    assert maker.made == []
    assert maker.carried({"a/a": "1"}, text, kept=("a/b",)) == text
    assert [*unpacked(maker.carried({"a/a": "1"}, text), HEADER)] == ["a/a"]


# --- in a project ---------------------------------------------------------------------------------------------------


def lines(project: Project) -> dict[str, str]:
    text = (project.output / "fal_typed" / "_schemas.txt").read_text(encoding="utf-8")
    return unpacked(text, text.partition("\n")[0].removeprefix("# "))


def test_a_project_carries_what_it_covers(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.add("fal-ai/one", input=obj({"prompt": {**STRING, "description": "First\n\u2028\x00\"'\\."}}))
    project.add("fal-ai/two", input=obj({"prompt": STRING}))
    project.regenerate()
    assert [*lines(project)] == ["fal-ai/one", "fal-ai/two"]
    project.path("fal-ai/one").write_text("{", encoding="utf-8")
    project.regenerate()
    assert [*lines(project)] == ["fal-ai/one", "fal-ai/two"]
    project.path("fal-ai/one").unlink()
    project.regenerate()
    assert [*lines(project)] == ["fal-ai/two"]
    project.path("fal-ai/two").unlink()
    assert "fal_typed/_schemas.txt" in project.tree()


def test_one_changed_document_is_the_only_one_that_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project(tmp_path)
    for name in ("one", "two", "three"):
        project.add(f"fal-ai/{name}", input=obj({"prompt": STRING}))
    project.regenerate()
    project.add("fal-ai/two", input=obj({"prompt": {**STRING, "description": "Anew."}}))
    asked: list[str] = []
    real = Remembered.schemas
    monkeypatch.setattr(Remembered, "schemas", lambda self, one: asked.append(one.id) or real(self, one))
    result = project.regenerate()
    assert asked == ["fal-ai/two"]
    assert "fal_typed/_schemas.txt" in result.changes.write
    assert "Anew." in lines(project)["fal-ai/two"]
