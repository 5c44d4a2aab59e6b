"""What `diff` says where a file becomes a picture, a video or a sound, or is one no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support import INTEGER, STRING, Project, document, obj, ref

from generator.diff.compare import compare
from generator.diff.load import load_state
from generator.parse.media import EXCEPTIONS, Told
from generator.project.settings import load_settings
from generator.shapes import Media

from .states import IT, States, giving

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = {"url": STRING, "content_type": STRING}
FILE = obj(FIELDS, required=["url"])
SIZED = obj({**FIELDS, "width": INTEGER, "height": INTEGER}, required=["url"])
HEARD = obj({**FIELDS, "sample_rate": INTEGER}, required=["url"])


def lines(changes: Any) -> list[str]:
    return [f"{one.verdict.value}: {one.text}" for one in changes]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (SIZED, FILE, ["major: `Result` (output) is no longer a picture (`AnyImage`)."]),
        (FILE, SIZED, ["minor: `Result` (output) is now a picture (`AnyImage`)."]),
        (
            SIZED,
            HEARD,
            [
                "major: `Result` (output) is no longer a picture (`AnyImage`).",
                "minor: `Result` (output) is now a sound (`AnyAudio`).",
            ],
        ),
    ],
)
def test_a_type_whose_fields_told(old: Any, new: Any, said: list[str], tmp_path: Path) -> None:
    changes = States(tmp_path).changes(giving(ref("Result"), Result=old), giving(ref("Result"), Result=new))
    assert [line for line in lines(changes) if "`AnyImage`" in line or "`AnyAudio`" in line] == said


def test_nothing_is_said_of_inputs(tmp_path: Path) -> None:
    def taking(schema: Any) -> Any:
        given = obj({"it": ref("Result")})
        return document(IT, input=given, components={"Result": schema})

    changes = States(tmp_path).changes(taking(SIZED), taking(FILE))
    assert {one.kind for one in changes} == {"field-removed", "type-moved"}


@pytest.mark.parametrize("nested", [False, True])
def test_a_field_of_which_another_thing_is_known_is_major(
    nested: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generator may change its mind about a field: nobody's code breaks in silence."""
    held = {"type": "array", "items": ref("File")} if nested else ref("File")
    project = Project(tmp_path)
    project.add(IT, output=obj({"video": held}), components={"File": FILE})
    settings = load_settings(project.root)
    old = load_state(settings, None).surface
    monkeypatch.setitem(EXCEPTIONS, "ItOutput.video", Told(Media.AUDIO, "it sounds"))
    audio = load_state(settings, None).surface
    monkeypatch.setitem(EXCEPTIONS, "ItOutput.video", Told(None, "an archive"))
    plain = load_state(settings, None).surface
    gone = "major: The type `PlainVideo` is now called"
    for new, name in ((audio, "PlainAudio"), (plain, "File")):
        found = compare(old, new)
        assert any(line.startswith(f"{gone} `{name}`") for line in lines(found.endpoints[IT]))
        assert found.verdict.value == "major"
    assert compare(plain, old).verdict.value == "major"
    assert lines(compare(old, old).endpoints[IT]) == []
