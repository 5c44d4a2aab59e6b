"""Where a project begins: `add` in a folder without `[tool.fal-typed]` writes that table, for a package to vendor."""

# design: What does `add` do in a folder without settings?

from __future__ import annotations

import re
import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import tomlkit

from .files import remove_file, replace_file
from .settings import SettingsError, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, MutableMapping
    from pathlib import Path


@contextmanager
def beginning(root: Path, say: Callable[[str], None]) -> Generator[None]:
    """Have settings in a folder while something is added; where nothing was, the folder is as it was before.

    Args:
        root: The folder.
        say: Is told, in a line, what was written.

    Raises:
        SettingsError: There is no such folder, or what is there is not TOML.
    """
    root = root.absolute()
    path = root / "pyproject.toml"
    if not root.is_dir():
        raise SettingsError(f"{root}: no such folder; --project must name one")
    before = path.read_bytes() if path.is_file() else None
    text = _with_settings(root, path, before)
    if text is None:
        yield
        return
    replace_file(path, text)
    try:
        yield
    finally:
        settings = load_settings(root, may_begin=True)
        if settings.endpoints:
            where = settings.shown(settings.output / settings.package)
            say(f"pyproject.toml: wrote [tool.fal-typed]: `regenerate` makes {where}/, to import as {settings.package}")
        elif before is None:
            remove_file(path, root)
        else:
            replace_file(path, before)


def _with_settings(root: Path, path: Path, before: bytes | None) -> bytes | None:
    """The file's text with the table, or None where it has one."""
    try:
        text = (before or b"").decode()
        known = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML: {error}") from None
    tools = known.get("tool", {})
    if not isinstance(tools, dict):
        raise SettingsError(f"{path}: `tool` must be a table")
    if "fal-typed" in tools:
        return None
    document = tomlkit.parse(text)
    table = tomlkit.table()
    project = known.get("project")
    name = cast("dict[str, object]", project).get("name") if isinstance(project, dict) else None
    table.add("package", _package(name if isinstance(name, str) else root.name))
    table.add("output", "src" if (root / "src").is_dir() else ".")
    table.add("layout", "package")
    if (root / "specs").exists():
        table.add("specs", "fal-specs")  # theirs are of something else
    table.add("endpoints", tomlkit.array())
    tool = cast("MutableMapping[str, object]", document.setdefault("tool", tomlkit.table(is_super_table=True)))
    tool["fal-typed"] = table
    return tomlkit.dumps(document).encode()


def _package(name: str) -> str:
    """An import name that says whose it is, and is neither the project's own nor that of a published package."""
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return f"{word}_fal" if word and not word[0].isdigit() else "my_fal"
