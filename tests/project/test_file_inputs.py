"""Which inputs take a file: by name, by mark and by table; and what that does to the types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from support import obj, ref, run_cli

from generator.codes import Code
from generator.parse.files import speaks_of_url
from generator.project.file_inputs import FileTable, Takes, is_named_as_file, read_file_table
from generator.project.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from support import Project

TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
MARK = {"field": "image"}


@pytest.mark.parametrize(
    ("name", "is_file"),
    [
        ("url", True),
        ("urls", True),
        ("image_url", True),
        ("input_image_urls", True),
        ("keyframe_0_image_url", True),
        ("audio_url_person1", True),
        ("image_urls_2", True),
        ("webhook_url", False),
        ("webhook_url_2", False),
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
        entries={
            "path": Takes.FILE_OR_NAME,
            "Page.link": Takes.FILE,
            "Adapter.path": Takes.TEXT,
            "page_url": Takes.TEXT,
        }
    )
    assert table.takes("Lora", "path", marked=False) is Takes.FILE_OR_NAME
    assert table.takes("Adapter", "path", marked=True) is Takes.TEXT
    assert table.takes("Page", "link", marked=False) is Takes.FILE
    assert table.takes("Other", "link", marked=False) is Takes.TEXT
    assert table.takes("Other", "link", marked=True) is Takes.FILE
    assert table.takes("Input", "page_url", marked=True) is Takes.TEXT
    assert table.takes("Other", "image_url", marked=False) is Takes.FILE


def fields(project: Project, **properties: Any) -> dict[str, str]:
    """The annotations of an input's fields, as emitted."""
    project.add("fal-ai/it", input=obj(properties))
    project.regenerate()
    lines = project.module("endpoints/it.py").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("class ItInput("))
    found = (line.strip().partition(": ") for line in lines[start + 1 :] if line.startswith("    ") and ": " in line)
    return {name: text for name, _, text in found if name in properties}


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("schema", "annotation"),
    [
        (TEXT, "FileInput"),
        (TEXTS, "SequenceNotStr[FileInput]"),
        ({"anyOf": [TEXT, {"type": "null"}]}, "FileInput | None"),
        ({"anyOf": [TEXT, TEXTS]}, "FileInput | SequenceNotStr[FileInput]"),
        ({**TEXT, "maxLength": 9}, "Annotated[str, Field(max_length=9), URL_ONLY] | LocalFile"),
        ({**TEXT, "maxLength": 9, "default": "none"}, "Annotated[str, Field(max_length=9), NO_PATH] | LocalFile"),
        ({**TEXT, "default": ""}, "FileOrName"),
        ({**TEXT, "examples": ["HTTPS://a", "data:,a"]}, "FileInput"),
        ({**TEXT, "examples": ["a.png"]}, "FileOrName"),
        ({**TEXTS, "examples": [["https://a", "auto"]]}, "SequenceNotStr[FileOrName]"),
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


def table(project: Project, text: str) -> None:
    (project.specs / "file-inputs.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("schema", "annotation"),
    [
        (TEXT, "FileOrName"),
        (TEXTS, "SequenceNotStr[FileOrName]"),
        ({"anyOf": [TEXT, TEXTS, {"type": "null"}]}, "FileOrName | SequenceNotStr[FileOrName] | None"),
        ({**TEXT, "enum": ["a", "b"]}, 'Literal["a", "b"]'),
    ],
)
def test_what_takes_a_name_too_says_so(project: Project, schema: Any, annotation: str) -> None:
    table(project, '[files-or-names]\n"ItInput.image_url" = "a preset, too"\n')
    found = fields(project, image_url=schema, video_url=TEXT)
    assert found == {"image_url": annotation, "video_url": "FileInput"}


def test_a_project_without_a_table_takes_the_weights_of_a_lora(project: Project) -> None:
    project.add("fal-ai/it", input=obj({"l": ref("LoraWeight")}), components={"LoraWeight": obj({"path": TEXT})})
    project.regenerate()
    assert "    path: FileOrName" in project.module("endpoints/it.py")


def test_the_projects_table_counts_more_than_the_generators(project: Project) -> None:
    table(project, '[not-files]\npath = "ours are names"\n[files]\n"IPAdapter.path" = "ours are files"\n')
    project.add(
        "fal-ai/it",
        input=obj({"a": ref("IPAdapter"), "l": ref("Lora"), "unet_name": TEXT}),
        components={"IPAdapter": obj({"path": TEXT}), "Lora": obj({"path": TEXT})},
    )
    project.regenerate()
    assert "path: FileInput" in project.module("endpoints/it.py")  # none of the catalogue's adapters is like it
    assert "path: str" in project.module("params/_lora.py")
    assert "unet_name: FileOrName" in project.module("endpoints/it.py")


def weights(project: Project, *endpoints: str) -> dict[str, str]:
    """Where each endpoint has its `Weight` from, and what its `path` takes."""
    for one in endpoints:
        project.add(f"fal-ai/{one}", input=obj({"it": ref("Weight")}), components={"Weight": obj({"path": TEXT})})
    project.regenerate()
    found: dict[str, str] = {}
    for one in endpoints:
        module = project.module(f"endpoints/{one}.py")
        imported = re.search(r"from \.\.params\.(\w+) import", module)
        path = re.search(r"path: (\w+)", project.module(f"params/{imported[1]}.py") if imported else module)
        found[one] = f"{imported[1] if imported else 'own'} {path[1] if path else ''}"
    return found


def test_an_exception_of_one_endpoint_makes_its_type_its_own(project: Project) -> None:
    assert weights(project, "a", "b", "c") == dict.fromkeys("abc", "_weight FileOrName")
    table(project, '[files]\n"fal-ai/b:Weight.path" = "why"\n[not-files]\n"fal-ai/c:path" = "why"\n')
    assert weights(project, "a", "b", "c") == {"a": "_weight FileOrName", "b": "own FileInput", "c": "own str"}
    table(project, '[files]\n"fal-ai/b:Weight.path" = "why"\n"fal-ai/c:Weight.path" = "why"\n')
    assert weights(project, "a", "b", "c") == {
        "a": "_weight FileOrName",
        "b": "_weight2 FileInput",
        "c": "_weight2 FileInput",
    }


def test_an_exception_that_changes_nothing_makes_no_type(project: Project) -> None:
    table(
        project,
        """
        [files-or-names]
        "fal-ai/b:Weight.path" = "as everywhere"
        [files]
        "fal-ai/c:Weight.strength" = "there is none"
        "fal-ai/other:Weight.path" = "of another endpoint"
        """,
    )
    assert weights(project, "a", "b", "c") == dict.fromkeys("abc", "_weight FileOrName")


def test_an_exception_outlives_the_documents_of_its_type(project: Project) -> None:
    """`types.lock` keeps what a shared type says: also that it is an exception."""
    table(project, '[files]\n"fal-ai/b:Weight.path" = "why"\n"fal-ai/c:Weight.path" = "why"\n')
    before = weights(project, "a", "b", "c")
    project.path("fal-ai/b").unlink()
    assert weights(project, "c") == {"c": before["c"]}


def found(project: Project, **properties: Any) -> list[str]:
    """The inputs that seem to take a file."""
    project.add("fal-ai/it", input=obj(properties))
    diagnostics = project.plan().diagnostics
    assert {one.code for one in diagnostics} <= {Code.PERHAPS_FILE}
    return [one.source.pointer.rpartition("/")[2] for one in diagnostics]


@pytest.mark.parametrize(
    ("description", "seems"),
    [
        ("URL of the image.", True),
        ("\n   The URL to a checkpoint", True),
        ("Direct HTTP(S) download URL of the file.", True),
        ("List of URLs/ Base64 data URIs.", True),
        ("A face (URL). See there.", True),
        ("The video to use. Its URL is public.", False),
        ("The format. If not given, it is told from the URL.", False),
        ("Tags, see https://x.example/url/list.", False),
        ("The url-encoded text.", False),
        ("The curl of the hair.", False),
        ("", False),
    ],
)
def test_what_a_description_says(project: Project, description: str, seems: bool) -> None:
    said = {"description": description}
    assert speaks_of_url(description) is seems
    properties = {"it": {**TEXT, **said}, "them": {**TEXTS, **said}, "n": {"type": "integer", **said}}
    assert found(project, **properties) == ["it", "them"] * seems


def test_an_example_or_a_default_that_is_a_url_tells_as_much(project: Project) -> None:
    url = "https://x.example/a.png"
    properties = {
        "example": {**TEXT, "examples": ["a", url]},
        "listed": {**TEXTS, "examples": [[url]]},
        "default": {**TEXT, "default": url},
        "prompt": {**TEXT, "examples": [f"like {url}"]},
    }
    assert found(project, **properties) == ["example", "listed", "default"]


def test_whoever_is_known_is_not_asked_about(project: Project) -> None:
    said = {**TEXT, "description": "URL of something."}
    lines = ['[not-files]\nno = "a page"\n"fal-ai/it:nor" = "a page"\n[files]\nyes = "a picture"\n']
    table(project, "".join(lines))
    known = {"image_url": said, "path": said, "no": said, "nor": said, "yes": said, "marked": {**said, "ui": MARK}}
    assert found(project, **known) == []


def test_a_seeming_file_is_shown_with_what_to_write(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.add("fal-ai/it", input=obj({"it": {**TEXT, "description": "URL of a file"}}))
    assert run_cli(project, capsys, "list", "--quality").out.splitlines()[1:] == [
        "perhaps-file  1      specs/fal-ai/it.json"
    ]
    (finding,) = project.plan().diagnostics
    assert finding.fix == (
        "say in file-inputs.toml whether it takes a file: 'ItInput.it' = \"why\" under [files] or [not-files]"
    )
    table(project, "[files]\n'ItInput.it' = \"why\"\n")
    assert project.plan().diagnostics == ()


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
        (
            "[file]\n",
            "specs/file-inputs.toml: there is no table 'file'; known tables: [files], [files-or-names], [not-files]",
        ),
        ("files = 3\n", "specs/file-inputs.toml: files must be a table, [files]"),
        ('[files]\npath = ""\n', 'specs/file-inputs.toml: [files] \'path\' must say why, as a text: "path" = "…"'),
        ("[not-files]\npath = true\n", "specs/file-inputs.toml: [not-files] 'path' must say why"),
        ('[files]\np = "a"\n[not-files]\np = "b"\n', "specs/file-inputs.toml: 'p' is in [files] and in [not-files]"),
        (
            '[files]\nLora.path = "a"\n',
            'specs/file-inputs.toml: [files] \'Lora\' is a table; put all of the key in quotes: "Lora.name" = "why"',
        ),
        (
            '[files]\n"lora:path" = "a"\n',
            "specs/file-inputs.toml: [files] 'lora:path': 'lora' is not an endpoint id; a key is \"name\", ",
        ),
        ('[files]\n"fal-ai/lora" = "a"\n', "specs/file-inputs.toml: [files] 'fal-ai/lora' names no input; a key is "),
        ('[files]\n"fal-ai/lora:" = "a"\n', "specs/file-inputs.toml: [files] 'fal-ai/lora:' names no input; "),
        ('[files]\n"Lora." = "a"\n', "specs/file-inputs.toml: [files] 'Lora.' names no input; a key is "),
    ],
)
def test_a_broken_table_says_what_is_wrong(project: Project, text: str, message: str) -> None:
    (project.specs / "file-inputs.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_file_table(load_settings(project.root))
    assert str(caught.value).startswith(message)


def test_a_project_without_a_table_has_the_generators(project: Project) -> None:
    table = read_file_table(load_settings(project.root))
    assert table.told("Lora", "path") is Takes.FILE_OR_NAME
    assert table.told("IPAdapter", "path") is Takes.TEXT
    assert table.told("IPAdapter", "path", "fal-ai/lora") is Takes.FILE_OR_NAME
    assert table.told("IPAdapter", "path", "fal-ai/flux-general") is None
