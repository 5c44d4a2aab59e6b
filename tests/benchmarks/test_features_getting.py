"""What it takes to have each client: read of the packages that are installed here."""

from __future__ import annotations

import tomllib
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from trying import OFFICIAL, ROOT, TYPED, answer

if TYPE_CHECKING:
    from recorder import Recorder

pytestmark = pytest.mark.bench
AROUND, GETTING = "Around a call", "Getting it"


def project() -> dict[str, Any]:
    """What pip reads of our package."""
    text = (ROOT / "generated" / "pyproject.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)["project"]
    return found


def test_getting_it(recorder: Recorder) -> None:
    ours, theirs = project(), metadata.distribution(OFFICIAL)
    pythons = {TYPED: ours["requires-python"], OFFICIAL: theirs.metadata["Requires-Python"]}
    recorder.feature(
        "Runs on Python 3.9 and 3.10",
        topic=GETTING,
        tried="Requires-Python of the package.",
        answers=[
            answer(who, SpecifierSet(one).contains("3.9") and SpecifierSet(one).contains("3.10"), f"It says {one}.")
            for who, one in pythons.items()
        ],
    )
    scripts = {
        TYPED: [*ours["scripts"]],
        OFFICIAL: [one.name for one in theirs.entry_points if one.group == "console_scripts"],
    }
    shown = "tests/runtime/cli/test_cli_calls.py"
    recorder.feature(
        "A command line",
        topic=AROUND,
        tried="Console scripts of the package.",
        answers=[
            answer(who, bool(one), f"It has {', '.join(one) or 'none'}.", *([shown] if one else []))
            for who, one in scripts.items()
        ],
    )
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["fal-typed"]["published"]
    releases = {TYPED: (settings["client"], ours["version"]), OFFICIAL: (theirs.read_text("INSTALLER"), theirs.version)}
    published = {who: "An index has it" if where else "No index has it" for who, (where, _) in releases.items()}
    recorder.feature(
        "Is published, as 1.0 or later",
        topic=GETTING,
        tried="Where it was installed from, and its version.",
        answers=[
            answer(who, bool(where) and not version.startswith("0."), f"{published[who]}; its version is {version}.")
            for who, (where, version) in releases.items()
        ],
    )


def closure(requirements: list[str]) -> set[str]:
    """The packages that are installed with some, extras left out."""
    found: set[str] = set()
    waiting = [Requirement(one) for one in requirements]
    while waiting:
        one = waiting.pop()
        if one.name.lower() in found or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        found.add(one.name.lower())
        waiting += [Requirement(text) for text in metadata.requires(one.name) or []]
    return found


def size(names: set[str]) -> int:
    """Bytes of the files of packages, compiled ones left out."""
    files = [metadata.distribution(name).files or [] for name in names]
    return sum(one.size or 0 for each in files for one in each if one.suffix != ".pyc")


def test_weight(recorder: Recorder) -> None:
    needs = {TYPED: closure(project()["dependencies"]), OFFICIAL: closure([OFFICIAL]) - {OFFICIAL}}
    files = (one for one in (ROOT / "generated" / "fal_typed").rglob("*") if one.is_file() and one.suffix != ".pyc")
    bytes_of = {TYPED: sum(one.stat().st_size for one in files), OFFICIAL: size({OFFICIAL})}
    recorder.figure(
        "Packages that it needs",
        topic="Weight",
        unit="",
        values={who: [len(names)] for who, names in needs.items()},
        note="Those that pip installs with it, extras left out.",
    )
    recorder.figure(
        "On disk, with all that it needs",
        topic="Weight",
        unit="MB",
        values={who: [bytes_of[who] + size(names)] for who, names in needs.items()},
        scale=1e-6,
        note=f"Compiled files left out; ours with {len([*(ROOT / 'specs').rglob('*/*.json')])} endpoints.",
    )
    recorder.figure(
        "On disk, itself",
        topic="Weight",
        unit="MB",
        values={who: [one] for who, one in bytes_of.items()},
        scale=1e-6,
        note=f"Compiled files left out; ours with {len([*(ROOT / 'specs').rglob('*/*.json')])} endpoints.",
    )
