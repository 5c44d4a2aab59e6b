"""Runs what the site shows to copy: each sample as it stands, against the offline fal; one type check over them all."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import traceback
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.site.facts import Sample, SiteFacts

# What the samples open.
FILES = ("photo.png", "clip.mp4", "voice.mp3", "data.zip", "lora.safetensors", "model.glb", "subtitles.srt", "file.bin")
# The command of the samples, which writes down what a shell made of its words.
_WORDS = "%s() { printf '%%s\\n' \"$#\" >> words; printf '%%s\\0' \"$@\" >> words; }\n"


class Shown(NamedTuple):
    """A sample, and the endpoint that it is of."""

    endpoint_id: str
    sample: Sample

    def __str__(self) -> str:
        return f"{self.endpoint_id} ({self.sample.label})"


def shown(facts: SiteFacts, language: str) -> list[Shown]:
    """All samples in a language."""
    found = (Shown(one.id, sample) for one in facts.endpoints for sample in one.samples)
    return [one for one in found if one.sample.language == language]


def type_errors(samples: Iterable[Shown], folder: Path, packages: Path) -> list[str]:
    """What pyright, strict, says of the samples, each a file of its own.

    Args:
        samples: Those in Python.
        folder: Where to write them.
        packages: The folder of the package that they use.
    """
    names = {f"sample_{number}.py": one for number, one in enumerate(samples)}
    for name, one in names.items():
        (folder / name).write_text(one.sample.code, encoding="utf-8")
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "extraPaths": [str(packages)]}
    (folder / "pyrightconfig.json").write_text(json.dumps({**settings, "include": ["sample_*.py"]}), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(names)
    return [
        f"{names[one['file'].rpartition('/')[2]]}: {one['message']}"
        for one in report["generalDiagnostics"]
        if one["severity"] != "information"
    ]


def failures(samples: Iterable[Shown], folder: Path, package: str) -> list[str]:
    """What goes wrong where the samples in Python run in a folder, against the offline fal.

    Args:
        samples: Those in Python.
        folder: Which is the working directory.
        package: The package that they use, which can be imported.
    """
    for name in FILES:
        (folder / name).write_bytes(b"as good as any")
    found: list[str] = []
    for one in samples:
        with importlib.import_module(f"{package}.testing").fake_fal() as fake:
            try:
                exec(compile(one.sample.code, str(one), "exec"), {"__name__": "__main__"})
            except Exception:
                found.append(f"{one}: {traceback.format_exc(limit=-1)}")
                continue
            called = [call.endpoint_id for call in fake.calls]
            if called != [one.endpoint_id]:
                found.append(f"{one}: called {called}")
    return found


def commands(samples: Iterable[Shown], folder: Path, command: str) -> Iterator[tuple[Shown, list[str]]]:
    """The words that a shell makes behind the command of each sample for a shell."""
    listed = list(samples)
    (folder / "all.sh").write_text(_WORDS % command + "".join(one.sample.code for one in listed), encoding="utf-8")
    subprocess.run(["bash", "-eu", "all.sh"], cwd=folder, check=True)
    rest = (folder / "words").read_text(encoding="utf-8")
    for one in listed:
        count, _, rest = rest.partition("\n")
        *words, rest = rest.split("\0", int(count))
        yield one, words


def command_failures(samples: Iterable[Shown], folder: Path, package: str, capsys: Any) -> list[str]:
    """What goes wrong where the samples for a shell run; the arguments as for `failures`."""
    main = importlib.import_module(f"{package}.cli").main
    found: list[str] = []
    for one, words in commands(samples, folder, package.replace("_", "-")):
        with importlib.import_module(f"{package}.testing").fake_fal() as fake:
            code = main(words)
            out, err = capsys.readouterr()
            if code or [call.endpoint_id for call in fake.calls] != [one.endpoint_id]:
                found.append(f"{one}: {code} {out[:200]}{err[:600]} {words}")
    return found
