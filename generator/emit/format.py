"""Stage format: ruff over everything, in two spawns for each part of it, beside whatever else is to be done.

Over the pages too, whose samples in Python it lays out: a call may have a long example.
"""

# design: Where does an emitted class get its imports?

from __future__ import annotations

import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from ruff import find_ruff_bin  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

from ..diagnostics import DefectError
from ..project.cache import Cache, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from concurrent.futures import Executor, Future
    from contextlib import AbstractContextManager

# Files in a part: a spawn costs as much as ten of them.
_PART = 200
_COMMON = ["--isolated", "--no-cache", "--target-version", "py311", "--line-length", "120"]
_COMMANDS = (
    # `check` has nothing to say that would not show in `format`, which when quiet does not say what is wrong.
    ["check", "--quiet", *_COMMON, "--select", "I,F401", "--fix", "--exit-zero", "."],
    ["format", *_COMMON, "."],
)


class FormatError(DefectError):
    """ruff refused a module: a defect of a template, not of a document."""


@contextmanager
def format(  # noqa: A001  (the stage's name)
    rendered: Iterable[tuple[str, str]], cache: Cache, pool: Executor | None = None
) -> Generator[tuple[dict[str, str], Callable[[], dict[str, str]]]]:
    """Have imports sorted, unused ones removed, and the code laid out, while the body of the `with` does other things.

    Args:
        rendered: What `render` gives; ruff is at work on the first of it while the others come. What is neither Python
            nor Markdown comes back as it is, and so does `_runtime`, a plain copy.
        cache: Files formatted before.
        pool: What `workers` gave.

    Yields:
        The files as they were rendered, by path, and what waits for ruff and gives them formatted. That raises
        FormatError where a module is not valid Python; the message shows it with line numbers.
    """
    tool = key_of(version("ruff"), *_COMMANDS)
    files, keys, part = dict[str, str](), dict[str, str](), dict[str, str]()
    futures: list[Future[dict[str, str]]] = []
    with _beside(pool) as executor:
        for path, text in rendered:
            files[path] = text
            if not path.endswith((".py", ".md")) or "/_runtime/" in path:
                continue
            keys[path] = key_of(tool, text)
            if cache.get(keys[path], path) is None:
                part[path] = text
            if len(part) == _PART:
                futures.append(executor.submit(laid_out, part))
                part = {}
        futures += [executor.submit(laid_out, part)] if part else []

        def formatted() -> dict[str, str]:
            for future in futures:
                for path, text in future.result().items():
                    cache.put(keys[path], text, path)
            return {path: cache.get(keys[path], path) or "" if path in keys else text for path, text in files.items()}

        yield files, formatted


def _beside(pool: Executor | None) -> AbstractContextManager[Executor]:
    """The processes; without them a thread: it waits for ruff, and takes no time from the one that goes on."""
    return ThreadPoolExecutor(max_workers=1) if pool is None else nullcontext(pool)


def laid_out(files: dict[str, str]) -> dict[str, str]:
    """Some files formatted.

    Raises:
        FormatError: One is not valid Python.
    """
    with tempfile.TemporaryDirectory(prefix="fal-typed-") as folder:
        # Under names of our own: in an `__init__.py` ruff would not dare to remove an unused import.
        places = {path: Path(folder) / f"m{index}{Path(path).suffix}" for index, path in enumerate(files)}
        for path, place in places.items():
            place.write_bytes(files[path].encode())
        for command in _COMMANDS:
            _ruff(command, folder, places, files)
        return {path: place.read_bytes().decode() for path, place in places.items()}


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
