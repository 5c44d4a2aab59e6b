"""What an input that takes a file may be given as, and how a file is told from everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic_core import PydanticCustomError, core_schema

from .remote_file import RemoteFile
from .sources import is_text_file, is_uploadable

if TYPE_CHECKING:
    from typing import TypeAlias

    from pydantic import GetCoreSchemaHandler

    from .sources import Uploadable

    LocalFile: TypeAlias = Uploadable | RemoteFile
    # Nothing but a file: a `str` is its URL, or a data URI.
    FileInput: TypeAlias = str | LocalFile
    # A file as well; a `str` may also be another text that the document names: the id of a LoRA, a font, a voice.
    FileOrName: TypeAlias = str | LocalFile


def is_file(value: object) -> bool:
    """Whether a value in an input stands for a file: to be uploaded, or an output file whose URL is meant."""
    return isinstance(value, RemoteFile) or is_uploadable(value)


class _Check:
    """The check of pydantic's, for a type that it does not know. The value stays as it is."""

    def __init__(self, *, url: bool) -> None:
        self._url = url

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        # On the wire it is the URL, whatever it was given as.
        return core_schema.no_info_plain_validator_function(
            self._checked, json_schema_input_schema=core_schema.str_schema()
        )

    def _checked(self, value: object) -> object:
        if self._url and isinstance(value, str):
            return value
        if not is_file(value):
            text = "a URL or " if self._url else ""
            raise PydanticCustomError("file_input", "must be {what}", {"what": f"{text}{_WANTED}"})
        if is_text_file(value):
            raise PydanticCustomError("file_mode", "must be a file opened in binary mode, 'rb'")
        return value


_WANTED = "a file (pathlib.Path, bytes, a binary file object, an output file)"

if not TYPE_CHECKING:  # pydantic knows no protocol and no BinaryIO
    LocalFile = Annotated[Any, _Check(url=False)]
    FileInput = Annotated[Any, _Check(url=True)]
    FileOrName = Annotated[Any, _Check(url=True)]

__all__ = ["FileInput", "FileOrName", "LocalFile", "is_file"]
