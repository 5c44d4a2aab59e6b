"""A cassette on disk: read with care, written wholly or not at all."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import mimetypes
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .errors import CassetteFileError
from .exchanges import media_type_of

if TYPE_CHECKING:
    from pathlib import Path

    from .exchanges import Kept

VERSION = 1
# A longer body stands beside the file, where it does not hide the rest.
_LONGEST_INSIDE = 2**14
_BESIDE = re.compile(r"[0-9a-f]{16}(\.\w+)?")
_ANEW = "delete it to record it anew"
_ENDS = re.compile(r"left|[A-Z]\w+: .*", re.DOTALL)
# The forms of a body, and of which type they are.
_REQUEST_FORMS: dict[str, type | None] = {"json": None, "text": str, "base64": str, "upload": dict}
_ANSWER_FORMS: dict[str, type | None] = {
    "json": None,
    "text": str,
    "base64": str,
    "events": list,
    "file": str,
    "too_long": dict,
}
_NAMES: dict[type, str] = {str: "a text", dict: "an object", list: "a list", int: "a number"}


def folder_of(path: Path) -> Path:
    """Where the long bodies of a cassette are."""
    return path.with_name(f"{path.stem}.files")


# Reading.


def read(path: Path) -> list[Kept]:
    """The exchanges on a cassette.

    Raises:
        CassetteFileError: It cannot be read, or says what no cassette says.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CassetteFileError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        whole = json.loads(text)
    except RecursionError:
        raise CassetteFileError(f"{path} is no cassette: it is nested too deeply; {_ANEW}") from None
    except json.JSONDecodeError as error:
        what = "it ends too early" if error.pos >= len(text.rstrip()) else error.msg
        place = f"{path}, line {error.lineno}, column {error.colno}"
        raise CassetteFileError(f"{place}: this is no JSON ({what}); undo what changed it, or {_ANEW}") from None
    return _Reader(path).exchanges(whole)


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path

    def exchanges(self, whole: Any) -> list[Kept]:
        self._object(whole, "", ("version", "exchanges"))
        version = whole["version"]
        if version != VERSION:
            is_later = isinstance(version, int) and version > VERSION
            fix = f"it was written by a later fal_typed: update this one, or {_ANEW}" if is_later else _ANEW
            raise self._wrong("/version", f"is {version!r}, and this fal_typed reads {VERSION}; {fix}")
        exchanges: list[Kept] = self._typed(whole["exchanges"], list, "/exchanges")
        for at, each in enumerate(exchanges):
            self._exchange(self._typed(each, dict, f"/exchanges/{at}"), f"/exchanges/{at}")
        return exchanges

    def _exchange(self, exchange: Kept, place: str) -> None:
        is_fault = "fault" in exchange
        self._object(exchange, place, ("request", "fault" if is_fault else "answer"))
        request = exchange["request"]
        self._object(request, f"{place}/request", ("method", "url", "headers"))
        self._typed(request["method"], str, f"{place}/request/method")
        self._typed(request["url"], str, f"{place}/request/url")
        self._headers(request["headers"], f"{place}/request/headers")
        self._body(request, f"{place}/request", ("method", "url", "headers"), _REQUEST_FORMS)
        if is_fault:
            self._fault(exchange["fault"], f"{place}/fault")
            return
        answer = exchange["answer"]
        self._object(answer, f"{place}/answer", ("status", "headers"))
        status = self._typed(answer["status"], int, f"{place}/answer/status")
        if not 100 <= status <= 599:
            raise self._wrong(f"{place}/answer/status", f"is {status}, which is no status of HTTP")
        self._headers(answer["headers"], f"{place}/answer/headers")
        self._body(answer, f"{place}/answer", ("status", "headers", "ended"), _ANSWER_FORMS)
        if "ended" in answer:
            self._fault(answer["ended"], f"{place}/answer/ended")

    def _fault(self, value: Any, place: str) -> None:
        if _ENDS.fullmatch(self._typed(value, str, place)) is None:
            raise self._wrong(place, f"is {value!r}, which is no exception of httpx")

    def _headers(self, headers: Any, place: str) -> None:
        self._typed(headers, dict, place)
        for name, text in headers.items():
            self._typed(text, str, f"{place}/{name}")

    def _body(self, part: Kept, place: str, others: tuple[str, ...], forms: dict[str, type | None]) -> None:
        found = [name for name in part if name not in others]
        if unknown := [name for name in found if name not in forms]:
            raise self._wrong(f"{place}/{unknown[0]}", f"is none of {', '.join((*others, *forms))}")
        if len(found) > 1:
            raise self._wrong(place, f"has two bodies, {found[0]!r} and {found[1]!r}")
        for name in found:
            at, kind = f"{place}/{name}", forms[name]
            if kind is not None:
                self._typed(part[name], kind, at)
            if name == "base64":
                self._base64(part[name], at)
            elif name == "events":
                for number, event in enumerate(part[name]):
                    self._typed(event, dict, f"{at}/{number}")
            elif name == "file":
                self._beside(part[name], at)

    def _base64(self, text: str, place: str) -> None:
        try:
            base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise self._wrong(place, f"is no base64 ({error})") from None

    def _beside(self, name: str, place: str) -> None:
        if _BESIDE.fullmatch(name) is None:
            raise self._wrong(place, f"is {name!r}, which is no name of a file of a cassette")
        if not (folder_of(self._path) / name).is_file():
            raise self._wrong(place, f"{folder_of(self._path) / name} is not there: it belongs to the cassette")

    def _object(self, value: Any, place: str, names: tuple[str, ...]) -> None:
        self._typed(value, dict, place)
        for name in names:
            if name not in value:
                raise self._wrong(place, f"has no {name!r}")

    def _typed(self, value: Any, kind: type, place: str) -> Any:
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self._wrong(place, f"must be {_NAMES[kind]}, and is {json.dumps(value)[:60]}")
        return value

    def _wrong(self, place: str, what: str) -> CassetteFileError:
        fix = "" if _ANEW in what else f"; undo what changed it, or {_ANEW}"
        return CassetteFileError(f"{self._path} at {place or 'its top'}: {what}{fix}")


# Writing.


def write(path: Path, exchanges: list[Kept]) -> None:
    """Write a cassette: first what is beside it, then the file, then away with what is beside it for nothing.

    Args:
        path: Of the file; its folder is made.
        exchanges: With their secrets replaced. What has a long body in base64 or text has it beside the file.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    placed = [_placed(each, folder_of(path)) for each in exchanges]
    whole = {"version": VERSION, "exchanges": placed}
    try:
        content = json.dumps(whole, indent=2, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a character, which JSON can say and UTF-8 cannot
        content = json.dumps(whole, indent=2).encode()
    _put(path, content + b"\n")
    _tidy(folder_of(path), {each["answer"]["file"] for each in placed if "file" in each.get("answer", {})})


def _placed(exchange: Kept, folder: Path) -> Kept:
    answer = exchange.get("answer", {})
    content = base64.b64decode(answer["base64"]) if "base64" in answer else answer.get("text", "").encode()
    if len(content) <= _LONGEST_INSIDE:
        return exchange
    suffix = mimetypes.guess_extension(media_type_of(answer["headers"])) or ".bin"
    name = hashlib.sha256(content).hexdigest()[:16] + suffix
    folder.mkdir(exist_ok=True)
    if not (folder / name).exists():
        _put(folder / name, content)
    shorter = {("file" if each in ("base64", "text") else each): value for each, value in answer.items()}
    return {**exchange, "answer": {**shorter, "file": name}}


def _put(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _tidy(folder: Path, names: set[str]) -> None:
    if not folder.is_dir():
        return
    for each in folder.iterdir():
        if _BESIDE.fullmatch(each.name) and each.name not in names:
            each.unlink()
    with suppress(OSError):  # somebody else's files are in it
        folder.rmdir()
