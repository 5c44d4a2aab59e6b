"""Stage format: ruff over the whole tree, in two spawns, beside whatever else is to be done."""

# design: Where does an emitted class get its imports?

from __future__ import annotations

import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from ruff import find_ruff_bin  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

from ..diagnostics import DefectError
from ..project.cache import Cache, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_COMMON = ["--isolated", "--no-cache", "--quiet", "--target-version", "py311", "--line-length", "120"]
_COMMANDS = (
    # `check` has nothing to say that would not show in `format`.
    ["check", *_COMMON, "--select", "I,F401", "--fix", "--exit-zero", "."],
    ["format", *_COMMON, "."],
)


class FormatError(DefectError):
    """ruff refused a module: a defect of a template, not of a document."""


@contextmanager
def format(files: dict[str, str], cache: Cache) -> Generator[Callable[[], dict[str, str]]]:  # noqa: A001  (the stage's name)
    """Have imports sorted, unused ones removed, and the code laid out, while the body of the `with` does other things.

    Args:
        files: Text by relative path. What is not Python comes back as it is, and so does `_runtime`, a plain copy.
        cache: Files formatted before.

    Yields:
        What waits for ruff and gives the same files formatted. It raises FormatError where a module is not valid
        Python; the message shows it with line numbers.
    """
    tool = key_of(version("ruff"), *_COMMANDS)
    python = [path for path in files if path.endswith(".py") and "/_runtime/" not in path]
    keys = {path: key_of(tool, files[path]) for path in python}
    missing = {path: files[path] for path in python if cache.get(keys[path], path) is None}

    def formatted() -> dict[str, str]:
        for path, text in waited_for().items():
            cache.put(keys[path], text, path)
        return {path: cache.get(keys[path], path) or "" if path in keys else text for path, text in files.items()}

    with _ruff_at_work(missing) as waited_for:
        yield formatted


@contextmanager
def _ruff_at_work(files: dict[str, str]) -> Generator[Callable[[], dict[str, str]]]:
    if not files:
        yield dict
        return
    # The thread waits for other processes and does nothing else: it takes no time from the one that goes on.
    with tempfile.TemporaryDirectory(prefix="fal-typed-") as folder, ThreadPoolExecutor(max_workers=1) as beside:
        # Under names of our own: in an `__init__.py` ruff would not dare to remove an unused import.
        places = {path: Path(folder) / f"m{index}.py" for index, path in enumerate(files)}
        for path, place in places.items():
            place.write_bytes(files[path].encode())
        done = beside.submit(_run, folder, places, files)

        def waited_for() -> dict[str, str]:
            done.result()
            return {path: place.read_bytes().decode() for path, place in places.items()}

        yield waited_for


def _run(folder: str, places: dict[str, Path], files: dict[str, str]) -> None:
    for command in _COMMANDS:
        _ruff(command, folder, places, files)


def _ruff(command: list[str], folder: str, places: dict[str, Path], files: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603  (our own arguments, no shell)
        [find_ruff_bin(), *command], cwd=folder, capture_output=True, text=True, check=False
    )
    if not done.returncode:
        return
    for path, place in places.items():
        if f"{place.name}:" in done.stderr:
            lines = enumerate(files[path].splitlines(), start=1)
            listing = "\n".join(f"{number:5} {line}" for number, line in lines)
            raise FormatError(f"{path}: ruff {command[0]} failed: {done.stderr.strip()}\n{listing}")
    raise FormatError(f"ruff {command[0]} failed: {done.stderr.strip()}")
