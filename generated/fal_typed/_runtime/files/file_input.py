"""What an input that takes a file may be given as, and how a file is told from everything else."""

# design: Which texts are no URL of a file?

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError, core_schema

from .remote_file import RemoteFile
from .uploads.sources import is_text_file, is_uploadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from pydantic import GetCoreSchemaHandler

    from .uploads.sources import Uploadable

    LocalFile: TypeAlias = Uploadable | RemoteFile
    # Nothing but a file: a `str` is its URL, or a data URI.
    FileInput: TypeAlias = str | LocalFile
    # A file as well; a `str` may also be another text that the document names: the id of a LoRA, a font, a voice.
    FileOrName: TypeAlias = str | LocalFile


def is_file(value: object) -> bool:
    """Whether a value in an input stands for a file: to be uploaded, or an output file whose URL is meant."""
    return isinstance(value, RemoteFile) or is_uploadable(value)


class _Check:
    """The check of pydantic's, for a type that it does not know. The value stays as it is.

    Args:
        check_text: Raises what is wrong with a `str`; None where none is taken.
    """

    def __init__(self, check_text: Callable[[str], str] | None) -> None:
        self._check_text = check_text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        # On the wire it is the URL, whatever it was given as.
        return core_schema.no_info_plain_validator_function(
            self._checked, json_schema_input_schema=core_schema.str_schema()
        )

    def _checked(self, value: object) -> object:
        if self._check_text is not None and isinstance(value, str):
            self._check_text(value)
            return value
        if not is_file(value):
            text = "" if self._check_text is None else "a URL or "
            raise PydanticCustomError("file_input", "must be {what}", {"what": f"{text}{_WANTED}"})
        if is_text_file(value):
            raise PydanticCustomError("file_mode", "must be a file opened in binary mode, 'rb'")
        return value


def _check_url(text: str) -> str:
    """Refuse what no server could fetch."""
    if text[:8].lower().startswith(("https://", "http://", "data:")):
        return text
    _check_name(text)
    raise PydanticCustomError("file_url", "must be an http or https URL, a data URI or {what}", {"what": _WANTED})


def _check_name(text: str) -> str:
    """Refuse the path of a file that is here: it would be sent as it stands."""
    if len(text) <= _LONGEST_PATH and _is_file_here(text):
        how = {"how": f"pathlib.Path({text!r})"}
        raise PydanticCustomError("file_path", "must not be the path of a file: pass {how} to upload it", how)
    return text


def _is_file_here(text: str) -> bool:
    try:
        return os.path.isfile(os.path.expanduser(text))  # noqa: PTH111, PTH113  (twice as fast, at each call)
    except ValueError:  # a NUL in it
        return False


URL_ONLY = AfterValidator(_check_url)
"""For a text with other limits that is nothing but the URL of a file, or a data URI."""

NO_PATH = AfterValidator(_check_name)
"""For a text with other limits that may also be a name."""

_LONGEST_PATH = 4096
_WANTED = "a file (pathlib.Path, bytes, a binary file object, an output file)"

if not TYPE_CHECKING:  # pydantic knows no protocol and no BinaryIO
    LocalFile = Annotated[Any, _Check(None)]
    FileInput = Annotated[Any, _Check(_check_url)]
    FileOrName = Annotated[Any, _Check(_check_name)]

__all__ = ["NO_PATH", "URL_ONLY", "FileInput", "FileOrName", "LocalFile", "is_file"]
