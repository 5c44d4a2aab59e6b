"""What an endpoint's document can turn out to be: found, gone, or a problem that says whose it is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..json_text import NotJsonError
from ..limits import parse_bounded
from ..project.ids import post_paths, posted_path

if TYPE_CHECKING:
    from ..diagnostics import FetchError
    from ..json_text import Json
    from ..project.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A document.

    Attributes:
        data: Its content.
        url: Where it came from.
    """

    data: Json
    url: str


@dataclass(frozen=True, slots=True)
class Gone:
    """fal does not have the endpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """There is no document to be had now.

    Attributes:
        problem: Why, for people.
        is_network: See `FetchError`.
        is_fals: Whether there is an answer, and no document in it: that is for fal to mend.
    """

    problem: str
    is_network: bool
    is_fals: bool = False


Answer = Found | Gone | Failed


def failed(error: FetchError) -> Failed:
    """The answer that an error amounts to."""
    return Failed(problem=str(error), is_network=error.is_network)


def judge(endpoint_id: str, data: Json, url: str) -> Found | Failed:
    """Whether what came in a document's place is one."""
    problem = _problem(endpoint_id, data)
    if problem is not None:
        return Failed(problem=problem, is_network=False, is_fals=True)
    return Found(data=data, url=url)


def _problem(endpoint_id: str, data: Json) -> str | None:
    if not isinstance(data, dict):
        return f"there is {'null' if data is None else 'something else'} in place of a document"
    error = data.get("error")
    if "openapi" not in data and isinstance(error, dict):
        return f"fal could not make its document: {plain(error.get('code'))}: {plain(error.get('message'))}"
    version, paths = data.get("openapi"), data.get("paths")
    if not isinstance(version, str) or not version.startswith("3."):
        return "this is no OpenAPI 3 document"
    if not isinstance(paths, dict) or not post_paths(paths):
        return "the document has no path with a `post` operation: there is nothing to call"
    if posted_path(endpoint_id, paths) is None:
        return f"the document says to post to {plain(min(post_paths(paths)))!r}, which is no endpoint's path"
    return None


def plain(value: object) -> str:
    """A text from an answer, short and on one line, for a message."""
    text = value if isinstance(value, str) else ascii(value)
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= 200 else text[:199] + "…"


def _with_its_app(endpoint_id: str, data: Json) -> Json:
    """A document as fal gives it out: an app exports paths of its own, `/` and `/edit`, and fal puts the app before."""
    paths = data.get("paths") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(paths, dict) or posted_path(endpoint_id, paths) is not None:
        return data
    app, own = "/".join(endpoint_id.split("/")[:2]), "/".join(["", *endpoint_id.split("/")[2:]]) or "/"
    if own not in post_paths(paths):
        return data
    return data | {"paths": {f"/{app}{path}".rstrip("/"): item for path, item in paths.items()}}


_SCHEME = "file:"


def url_of(settings: Settings, path: Path) -> str:
    """How the lock writes where a file is: from the project's folder, so that it holds on every machine."""
    return _SCHEME + Path(os.path.relpath(path.absolute(), settings.root)).as_posix()


def is_local(url: str) -> bool:
    """Whether a document came from a file."""
    return url.startswith(_SCHEME)


def ask(settings: Settings, endpoint_id: str, url: str) -> Answer:
    """The document in a file. One that is missing is no sign that the app is gone."""
    path = settings.root / url.removeprefix(_SCHEME)
    shown = settings.shown(path)
    try:
        data = parse_bounded(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        return Failed(problem=f"{shown}: {error.strerror}", is_network=False)
    except UnicodeDecodeError:
        return Failed(problem=f"{shown}: not UTF-8 text", is_network=False)
    except NotJsonError as error:
        return Failed(problem=f"{shown}:{error.line or 1}: {error}", is_network=False)
    answer = judge(endpoint_id, _with_its_app(endpoint_id, data), url)
    return answer if not isinstance(answer, Failed) else Failed(problem=f"{shown}: {answer.problem}", is_network=False)
