"""Imports every module of an emitted package, and prints what else than defining was done on the way.

Run as a program: `importer.py FOLDER PACKAGE MODULE…`. Python raises audit events (PEP 578) for what touches the world:
files, processes, sockets, code made from text. The import system reading a module's own file is no deed of the module.
"""

from __future__ import annotations

import dis
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

FOLDER, PACKAGE = sys.argv[1:3]
MODULES = sys.argv[3:]
# What happens in the interpreter alone.
HARMLESS = {"import", "object.__getattr__", "object.__setattr__", "sys._getframe", "sys._getframemodulename"}
HARMLESS |= {"builtins.id", "marshal.loads", "os.listdir", "os.scandir", "code.__new__", "object.__delattr__"}

seen: list[str] = []
watching = False


def inside(path: object) -> bool:
    """Whether a path is a module's file in the package."""
    text = os.fsdecode(path) if isinstance(path, str | bytes) else ""
    return text.startswith(f"{FOLDER}/{PACKAGE}/") and text.endswith((".py", ".pyc"))


def is_plain(code: Any) -> bool:
    """Whether code made from text is a type of names, and of pydantic's `Field`: so quoted annotations are read."""
    deeds = ("STORE", "IMPORT", "LOAD_ATTR", "LOAD_METHOD", "MAKE")
    steps = list(dis.get_instructions(code))
    calls = sum(step.opname.startswith("CALL") for step in steps)
    fields = sum(step.opname.startswith("LOAD_") and step.argval == "Field" for step in steps)
    return calls <= fields and "__import__" not in code.co_names and not any(s.opname.startswith(deeds) for s in steps)


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """The hook: notes what is not allowed."""
    if not watching or event in HARMLESS:
        return
    match event:
        case "open" if inside(arguments[0]) and not (isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")):
            return
        case "compile" if inside(arguments[1]) or (arguments[1] in ("<string>", b"<string>")):
            return
        case "exec" if inside(arguments[0].co_filename):
            return
        case "exec" if arguments[0].co_filename == "<string>" and is_plain(arguments[0]):
            return
        case _:
            seen.append(f"{event} {arguments!r}"[:300])


def main() -> None:
    """Import the frame and the runtime, which are the same for all documents; then, watched, what documents made."""
    global watching
    sys.path.insert(0, FOLDER)
    own = sorted(path.relative_to(FOLDER).with_suffix("") for path in Path(FOLDER, PACKAGE, "_runtime").rglob("*.py"))
    for path in own:
        importlib.import_module(".".join(path.parts).removesuffix(".__init__"))
    from pydantic import TypeAdapter

    TypeAdapter(dict[str, int] | None).json_schema()
    sys.addaudithook(watch)
    watching = True
    for name in MODULES:
        module = importlib.import_module(name)
        for exported in getattr(module, "__all__", ()):
            getattr(module, exported, None)
    watching = False
    sys.stdout.write(json.dumps(seen))


main()
