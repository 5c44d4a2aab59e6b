"""A coverage-guided fuzz run of load → inert, by atheris: `make fuzz SECONDS=1800`.

Whatever a document holds, the generator says what is wrong with it, or renders modules that are inert: any exception,
and any module that had to be refused, is a finding. It is kept in a folder of its own and the run goes on.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import traceback
from functools import cache
from pathlib import Path
from typing import Any

import atheris

REPOSITORY = Path(__file__).parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

# The stages are what coverage is wanted of; their libraries would only slow the run down.
with atheris.instrument_imports(include=["generator"]):
    from generator import pipeline, places
    from generator.diagnostics import Findings
    from generator.emit import render as render_stage
    from generator.emit.inert import inert
    from generator.emit.models import Begun, models
    from generator.ir.lower import lower
    from generator.project.cache import Cache
    from generator.project.settings import load_settings

from fuzz.mutate import mutated  # noqa: E402

FOLDER = REPOSITORY / ".fuzz"
FINDINGS = FOLDER / "findings"
CORPUS = FOLDER / "corpus"


class RefusedError(Exception):
    """A module that must not be written: some writer did not do its work."""


def project() -> Path:
    """A project of one endpoint, in a folder that lasts as long as the run."""
    root = Path(tempfile.mkdtemp(prefix="fal-typed-fuzz-"))
    (root / "pyproject.toml").write_text("[tool.fal-typed]\n", encoding="utf-8")
    (root / "specs/fal-ai").mkdir(parents=True)
    return root


ROOT = project()
SETTINGS = load_settings(ROOT)


def run(data: bytes) -> None:
    """One document through the stages."""
    (ROOT / "specs/fal-ai/it.json").write_bytes(data)
    findings = Findings()
    found = pipeline.understand(SETTINGS, findings)
    api = lower(found.named, found.sharing, found.files, SETTINGS)
    classes = models(api, Begun(places.TEMPLATES, Cache(None, "models"), None))
    files = render_stage.render(api, classes.sources, places.TEMPLATES, SETTINGS)
    for refusal in inert(files, api, classes.unmade, Cache(None, "inert")):
        raise RefusedError(refusal.diagnostic.message)
    for one in findings.all():
        one.render(found.loaded.texts)


def test_one(data: bytes) -> None:
    """What atheris calls: what goes wrong is kept, once for each place, and the run goes on."""
    try:
        run(data)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        name = hashlib.sha256(f"{type(error)}{place.filename}{place.lineno}".encode()).hexdigest()[:12]
        found = FINDINGS / f"{name}.json"
        if not found.exists():
            found.write_bytes(data)
            text = "".join(traceback.format_exception(error))
            found.with_suffix(".txt").write_text(text, encoding="utf-8", errors="backslashreplace")
            sys.stderr.write(f"FINDING {found}: {type(error).__name__} at {place.filename}:{place.lineno}\n")


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Mostly changes of the document, sometimes of its bytes."""
    if seed % 10:
        made = mutated(data.decode("utf-8", "replace"), seed).encode()
        if len(made) <= max_size:
            return made
    found: bytes = atheris.Mutate(data, max_size)
    return found


def seeds() -> None:
    """Begin with the documents of the test cases, small as they are."""
    CORPUS.mkdir(parents=True, exist_ok=True)
    FINDINGS.mkdir(parents=True, exist_ok=True)
    for path in [*(REPOSITORY / "tests/cases").rglob("*.json")]:
        (CORPUS / path.name).write_bytes(path.read_bytes())


def main() -> None:
    """Fuzz until the time is up."""
    seeds()
    stage: Any = render_stage
    stage.Renderer = cache(render_stage.Renderer)  # its templates are compiled once
    atheris.Setup(
        [sys.argv[0], *sys.argv[1:], str(CORPUS)], test_one, custom_mutator=mutate, enable_python_coverage=True
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
