"""Which tests answer for which code: a room of the code has the room of its name among the tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """Some code and the tests of its room.

    Attributes:
        code: Folders or files, below the repository.
        tests: The folders or files of the tests that answer for it.
    """

    code: tuple[str, ...]
    tests: tuple[str, ...]


_WHOLE = ("tests/whole/test_snapshots.py", "tests/whole/test_broken.py")
_HABITS = ("tests/runtime/test_habits.py", "tests/runtime/test_habits_dicts.py")
AREAS: dict[str, Area] = {
    "parse": Area(
        ("generator/parse", "generator/json_text.py", "generator/node.py"),
        ("tests/parse", "tests/ir/test_share.py", *_WHOLE, "tests/words"),
    ),
    "ir": Area(
        ("generator/ir", "generator/shapes.py"),
        ("tests/ir", "tests/emit", "tests/cli/test_census.py", "tests/project/test_stored.py", *_WHOLE),
    ),
    "emit": Area(
        ("generator/emit", "generator/literals.py"),
        ("tests/emit", "tests/words", "tests/project/test_file_inputs.py", *_WHOLE),
    ),
    "project": Area(
        ("generator/project",),
        (
            "tests/project",
            "tests/diff/test_told_once.py",
            "tests/diff/release/test_release_command.py",
            "tests/write",
            "tests/fetch",
            "tests/ir/test_share.py",
            "tests/whole/test_links.py",
        ),
    ),
    "write": Area(("generator/write",), ("tests/write", "tests/whole")),
    "fetch": Area(("generator/fetch",), ("tests/fetch", "tests/whole/test_links.py")),
    "diff": Area(("generator/diff",), ("tests/diff",)),
    "docs": Area(("generator/docs",), ("tests/docs",)),
    "calls": Area(
        ("templates/runtime/calls",), ("tests/runtime/calls", "tests/protocol", "tests/runtime/events", *_HABITS)
    ),
    "http": Area(
        ("templates/runtime/http",),
        ("tests/runtime/http", "tests/runtime/calls", "tests/protocol", "tests/runtime/test_client.py"),
    ),
    "inputs": Area(
        ("templates/runtime/inputs", "templates/runtime/checks.py"),
        ("tests/runtime/inputs", "tests/runtime/test_client.py", "tests/runtime/test_small_print.py", "tests/pinned"),
    ),
    "outputs": Area(
        ("templates/runtime/outputs",),
        ("tests/runtime/outputs", "tests/runtime/display/test_short.py", *_HABITS, "tests/runtime/files"),
    ),
    "habits": Area(("templates/runtime/habits",), (*_HABITS, "tests/runtime/inputs", "tests/runtime/inputs_told")),
    "faces": Area(("templates/runtime/faces",), ("tests/runtime/test_faces.py",)),
    "files": Area(("templates/runtime/files",), ("tests/runtime/files", "tests/runtime/proxy/test_proxy_files.py")),
    "media": Area(("templates/runtime/media",), ("tests/runtime/media",)),
    "webhooks": Area(("templates/runtime/webhooks",), ("tests/runtime/webhooks",)),
    "proxy": Area(("templates/runtime/proxy",), ("tests/runtime/proxy",)),
    "display": Area(("templates/runtime/display",), ("tests/runtime/display",)),
    "inputs_told": Area(("templates/runtime/inputs_told",), ("tests/runtime/inputs_told",)),
    "events": Area(("templates/runtime/events",), ("tests/runtime/events", *_HABITS)),
    "progress": Area(("templates/runtime/progress",), ("tests/runtime/progress",)),
    "cli": Area(("templates/runtime/cli",), ("tests/runtime/cli",)),
    "journal": Area(
        ("templates/runtime/journal",), ("tests/runtime/journal", "tests/runtime/journal_views", "tests/runtime/batch")
    ),
    "batch": Area(
        ("templates/runtime/batch",), ("tests/runtime/batch", "tests/runtime/batch_costs", "tests/runtime/batch_map")
    ),
    "jobs": Area(("templates/runtime/jobs",), ("tests/runtime/batch_map", "tests/runtime/batch")),
    "platform": Area(("templates/runtime/platform",), ("tests/runtime/platform",)),
    "site": Area(("generator/site",), ("tests/site",)),
    "testing": Area(("templates/runtime/testing", "templates/runtime/stand_in.py"), ("tests/testing",)),
}
# Who survives the tests of the room meets these: a test of another room may be the one that says it. Those of this
# run look for lines of the code, and say that one is not there any more.
WIDE = ("tests", "--ignore=tests/mutation")
