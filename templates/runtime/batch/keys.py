"""By what a job is known: its endpoint, its input, the caller's salt, and its number among equal ones."""

# design: What is the key of a job?

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from ..checks import is_array, is_object
from ..errors import InputProblem, InvalidInputError
from ..files.uploads.input_files import key_of
from ..forks import Lock
from ..inputs import validate
from ..journal.records import Wanted
from .contents import Contents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..calls.steps import Call

# The version of what is hashed.
_FORM = 1
# Bytes of a hash by which equal inputs are counted: of a thousand million inputs no two have the same.
_COUNTED_BY = 12


class Prepared(NamedTuple):
    """An input that can be a job.

    Attributes:
        given: As it was given.
        arguments: Checked, by the names of the wire; files are files yet.
        wanted: The job.
        at: Which input it is, where there are many, from 0.
        has_files: Whether there are files in it.
    """

    given: Mapping[str, Any]
    arguments: dict[str, Any]
    wanted: Wanted
    at: int = 0
    has_files: bool = False


class Keys:
    """Gives the jobs of an endpoint their keys, and counts those with equal inputs. Safe in threads.

    Args:
        call: The endpoint, and how it is called.
        salt: What tells them from the same jobs of another run, if anything does.
        dedupe: Whether equal inputs are one job.
    """

    def __init__(self, call: Call, *, salt: str | None, dedupe: bool) -> None:
        self._call = call
        self._salt = salt
        self._dedupe = dedupe
        self._counts: dict[bytes, int] = {}
        self._contents = Contents()
        self._lock = Lock()

    def prepared(self, given: Mapping[str, Any]) -> Prepared:
        """The job for an input. Reads its files, so that it may block.

        Raises:
            InvalidInputError: It does not match the document, or a file in it cannot be read, or only once.
        """
        arguments = self._call.arguments(given)
        text, has_files = _canonical(self._call, arguments, self._contents)
        number = 0 if self._dedupe else self._number(text)
        wanted = _wanted(self._call, text, self._salt, number, None)
        return Prepared(given, _own(arguments), wanted, has_files=has_files)

    def _number(self, text: str) -> int:
        counted_by = hashlib.sha256(text.encode()).digest()[:_COUNTED_BY]
        with self._lock:
            number = self._counts.get(counted_by, 0)
            self._counts[counted_by] = number + 1
        return number


def prepared(
    call: Call, given: Mapping[str, Any], *, salt: str | None = None, number: int = 0, key: str | None = None
) -> Prepared:
    """One job. See `Keys.prepared`.

    Args:
        call: The endpoint, and how it is called.
        given: Its input.
        salt: What tells it from a job with the same input, if anything does.
        number: Which of several with this input it is.
        key: The caller's own, in place of all that.
    """
    arguments = call.arguments(given)
    text, has_files = _canonical(call, arguments, Contents())
    return Prepared(given, _own(arguments), _wanted(call, text, salt, number, key), has_files=has_files)


def check_files(call: Call, job: Prepared) -> None:
    """See that the files of a job are still what its key was made of: its output would be kept as that of others.

    Raises:
        InvalidInputError: They were changed, or cannot be read any more.
    """
    if _canonical(call, job.arguments, Contents())[0] != job.wanted.input:
        told = "a file in it was changed after the job was given; it was not sent"
        raise InvalidInputError(endpoint=call.spec.id, problems=[InputProblem("input", told)])


def _own(value: Any) -> Any:
    """A copy that a caller who uses an input again for the next one does not change; files are as they were."""
    if is_object(value):
        return {name: _own(each) for name, each in value.items()}
    return [_own(each) for each in value] if is_array(value) or _is_tuple(value) else value


def _is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    return isinstance(value, tuple)


def _wanted(call: Call, text: str, salt: str | None, number: int, key: str | None) -> Wanted:
    return Wanted(key or _key_of(call.spec.id, text, salt, number), call.spec.id, text, number, salt)


def _key_of(endpoint: str, text: str, salt: str | None, number: int) -> str:
    """The first 32 hexadecimal digits of a hash over `[1, endpoint, input, salt, number]` as JSON."""
    before, after = json.dumps([_FORM, endpoint])[:-1], json.dumps([salt, number])[1:]
    return hashlib.sha256(f"{before}, {text}, {after}".encode()).hexdigest()[:32]


def _canonical(call: Call, arguments: Mapping[str, Any], contents: Contents) -> tuple[str, bool]:
    """The text, and whether there are files in it."""
    try:
        return validate.canonical_json(call.spec.id, arguments), False
    except validate.HoldsFilesError:
        pass
    marks = contents.of_files(call, arguments)
    return validate.canonical_json(call.spec.id, arguments, lambda file: marks[key_of(file)]), True
