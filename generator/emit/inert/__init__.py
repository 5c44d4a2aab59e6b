"""Stage inert: what was rendered only defines, and says what it was meant to say; else it is refused.

The writers in `literals.py` keep a document's text inside of strings. This does not trust them: every module is parsed
and held against the allow-list in `allowed.py`, and the constants and docstrings that Python reads from it are compared
with what the IR meant. ruff lays out the modules meanwhile and changes no meaning; nothing is taken from it before all
are judged.
"""

from __future__ import annotations

import functools
from pathlib import Path
from sysconfig import get_python_version
from typing import TYPE_CHECKING, NamedTuple

from ...codes import Code
from ...diagnostics import Diagnostic, Source, TemplateError
from ...project.cache import Cache, key_of
from ..fakes import fake_path
from ..paths import node_path, template_of
from ..templates import MODELS
from ..workers import spread
from .meaning import Meaning, find_mistake, meanings
from .reading import Written, readings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from concurrent.futures import Executor

    from ...ir import nodes
    from ..fakes import FakeModule
    from .reading import ModuleReading, Refused

_TEMPLATES = Path("templates")
_UNMADE = "{} could not be made: {}"
_FIX = (
    "nothing of it was written; if you edited a template, generator/emit/inert/allowed.py lists what it may emit; "
    "else this is a defect of the generator's writers: please report the document"
)
_ALLOWED = "generator/emit/inert/allowed.py lists what may be emitted; nothing was written"


class InertError(TemplateError):
    """A module that belongs to no single document is not inert, or none that a template makes is."""


class Refusal(NamedTuple):
    """What is wrong with a module, and the endpoints that have to do without it.

    Attributes:
        template: The template that wrote what is refused.
    """

    endpoints: tuple[str, ...]
    diagnostic: Diagnostic
    template: str = ""


def inert(
    files: Mapping[str, str],
    api: nodes.Api,
    unmade: Mapping[str, str],
    cache: Cache,
    fakes: Iterable[FakeModule] = (),
    pool: Executor | None = None,
) -> list[Refusal]:
    """What must not be written, of all modules outside of `_runtime`.

    Args:
        files: The text of each file, by path below the output folder.
        api: What they are to say.
        unmade: Modules that could not even be made, by path below the package, with what went wrong.
        cache: Modules that were found inert before.
        fakes: What the stubs of fakes are to say.
        pool: What `workers` gave.

    Raises:
        InertError: A module of the package's frame, which no document's text goes into, is refused; or several that a
            template makes, and all of them.
    """
    wanted, unmade = meanings(api, fakes), {f"{api.package}/{path}": what for path, what in unmade.items()}
    refused = [_refusal(wanted[path], wanted[path].source, _UNMADE.format(path, what)) for path, what in unmade.items()]
    finished = [node for node in api.nodes if node.finished is not None]
    done = {f"{api.package}/{path}" for node in finished for path in (node_path(node), fake_path(node.path))}
    return [*refused, *check(files, wanted, api.package, cache, done, pool)]


def check(
    files: Mapping[str, str],
    meanings: Mapping[str, Meaning],
    package: str,
    cache: Cache | None = None,
    done: Collection[str] = (),
    pool: Executor | None = None,
) -> list[Refusal]:
    """Check every emitted module outside of `_runtime`; those in `done` were found inert before. See `inert`."""
    cache = cache or Cache(None, "inert")
    paths = [path for path in files if path.endswith((".py", ".pyi")) and not path.startswith(f"{package}/_runtime/")]
    keys = {path: _key(path, files[path], meanings.get(path)) for path in paths}
    unknown = [path for path in paths if cache.get(keys[path], path) is None]
    written = [Written(path, files[path], frame=_is_frame(path, package)) for path in unknown]
    refused: dict[str, Refusal | None] = dict.fromkeys(paths)
    for path, reading in zip(unknown, spread(pool, readings, written), strict=True):
        refused[path] = _judge(path, reading, meanings.get(path), package)
        if refused[path] is None:
            cache.put(keys[path], "", path)
    judged = {path: refused[path] for path in paths if path in meanings}
    _check_templates({**judged, **dict.fromkeys(done)}, package)
    return [one for one in refused.values() if one is not None]


def _check_templates(refused: Mapping[str, Refusal | None], package: str) -> None:
    """Where all modules that a template makes are refused, that is no document's doing: say it once, of the template.

    Raises:
        InertError: So it is.
    """
    by_template: dict[str, list[Refusal | None]] = {}
    for path, one in refused.items():
        by_template.setdefault(template_of(path.removeprefix(f"{package}/")), []).append(one)
    for all_ in by_template.values():
        first = all_[0]
        if len(all_) > 1 and first is not None and None not in all_:
            what = f"all {len(all_)} modules that it makes are refused, the first because {first.diagnostic.message}"
            raise InertError(_TEMPLATES / first.template, None, f"{what}; {_ALLOWED}")


def _key(path: str, text: str, meaning: Meaning | None) -> str:
    return key_of(_tools(), path, text, "" if meaning is None else meaning.digest())


def _judge(path: str, reading: ModuleReading, meaning: Meaning | None, package: str) -> Refusal | None:
    if (refused := reading.refused) is not None:
        what = f"{path}:{refused.line} would have {refused.what}, which emitted code may not"
        if meaning is None:
            template = template_of(path.removeprefix(f"{package}/"), documented=False)
            raise InertError(_TEMPLATES / template, None, f"{what}; {_ALLOWED}")
        return _refusal(meaning, meaning.place(refused.within), what, _template(path, package, meaning, refused))
    mistake = None if meaning is None else find_mistake(reading, meaning)
    if meaning is None or mistake is None:
        return None
    return _refusal(meaning, mistake[0], f"{path}: {mistake[1]}", _template(path, package, meaning))


def _template(path: str, package: str, meaning: Meaning, refused: Refused | None = None) -> str:
    """The template that wrote what is refused in a module: it may stand in a class of the document's."""
    kind = next((one.kind for one in meaning.own if refused and (one.name,) == refused.within[:1]), None)
    return template_of(path.removeprefix(f"{package}/")) if kind is None else MODELS[kind]


def _refusal(meaning: Meaning, place: Source, what: str, template: str = "") -> Refusal:
    diagnostic = Diagnostic(code=Code.REFUSED_MODULE, message=what, source=place, fix=_FIX)
    return Refusal(meaning.endpoints, diagnostic, template)


@functools.cache
def _tools() -> str:
    """What a verdict depends on besides the module: the table and all that reads it, and Python's own grammar."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))]
    return key_of(get_python_version(), texts)


def _is_frame(path: str, package: str) -> bool:
    """Whether a module is of the package's frame: no text of a document goes in there, only names and ids."""
    folder, _, name = path.removeprefix(f"{package}/").rpartition("/")
    return not folder or name == "__init__.pyi" or (folder in ("models", "params") and name == "__init__.py")
