"""`make mutate`: changes the code at random places, runs the tests of the room, and prints what survived.

Works in a copy of what is tracked, so that the work tree stays as it is. What survived before, and why that is right,
is in `survivors.toml`; a change that is listed there is not drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))
from mutation.areas import AREAS, WIDE, Area
from mutation.mutants import Mutant, mutants

if TYPE_CHECKING:
    from collections.abc import Generator
    from concurrent.futures import Executor

REPOSITORY = Path(__file__).parents[2]
FLOOR = 0.95
# Seconds for the tests of a room, and for all: who takes longer hangs, and is caught.
NEAR, FAR = 400, 3600
_MUTED = ["-q", "--timeout=60", "-o", "faulthandler_timeout=0"]
_FORGETFUL = ["-p", "no:cacheprovider"]
_ALL = [*WIDE, "-n", "auto"]
Drawn = tuple[str, str, Mutant]
Listed = tuple[str, str, str | None]


def main() -> int:
    """Draw, try, report; the exit code says whether enough was caught."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--area", choices=sorted(AREAS), action="append", help="only this room; repeatable")
    options.add_argument("--near", action="store_true", help="do not take survivors to the tests of all rooms")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="changes that are tried at once")
    asked = options.parse_args()
    drawn = draw(asked.area or sorted(AREAS), asked.count, asked.seed)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(asked.jobs) as pool:
        copies: Queue[Path] = Queue()
        for number in range(asked.jobs):
            copies.put(copied(Path(folder) / str(number)))
        survivors = [one for one, left in zip(drawn, pool.map(partial(near, copies), drawn), strict=True) if left]
        if not asked.near:
            try:
                survivors = far(copies, survivors, pool)
            except TimeoutError as error:
                sys.stdout.write(f"{error}; what survived its room counts as surviving\n")
    return report(drawn, survivors)


def near(copies: Queue[Path], one: Drawn) -> bool:
    """Whether a change survives the tests of its room; those that have its module's name are asked first."""
    area, name, mutant = one
    tests = AREAS[area].tests
    stem = Path(name).stem.removeprefix("async_")
    named = [path for place in tests for path in sorted((REPOSITORY / place).rglob(f"test_*{stem}*.py"))]
    first = [path.relative_to(REPOSITORY).as_posix() for path in named]
    left = (not first or survives(copies, one, first, NEAR)) and survives(copies, one, [*tests], NEAR)
    sys.stdout.write(f"{'SURVIVED' if left else 'caught  '}  {area:11} {name}:{mutant}\n")
    sys.stdout.flush()
    return left


def far(copies: Queue[Path], drawn: list[Drawn], pool: Executor) -> list[Drawn]:
    """Which changes the tests of all rooms do not notice either.

    All tests for each change would take hours. So they run once, with all changes together, and the files in which one
    fails are asked about each change alone. A change that hides another one's failure makes more survive, never fewer.
    """
    survivors: list[Drawn] = []
    while drawn:
        together, drawn = apart(drawn)
        tests = noticing(copies, together)
        if tests:
            left = pool.map(partial(survives, copies, tests=tests, seconds=FAR), together)
            together = [one for one, survived in zip(together, left, strict=True) if survived]
        survivors += together
    return survivors


def noticing(copies: Queue[Path], together: list[Drawn]) -> list[str]:
    """The tests of the files in which one fails with some changes at once, as pytest is asked for them.

    Without those that fail anyway: some with any change, for they compare hashes of files, and some by themselves. By
    files, since a test may have its name from what a change made.
    """
    failed = failures(copies, together, _ALL)
    anyway = failures(copies, idle(together), _files_of(failed)) if failed else set[str]()
    files = _files_of(failed - anyway)
    return [*files, *(f"--deselect={one}" for one in sorted(anyway))] if files else []


def _files_of(tests: set[str]) -> list[str]:
    return sorted({test.partition("::")[0] for test in tests})


def idle(drawn: list[Drawn]) -> list[Drawn]:
    """A change of each file that does nothing: a comment at its end."""
    areas = {name: area for area, name, _ in drawn}
    sizes = {name: len((REPOSITORY / name).read_bytes()) for name in areas}
    return [
        (area, name, Mutant(line=1, before="", after="# the same\n", start=sizes[name])) for name, area in areas.items()
    ]


def apart(drawn: list[Drawn]) -> tuple[list[Drawn], list[Drawn]]:
    """Changes that do not overlap, and the others."""
    together: list[Drawn] = []
    for one in drawn:
        if not any(one[1] == other[1] and one[2].overlaps(other[2]) for other in together):
            together.append(one)
    return together, [one for one in drawn if one not in together]


def failures(copies: Queue[Path], drawn: list[Drawn], tests: list[str]) -> set[str]:
    """The tests that fail with some changes at once, by their ids.

    Raises:
        TimeoutError: They come to no end.
    """
    with changed(copies, drawn) as copy, tempfile.TemporaryDirectory() as cache:
        if _code(copy, [*_MUTED, "-o", f"cache_dir={cache}", *tests], FAR) is None:
            raise TimeoutError(f"no end in {FAR} s with {len(drawn)} changes at once")
        listed = Path(cache) / "v" / "cache" / "lastfailed"
        return set(json.loads(listed.read_text(encoding="utf-8"))) if listed.exists() else set()


def draw(areas: list[str], count: int, seed: int) -> list[Drawn]:
    """So many changes, each area with as many as the others, as far as it has them."""
    chance = random.Random(seed)
    known = listed()
    pools = {name: [one for one in _all(name, AREAS[name]) if not is_listed(one, known)] for name in areas}
    for pool in pools.values():
        chance.shuffle(pool)
    drawn: list[Drawn] = []
    while len(drawn) < count and any(pools.values()):
        for name in areas:
            if pools[name] and len(drawn) < count:
                drawn.append(pools[name].pop())
    return drawn


def listed() -> set[Listed]:
    """What survives for a reason: file, change, and the text of its line where it counts there alone."""
    table = tomllib.loads((Path(__file__).with_name("survivors.toml")).read_text(encoding="utf-8"))
    return {(one["file"], one["change"], one.get("at")) for one in table.get("survivor", [])}


def is_listed(one: Drawn, known: set[Listed]) -> bool:
    """Whether a change is among them."""
    _, name, mutant = one
    return not known.isdisjoint({(name, _text(mutant), None), (name, _text(mutant), line_of(name, mutant))})


@cache
def _lines(name: str) -> list[str]:
    return (REPOSITORY / name).read_text(encoding="utf-8").split("\n")


def line_of(name: str, mutant: Mutant) -> str:
    """The line in which a change begins."""
    return _lines(name)[mutant.line - 1].strip()


def _text(mutant: Mutant) -> str:
    """A change without its line, which moves."""
    return str(mutant).partition(": ")[2]


def _all(name: str, area: Area) -> list[Drawn]:
    files = sorted(path for place in area.code for path in _files(REPOSITORY / place))
    return [
        (name, path.relative_to(REPOSITORY).as_posix(), one) for path in files for one in mutants(path.read_bytes())
    ]


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else [*place.rglob("*.py")]


def copied(folder: Path) -> Path:
    """What is tracked, as it is now."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True).stdout
    for name in names.decode().split("\0"):
        if name and (REPOSITORY / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, folder / name)
    return folder


def survives(copies: Queue[Path], one: Drawn, tests: list[str], seconds: int) -> bool:
    """Whether the tests still pass with the change, in one of the copies."""
    with changed(copies, [one]) as copy:
        code = _code(copy, ["-x", *_MUTED, *_FORGETFUL, *tests], seconds)
    if code is None:
        sys.stdout.write(f"no end in {seconds} s, which counts as caught: {one[1]}:{one[2]}\n")
    return code == 0


@contextmanager
def changed(copies: Queue[Path], drawn: list[Drawn]) -> Generator[Path]:
    """One of the copies, with some changes that do not overlap."""
    copy = copies.get()
    before: dict[Path, bytes] = {}
    try:
        for _, name, mutant in sorted(drawn, key=lambda one: -one[2].start):  # from the end: the offsets stay right
            for place in _places(copy, name):
                source = place.read_bytes()
                before.setdefault(place, source)
                place.write_bytes(mutant.applied(source))
        yield copy
    finally:
        for place, source in before.items():
            place.write_bytes(source)
        copies.put(copy)


def _places(copy: Path, name: str) -> list[Path]:
    """Where a file of the code is: the package has the runtime as it is, and its tests call both."""
    if name.startswith("templates/runtime/"):
        return [copy / name, copy / name.replace("templates/runtime", "generated/fal_typed/_runtime", 1)]
    return [copy / name]


def _code(copy: Path, arguments: list[str], seconds: int) -> int | None:
    """How pytest ends; None where it does not."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", f"--basetemp={copy}-made", *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def report(drawn: list[Drawn], survivors: list[Drawn]) -> int:
    """Print what came of it, by area."""
    tried, left = Counter(area for area, _, _ in drawn), Counter(area for area, _, _ in survivors)
    sys.stdout.write("\n")
    for area in sorted(tried):
        sys.stdout.write(f"{area:11} {tried[area] - left[area]:3} of {tried[area]:3} caught\n")
    for area, name, mutant in survivors:
        sys.stdout.write(f"SURVIVED  {area:11} {name}:{mutant}\n")
    caught = len(drawn) - len(survivors)
    share = caught / len(drawn) if drawn else 1.0
    sys.stdout.write(f"{caught} of {len(drawn)} caught ({share:.1%}); at least {FLOOR:.0%} must be\n")
    return 0 if share >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
