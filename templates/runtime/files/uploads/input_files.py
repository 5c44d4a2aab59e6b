"""The files in an input: found, opened, and replaced by their URLs. The caller's own input stays as it is."""

# design: How is a file told at run time?

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from ...checks import is_mapping, is_sequence, shortened
from ...errors import InputProblem, InvalidInputError
from ...outputs.model import FalModel, as_received
from ..file_input import is_file
from ..remote_file import RemoteFile, url_of
from .library_objects import is_picture, png_of
from .sources import open_source
from .storage_base import NAME_HEADER, TYPE_HEADER, file_headers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self, TypeAlias

    from ...events.watch import Watch
    from ...media.limits import MediaLimits
    from .storage_base import StorageBase
    from .upload_steps import Upload

    Key: TypeAlias = str | int


@dataclass
class InputFiles:
    """The files of one input. A file that stands in it twice is uploaded once, a path also. Closes what it opened.

    Attributes:
        media: What files must be like, by their places; None where all go.
        watch: Tells how far they are, where somebody listens.
        uploads: What must be uploaded.
    """

    arguments: Mapping[str, Any]
    media: Mapping[str, MediaLimits] | None = None
    watch: Watch | None = None
    uploads: list[Upload] = field(default_factory=list["Upload"])
    _urls: dict[Key, str] = field(default_factory=dict["Key", str])
    _uploaded: list[Key] = field(default_factory=list["Key"])
    _encoded: dict[Key, bytes] = field(default_factory=dict["Key", bytes])
    _stack: ExitStack = field(default_factory=ExitStack)

    def with_urls(self, urls: list[str]) -> dict[str, Any]:
        """A copy of the input with the URLs of the uploads, in their order, in the files' places."""
        known: dict[Key, str] = {**self._urls, **dict(zip(self._uploaded, urls, strict=True))}
        replaced: dict[str, Any] = urls_for_files(self.arguments, known)
        return replaced

    @property
    def has_pictures(self) -> bool:
        """Whether there are some to be encoded, which takes a while."""
        return any(is_picture(value) for _, value in files_in(self.arguments))

    def encode(self) -> None:
        """Encode its pictures beforehand, maybe in a thread. `open` says what is wrong with one that cannot be."""
        for _, value in files_in(self.arguments):
            if is_picture(value):
                with suppress(Exception):
                    self._encoded[key_of(value)] = png_of(value)

    def open(self, storage: StorageBase[Any], endpoint: str) -> Self:
        """Open every file, so that what cannot be read is known before anything is sent.

        Raises:
            InvalidInputError: With every file that cannot be read, or that fal does not take.
        """
        problems: list[InputProblem] = []
        seen: set[Key] = set()
        for path, value in files_in(self.arguments):
            if (key := key_of(value)) in seen:
                continue
            seen.add(key)
            try:
                self._add(storage, endpoint, path, value)
            except Exception as error:  # what a caller's object raises may be anything
                problems.append(InputProblem(path, why_unread(error), shortened(value)))
        if self.media is not None:
            problems += self._unfit(self.media)
        if problems:
            self._stack.close()
            raise InvalidInputError(endpoint=endpoint, problems=problems)
        return self

    def _unfit(self, media: Mapping[str, MediaLimits]) -> list[InputProblem]:
        from ...media.check import file_problems

        sources = {at: upload.source for at, upload in zip(self._uploaded, self.uploads, strict=True)}
        files = [(path, value) for path, value in files_in(self.arguments) if key_of(value) in sources]
        return file_problems(media, [(path, value, sources[key_of(value)]) for path, value in files])

    def _add(self, storage: StorageBase[Any], endpoint: str, path: str, value: Any) -> None:
        if isinstance(value, RemoteFile):
            if (url := url_of(value)) is None:
                raise ValueError("is a file without a URL")
            self._urls[key_of(value)] = url
            return
        source = open_source(self._encoded.get(key_of(value), value))
        self._stack.callback(source.close)
        if source.size == 0:
            raise ValueError(source.why_empty)
        if source.start:
            raise ValueError(f"stands at byte {source.start}: seek(0), or pass a pathlib.Path")
        empty = InputProblem(path, source.why_empty, shortened(value))
        source.if_empty = InvalidInputError(endpoint=endpoint, problems=[empty])
        headers = file_headers(source)
        label = f"the upload of {path}" + (f" ({headers[NAME_HEADER]})" if source.name else "")
        told: tuple[Any, ...] = (None,)
        if self.watch is not None:
            name, kind = headers[NAME_HEADER], headers[TYPE_HEADER]
            told = partial(self.watch.moved, name), partial(self.watch.uploaded, name, kind)
        self.uploads.append(storage.upload_of(source, label, headers, *told))
        self._uploaded.append(key_of(value))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def key_of(file: Any) -> Key:
    """What two mentions of one file have in common: equal paths lead to one, anything else is one itself."""
    return os.fspath(cast("os.PathLike[str]", file)) if isinstance(file, os.PathLike) else id(file)


def files_in(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every file with its place."""
    if is_file(value):
        yield path, value
    elif isinstance(value, FalModel):
        yield from files_in(as_received(value), path)
    elif is_mapping(value):
        for key, item in value.items():
            yield from files_in(item, f"{path}.{key}" if path else str(key))
    elif is_sequence(value):
        for index, item in enumerate(value):
            yield from files_in(item, f"{path}.{index}")


def urls_for_files(value: Any, urls: Mapping[Key, str]) -> Any:
    """A copy of a value with the URLs of its files, known by `key_of`, in their places."""
    if is_file(value):
        return urls[key_of(value)]
    if isinstance(value, FalModel):
        return urls_for_files(as_received(value), urls)
    if is_mapping(value):
        return {key: urls_for_files(item, urls) for key, item in value.items()}
    return [urls_for_files(item, urls) for item in value] if is_sequence(value) else value


def why_unread(error: Exception) -> str:
    """An error of opening in words that follow a place."""
    if not isinstance(error, OSError):
        return str(error) or f"cannot be read: {type(error).__name__}"
    return f"cannot be read: {(error.strerror or str(error)).lower()}"
