"""Every shape and every repair, each with a small document of ours in `tests/cases/` and what must come of it.

`x-case` in a document says what is found in it, which inputs the emitted endpoint takes and refuses, which outputs come
back as they were, and which come back with a mismatch logged. `awkward.json` has everything at once and is a snapshot.
"""

from __future__ import annotations

import importlib
import json
import logging
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support import CASES, Project, document

from generator.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from generator.pipeline import Result

NAMES = sorted(path.stem for path in CASES.glob("*.json") if path.stem != "awkward")
# Repairs of a folder or an output, not of a document.
ELSEWHERE = {Code.DUPLICATE_KEY, Code.MORE, Code.UNLISTED_DOCUMENT, Code.EDITED_FILE, Code.FOREIGN_FILE}


def read(name: str) -> dict[str, Any]:
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def module_of(name: str) -> str:
    return f"{PACKAGE}.endpoints.case.{name.replace('-', '_')}"


PACKAGE = "cases_typed"


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Result]:
    """All the cases as one client."""
    project = Project(tmp_path_factory.mktemp("cases"), f'package = "{PACKAGE}"')
    for name in NAMES:
        project.put(f"fal-ai/case/{name}", (CASES / f"{name}.json").read_text(encoding="utf-8"))
    result = project.regenerate()
    sys.path.insert(0, str(project.output))
    yield result
    sys.path.remove(str(project.output))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


def runtime(part: str) -> ModuleType:
    return importlib.import_module(f"{PACKAGE}._runtime.{part}")


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_found(name: str, emitted: Result) -> None:
    path = f"specs/fal-ai/case/{name}.json"
    assert [d.code.value for d in emitted.diagnostics if d.source.path == path] == read(name)["x-case"]["finds"]


@pytest.mark.parametrize("name", NAMES)
def test_inputs(name: str, emitted: Result) -> None:
    spec = importlib.import_module(module_of(name)).SPEC
    case, check = read(name)["x-case"], runtime("inputs.validate").check_input
    for given in case["accepts"]:
        check(spec, given)
    for given in case["refuses"]:
        with pytest.raises(runtime("errors").InvalidInputError):
            check(spec, given)


@pytest.mark.parametrize("name", NAMES)
def test_outputs(name: str, emitted: Result, caplog: pytest.LogCaptureFixture) -> None:
    spec = importlib.import_module(module_of(name)).SPEC
    case, parse = read(name)["x-case"], runtime("outputs.parse").parse_output
    for body in [*case["returns"], *case["mismatches"]]:
        caplog.clear()
        runtime("outputs.mismatches")._told.clear()  # each is told once in a process
        out = parse(spec.output, body)
        assert out.model_dump(mode="json", exclude_unset=True) == body
        assert bool(warnings(caplog)) == (body in case["mismatches"]), body


def test_an_alias_is_called_at_the_other_id(emitted: Result) -> None:
    spec = importlib.import_module(module_of("alias")).SPEC
    assert (spec.id, spec.path) == ("fal-ai/case/alias", "fal-ai/other-name")


def test_the_limits_of_files_are_emitted(emitted: Result) -> None:
    assert importlib.import_module(module_of("file-limits")).SPEC.media == {
        "image_url": {
            "kind": "image",
            "max_file_size": 10485760,
            "min_width": 300,
            "max_width": 4096,
            "min_aspect_ratio": 0.4,
            "max_aspect_ratio": 2.5,
        },
        "end_image_url": {"kind": "image", "max_file_size": 10485760},
        "video_urls.*": {"kind": "video", "max_duration": 10.05, "min_fps": 24, "max_fps": 60},
        "spelled_url": {"max_file_size": 10485760, "min_width": 300},
        "sound_url": {"kind": "audio", "max_file_size": 1000000, "max_duration": 30},
        "elements.*.picture_url": {"max_width": 7000, "max_height": 7000, "min_pixels": 64},
        "by_name.*.picture_url": {"max_width": 7000, "max_height": 7000, "min_pixels": 64},
    }
    assert importlib.import_module(module_of("odd-file-limits")).SPEC.media is None
    assert importlib.import_module(module_of("perhaps-file")).SPEC.media is None


def test_the_limits_of_files_are_told(emitted: Result) -> None:
    source = Path(importlib.import_module(module_of("file-limits")).__file__ or "").read_text(encoding="utf-8")
    assert re.findall(r'File limits: [^"\n]*', source) == [
        "File limits: at most 10 MiB, 300 to 4096 pixels wide, 0.4 to 2.5 times as wide as high.",
        "File limits: at most 10 MiB, No transparency.",
        "File limits: at most 10.05 seconds long, 24 to 60 frames a second.",
        "File limits: at most 1 MB, at most 30 seconds long.",
    ]


def test_there_is_a_case_for_every_repair() -> None:
    found = {code for name in NAMES for code in read(name)["x-case"]["finds"]}
    assert found == {code.value for code in Code if code.severity.value == "warning" and code not in ELSEWHERE}


def test_the_cases_are_in_fals_form() -> None:
    """What the cases prove is proved of fal's documents, if they differ from them in their schemas alone."""
    frame = document("fal-ai/case/x")
    for name in NAMES:
        data = read(name)
        assert data.keys() - {"x-case"} == frame.keys()
        assert len(data["paths"]) == len(frame["paths"])
