"""`census`: from counted structures to the table of names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support import INTEGER, STRING, Project, obj, ref, run_cli

from generator.project.type_table import TypeTable, parse_table

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[str]
SMALL = obj({"url": STRING}, required=["url"])
BIG = obj({"url": STRING, "width": INTEGER}, required=["url"])
HUGE = obj({"url": STRING, "width": INTEGER, "height": INTEGER}, required=["url"])


def counted(schema: Any, outputs: int = 0, inputs: int = 0) -> dict[str, Any]:
    return {"inputs": inputs, "outputs": outputs, "schema": schema}


class Table:
    """A table in a temporary folder, and the command that brings it up to date."""

    def __init__(self, folder: Path, project: Project, capsys: Capture) -> None:
        self.path = folder / "table.json"
        self._census = folder / "census.json"
        self._project, self._capsys = project, capsys

    def take(self, census: Any) -> str:
        """Run the command, and give back what it said."""
        done = self.run(json.dumps(census, indent=1))
        assert (done.code, done.out) == (0, "")
        return done.err

    def run(self, census: str) -> Any:
        self._census.write_text(census, encoding="utf-8")
        return run_cli(self._project, self._capsys, "census", str(self._census), "--table", str(self.path))

    @property
    def read(self) -> TypeTable:
        return parse_table(self.path.read_text(encoding="utf-8"))

    def names(self, kind: str = "models") -> dict[str, int]:
        """The names of a kind, with their counts."""
        return {name: one.endpoints for (of, name), one in self.read.entries.items() if of == kind}


@pytest.fixture
def table(tmp_path: Path, project: Project, capsys: Capture) -> Table:
    return Table(tmp_path, project, capsys)


def test_the_commonest_structure_has_the_plain_name(table: Table) -> None:
    said = table.take({"Pic": [counted(SMALL, 2), counted(BIG, 9), counted(HUGE, 1)]})
    assert table.names() == {"Pic": 9, "Pic2": 2}
    assert [p.wire_name for p in table.read.entries["models", "Pic"].structure().properties] == ["url", "width"]
    assert said.endswith("table.json: 2 types, 1 of them with a number for a name\n")
    assert said.startswith("new: models.Pic, Pic of 9 endpoints\nnew: models.Pic2, Pic of 2 endpoints\n")


def test_structures_that_are_emitted_alike_count_together(table: Table) -> None:
    nullable = obj({"url": STRING, "width": {**INTEGER, "nullable": True}}, required=["url"], description="Prose.")
    table.take({"Pic": [counted(SMALL, 5), counted(BIG, 3), counted(nullable, 3)]})
    assert table.names() == {"Pic": 6, "Pic2": 5}
    assert "Prose" not in table.path.read_text(encoding="utf-8")


def test_inputs_and_outputs_are_counted_apart(table: Table) -> None:
    table.take({"Pic": [counted(SMALL, 1, 4), counted(BIG, 3, 2)]})
    assert (table.names(), table.names("params")) == ({"Pic": 3}, {"Pic": 4, "Pic2": 2})


def test_a_name_that_is_given_stays_whatever_a_later_census_counts(table: Table) -> None:
    table.take({"Pic": [counted(SMALL, 2), counted(BIG, 9)]})
    before = table.path.read_text(encoding="utf-8")
    table.path.write_text(
        before.replace('"Pic2": {"component": "Pic",', '"TinyPic": {"component": "Pic", "reason": "small",'),
        encoding="utf-8",
    )
    table.take({"Pic": [counted(SMALL, 20), counted(HUGE, 7)]})
    assert table.names() == {"Pic": 9, "TinyPic": 20, "Pic2": 7}
    assert table.read.entries["models", "TinyPic"].reason == "small"


def test_a_number_never_makes_the_name_of_another_component(table: Table) -> None:
    table.take({"Pic": [counted(SMALL, 2), counted(BIG, 9)], "Pic2": [counted(HUGE, 3)]})
    assert table.names() == {"Pic": 9, "Pic3": 2, "Pic2": 3}


def test_a_tie_is_told_until_a_reason_decides_it(table: Table) -> None:
    census = {"Pic": [counted(SMALL, 5), counted(BIG, 5)]}
    assert "a tie: models.Pic, Pic of 5 endpoints; decide" in table.take(census)
    text = table.path.read_text(encoding="utf-8")
    table.path.write_text(text.replace('"Pic": {', '"Pic": {"reason": "it has a size",', 1), encoding="utf-8")
    assert "a tie" not in table.take(census)


def test_what_a_type_mentions_goes_by_its_name_and_what_nobody_counted_is_left_out(table: Table) -> None:
    two = obj({"one": ref("Pic"), "other": ref("Pic")})
    table.take({"Pic": [counted(SMALL, 5)], "Two": [counted(two, 5)], "Lost": [counted(obj({"it": ref("No")}), 4)]})
    assert table.names() == {"Pic": 5, "Two": 5}


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    "pictures",
    [
        [counted(BIG, outputs=5), counted(SMALL, outputs=2, inputs=9)],
        [counted(BIG, inputs=3), counted(SMALL, inputs=2)],  # for want of any in outputs
    ],
)
def test_what_an_output_mentions_is_what_most_outputs_have(pictures: list[Any], order: int, table: Table) -> None:
    def digest(pictures: list[Any]) -> str:
        table.path.unlink(missing_ok=True)
        table.take({"Two": [counted(obj({"one": ref("Pic")}), 5)], "Pic": pictures})
        return table.read.entries["models", "Two"].digest

    assert digest(pictures[::order]) == digest([counted(BIG, 5)]) != digest([counted(SMALL, 5)])


def test_a_plain_file_has_a_class_for_each_kind_of_media_in_outputs(table: Table) -> None:
    """They are what the commonest file is, and no endpoint is counted for them."""
    table.take({"File": [counted(SMALL, 5, 2), counted(BIG, 9)]})
    plain = dict.fromkeys(("PlainImage", "PlainVideo", "PlainAudio"), 0)
    assert (table.names(), table.names("params")) == ({"File": 9, "File2": 5, **plain}, {"File": 2})
    entries = table.read.entries
    assert {entries["models", name].digest for name in plain} == {entries["models", "File"].digest}


def test_the_order_of_a_census_means_nothing(table: Table) -> None:
    structures = [counted(SMALL, 2), counted(BIG, 2), counted(HUGE, 2)]
    table.take({"Pic": structures, "Photo": structures})
    before = table.path.read_bytes()
    table.path.unlink()
    table.take({"Photo": structures[::-1], "Pic": structures[::-1]})
    assert table.path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", ":1: not JSON: "),
        ("[]", ":1: expected a table of component names, not [] (#)"),
        ('{"Pic":\n 3}', ":1: expected a list of structures, not 3 (#/Pic)"),
        ('{"Pic": [\n 3]}', ":2: expected a structure with its counts, not 3 (#/Pic/0)"),
        ('{"Pic": [\n{"inputs": 1,\n "outputs": 1}]}', ":2: expected a JSON schema, not None (#/Pic/0/schema)"),
        ('{"Pic": [\n{"inputs": 1,\n "outputs": -1, "schema": {}}]}', ":3: outputs must be a number of endpoints"),
        ('{"Pic": [\n{"inputs": true,\n "outputs": 1, "schema": {}}]}', ":2: inputs must be a number of endpoints"),
        ('{" ": [\n{"inputs": 1, "outputs": 1, "schema": {}}]}', ":2: a component must have a name"),
    ],
)
def test_a_file_that_is_no_census_is_refused_with_the_place(text: str, message: str, table: Table) -> None:
    done = table.run(text)
    assert (done.code, done.out) == (2, "")
    assert f"census.json{message}" in done.err
    assert not table.path.exists()


def test_a_table_that_is_damaged_is_not_overwritten(table: Table) -> None:
    table.path.write_text("{}", encoding="utf-8")
    done = table.run("{}")
    assert done.code == 2
    assert "not a table of types" in done.err
    assert table.path.read_text(encoding="utf-8") == "{}"
