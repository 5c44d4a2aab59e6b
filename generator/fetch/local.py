"""Documents that come from a file of the project, not from fal: of apps that fal does not describe to everybody."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from generator.bounded import parse_bounded
from generator.fetch.answers import Failed, judge
from generator.jsontext import NotJsonError

if TYPE_CHECKING:
    from generator.fetch.answers import Answer
    from generator.settings import Settings

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
    answer = judge(endpoint_id, data, url)
    return answer if not isinstance(answer, Failed) else Failed(problem=f"{shown}: {answer.problem}", is_network=False)
