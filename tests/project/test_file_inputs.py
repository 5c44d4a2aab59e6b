"""Which inputs take a file: by name, by mark and by table; and what that does to the types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support import obj, ref

from generator.project.file_inputs import FileTable, is_named_as_file, read_file_table
from generator.project.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from support import Project

TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}


@pytest.mark.parametrize(
    ("name", "is_file"),
    [
        ("url", True),
        ("urls", True),
        ("image_url", True),
        ("input_image_urls", True),
        ("keyframe_0_image_url", True),
        ("webhook_url", False),
        ("my_webhook_url", False),
        ("callback_url", False),
        ("curl", False),
        ("url_of", False),
        ("imageurl", False),
        ("prompt", False),
    ],
)
def test_what_a_name_says(name: str, is_file: bool) -> None:
    assert is_named_as_file(name) is is_file


def test_the_closer_entry_wins_and_an_entry_wins_over_name_and_mark() -> None:
    table = FileTable(
        files={"path": "weights", "Page.link": "why"}, not_files={"Adapter.path": "id", "page_url": "html"}
    )
    assert table.takes_file("Lora", "path", marked=False)
    assert not table.takes_file("Adapter", "path", marked=True)
    assert table.takes_file("Page", "link", marked=False)
    assert not table.takes_file("Other", "link", marked=False)
    assert table.takes_file("Other", "link", marked=True)
    assert not table.takes_file("Input", "page_url", marked=True)


def fields(project: Project, **properties: Any) -> dict[str, str]:
    """The annotations of an input's fields, as emitted."""
    project.add("fal-ai/it", input=obj(properties))
    project.regenerate()
    lines = project.module("endpoints/it.py").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("class ItInput("))
    found = (line.strip().partition(": ") for line in lines[start + 1 :] if line.startswith("    ") and ": " in line)
    return {name: text for name, _, text in found if name in properties}


@pytest.mark.parametrize(
    ("schema", "annotation"),
    [
        (TEXT, "FileInput"),
        (TEXTS, "SequenceNotStr[FileInput]"),
        ({"anyOf": [TEXT, {"type": "null"}]}, "FileInput | None"),
        ({"anyOf": [TEXT, TEXTS]}, "FileInput | SequenceNotStr[FileInput]"),
        ({**TEXT, "maxLength": 9}, "Annotated[str, Field(max_length=9)] | LocalFile"),
        ({**TEXT, "format": "uri"}, "FileInput"),
        ({**TEXT, "enum": ["a", "b"]}, 'Literal["a", "b"]'),
        ({"type": "integer"}, "int"),
        ({"type": "object", "additionalProperties": TEXT}, "Mapping[str, str]"),
    ],
)
def test_what_becomes_a_file(project: Project, schema: Any, annotation: str) -> None:
    assert fields(project, image_url=schema)["image_url"] == annotation


@pytest.mark.parametrize(
    ("marks", "is_file"),
    [
        ({"_fal_ui_field": "image"}, True),
        ({"ui": {"field": "video"}}, True),
        ({"ui": {"field": "color"}}, False),
        ({"ui": {"important": True}}, False),
        ({"ui": "image"}, False),
        ({"_fal_ui_field": 3}, False),
    ],
)
def test_marks(project: Project, marks: Any, is_file: bool) -> None:
    text = "FileInput" if is_file else "str"
    found = fields(
        project,
        a={**TEXT, **marks},
        b={"type": "array", "items": {**TEXT, **marks}},
        c={"anyOf": [{**TEXT, **marks}, {"type": "null"}]},
    )
    assert found == {"a": text, "b": f"SequenceNotStr[{text}]", "c": f"{text} | None"}


def test_nested_inputs_take_files_and_outputs_never_do(project: Project) -> None:
    parts = {"Weight": obj({"path": TEXT, "preview_url": TEXT}, required=["path"])}
    project.add(
        "fal-ai/it",
        input=obj({"weights": {"type": "array", "items": ref("Weight")}}),
        output=obj({"it": ref("Weight")}),
        components=parts,
    )
    (project.specs / "file-inputs.toml").write_text('[files]\n"Weight.path" = "weights"\n', encoding="utf-8")
    project.regenerate()
    taken, given = project.module("params/_weight.py"), project.module("models/_weight.py")
    assert "    path: Required[FileInput]" in taken
    assert "    preview_url: FileInput" in taken
    assert "    path: str" in given
    assert "FileInput" not in given


def test_a_mark_makes_another_type_and_a_name_does_not(project: Project) -> None:
    """Equal structures that differ in a mark alone must not silently become one."""
    for one, marks in (("a", {}), ("b", {"_fal_ui_field": "image"}), ("c", {})):
        weight = obj(
            {"seen": {**TEXT, **marks}, "image_url": {**TEXT, **({"ui": {"field": "image"}} if one == "c" else {})}}
        )
        project.add(f"fal-ai/{one}", input=obj({"it": ref("Weight")}), components={"Weight": weight})
    project.regenerate()
    assert "seen: str" in project.module("params/_weight.py")
    assert "params._weight import Weight" in project.module("endpoints/a.py")
    assert "params._weight import Weight" in project.module("endpoints/c.py")
    assert "seen: FileInput" in project.module("endpoints/b.py")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[files", "specs/file-inputs.toml: not TOML: "),
        ("[file]\n", "specs/file-inputs.toml: there is no table 'file'; known tables: [files], [not-files]"),
        ("files = 3\n", "specs/file-inputs.toml: files must be a table, [files]"),
        ('[files]\npath = ""\n', 'specs/file-inputs.toml: [files] \'path\' must say why, as a text: "path" = "…"'),
        ("[not-files]\npath = true\n", "specs/file-inputs.toml: [not-files] 'path' must say why"),
        ('[files]\np = "a"\n[not-files]\np = "b"\n', "specs/file-inputs.toml: 'p' is in [files] and in [not-files]"),
    ],
)
def test_a_broken_table_says_what_is_wrong(project: Project, text: str, message: str) -> None:
    (project.specs / "file-inputs.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_file_table(load_settings(project.root))
    assert str(caught.value).startswith(message)


def test_a_project_without_a_table_has_an_empty_one(project: Project) -> None:
    assert read_file_table(load_settings(project.root)) == FileTable()
