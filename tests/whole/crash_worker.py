"""Kills runs at random moments and looks at what they leave; test_crash.py starts it in a process of its own.

It prints how many runs ended how, as JSON; an AssertionError says what was found after which kill.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from support import INTEGER, STRING, Project, document, obj, ref

from generator import pipeline
from generator.project.settings import load_settings
from generator.write.manifest import STAGING

if TYPE_CHECKING:
    from collections.abc import Callable

IMAGE = obj({"url": STRING, "file_name": STRING}, required=["url"])


def specs_of(variant: int) -> dict[str, str]:
    """Two sets of documents: endpoints change, come, go, and move between module and package; types too."""
    image = {**IMAGE, "description": f"In the words of {variant}."}
    size = obj({"w": INTEGER, **({"h": INTEGER} if variant else {})})
    parts = {"output": obj({"image": ref("Image")}), "components": {"Image": image, "Size": size}}
    ids = [
        "fal-ai/a",
        "fal-ai/b",
        "bria/x",
        *(["fal-ai/b/c", "fal-ai/new"] if variant else ["fal-ai/old", "fal-ai/a/d"]),
    ]
    take = obj({"prompt": {**STRING, "description": f"v{variant}"}, "size": ref("Size")})
    return {one: json.dumps(document(one, input=take, **parts)) for one in ids}


def put(project: Project, variant: int) -> None:
    documents = specs_of(variant)
    for path in project.specs.glob("*/**/*.json"):
        path.unlink()
    for one, text in documents.items():
        project.put(one, text)


def forked(work: Callable[[int], None]) -> tuple[int, int]:
    """A child that does some work: its id, and where it may write a byte when it comes to the point."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    code = 1
    try:
        os.close(reading)
        work(writing)
        code = 0
    except OSError:
        code = 2
    finally:
        os._exit(code)


def regenerate(project: Project) -> Callable[[int], None]:
    def work(ready: int) -> None:
        settings = load_settings(project.root)
        result = pipeline.run(settings)
        os.write(ready, b"!")
        pipeline.write(settings, result)

    return work


def import_all(project: Project) -> Callable[[int], None]:
    """Every module that the package's own table knows."""

    def work(_: int) -> None:
        # Python knows kept bytecode by second and size; here one second sees several versions of a module.
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(project.output))
        from fal_typed._registry import ENDPOINTS

        for module, name in ENDPOINTS.values():
            assert hasattr(importlib.import_module(f"fal_typed.endpoints.{module}"), name)

    return work


def finish(child: int, reading: int) -> int:
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(reading)  # not before: who writes to nobody is killed
    return code


def kill_one(project: Project, chance: random.Random, longest: float) -> int:
    """A run that is killed somewhere: half of them while they write, half anywhere."""
    child, reading = forked(regenerate(project))
    if chance.random() < 0.5:
        os.read(reading, 1)
        time.sleep(chance.random() * longest / 8)
    else:
        time.sleep(chance.random() * longest)
    os.kill(child, signal.SIGKILL)
    return finish(child, reading)


def fill(folder: Path, leave: int) -> Path:
    """Fill a file system until so many bytes are left; the file that does it."""
    ballast = folder / "ballast"
    free = os.statvfs(folder)
    with ballast.open("wb") as file:
        file.write(b"x" * max(0, free.f_bavail * free.f_frsize - leave))
    return ballast


def main(root: Path, kills: int, seed: int, *, full: bool) -> None:
    chance = random.Random(seed)
    project = Project(root / "project")
    trees: list[dict[str, str]] = []
    locks: list[bytes] = []
    for variant in (0, 1, 0, 1):  # from the third run on types.lock knows all types
        put(project, variant)
        started = time.monotonic()
        project.regenerate()
        longest = time.monotonic() - started
        trees.append(project.tree())
        locks.append((project.specs / "types.lock").read_bytes())
    assert trees[:2] == trees[2:]
    outcomes: dict[int, int] = {}
    number = 0
    while outcomes.get(-signal.SIGKILL, 0) + outcomes.get(2, 0) < kills:  # some runs are done before they are killed
        variant, number = number % 2, number + 1
        put(project, variant)
        ballast = fill(root, chance.randrange(60_000)) if full else None
        code = kill_one(project, chance, longest)
        outcomes[code] = outcomes.get(code, 0) + 1
        for path, text in project.tree().items():
            if not path.startswith(STAGING):
                assert text in {trees[0].get(path), trees[1].get(path)}, f"kill {number}: {path} is half written"
        assert (project.specs / "types.lock").read_bytes() in locks[2:], f"kill {number}: types.lock is half written"
        if ballast is not None:
            ballast.unlink()
        importing = forked(import_all(project))
        assert finish(*importing) == 0, f"kill {number}: the package does not import"
        again = forked(regenerate(project))
        assert finish(*again) == 0, f"kill {number}: the next run failed"
        assert project.tree() == trees[variant], f"kill {number}: the next run gave another tree than a clean one"
        assert (project.specs / "types.lock").read_bytes() == locks[2 + variant]
        assert not (project.output / STAGING).exists()
    sys.stdout.write(json.dumps(outcomes))


if __name__ == "__main__":
    shutil.rmtree(Path(sys.argv[1]) / "project", ignore_errors=True)
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), full=sys.argv[4] == "full")
