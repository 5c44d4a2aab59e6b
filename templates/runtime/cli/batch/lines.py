"""The inputs of many jobs, one a line: JSON objects, or a table as CSV. They are read as they are asked for."""

# design: How are many jobs given on the command line?

from __future__ import annotations

import csv
import json
import shutil
import sys
from array import array
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO

from ...checks import is_object
from ...errors import InvalidInputError
from ...inputs.validate import check_input
from ...inputs_told.rows import rows_of
from ..exits import UsageProblemError
from ..inputs import STDIN, cell_of, no_constant, told_once, with_files
from ..options import options_of
from ..text import PACKAGE, visible

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from typing import Self

    from ...inputs.spec import EndpointSpec

FORMATS = ("jsonl", "csv")
_UNKNOWN = "is not an input"
# A picture as a data URI is a cell, too; by default the longest one is one of 128 KB.
_LONGEST_CELL = 2**31 - 1
_BOM = b"\xef\xbb\xbf"


class Lines:
    """The inputs, as an iterable; a file can be read anew, stdin once.

    Attributes:
        name: What the file is called in messages.
        files: The inputs that are files.

    Args:
        spec: Of the endpoint.
        place: The path of the file, or `-` for stdin; a pipe is read once, as that is.
        kind: One of FORMATS; by default what the file's name ends in, else JSON.

    Raises:
        UsageProblemError: There is no such file, or what stands in it is not of that kind. Iterating raises it too, and
            names the line.
    """

    def __init__(self, spec: EndpointSpec, place: str, kind: str | None = None) -> None:
        self._spec = spec
        self._place = place
        self.name = "stdin" if place == STDIN else visible(place)
        self._is_csv = (kind or ("csv" if place.lower().endswith(".csv") else "jsonl")) == "csv"
        options = [] if spec.input is None else options_of(rows_of(PACKAGE, spec))
        self._lists = {one.row.name for one in options if one.is_list}
        self.files = {one.row.name for one in options if one.row.takes_file}
        self._numbers = array("Q")
        self._copy: BinaryIO | None = None
        if self._is_csv and spec.input is None:
            raise UsageProblemError(f"{self.name}: the package does not have {visible(spec.id)}: it takes JSON lines")
        self._is_file = place != STDIN and self._is_there()

    def keep(self) -> None:
        """Have what can be read once read anew, too: it is copied into a temporary file."""
        if not self._is_file and self._copy is None:
            made = TemporaryFile()  # noqa: SIM115  (it lives as long as this does)
            with self._opened() as stream:
                shutil.copyfileobj(stream, made)
            self._copy = made

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Remove the copy, if there is one."""
        if self._copy is not None:
            self._copy.close()

    def where(self, index: int) -> str:
        """The place of a job: `jobs.jsonl:17`.

        Args:
            index: Its number among the inputs, from 0.
        """
        return f"{self.name}:{self._numbers[index]}"

    def number(self, index: int) -> int:
        """The same without the file, from 1."""
        return self._numbers[index]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self._numbers = array("Q")
        with self._opened() as stream:
            for number, given in self._table(stream) if self._is_csv else self._objects(stream):
                self._numbers.append(number)
                yield self._with_files(given)

    def _objects(self, stream: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
        for number, line in enumerate(stream, 1):
            text = line.removeprefix(_BOM) if number == 1 else line
            if not text.isspace() and text:
                yield number, self._object(number, text)

    def _object(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            found = json.loads(line.decode(), parse_constant=no_constant, object_pairs_hook=told_once)
        except UnicodeDecodeError:
            raise self._wrong(number, "not JSON: it is no text in UTF-8") from None
        except RecursionError:
            raise self._wrong(number, "nested too deeply") from None
        except ValueError as error:
            raise self._wrong(number, f"not JSON: {error}; one object a line is wanted") from None
        if not is_object(found):
            raise self._wrong(number, "a JSON object is wanted, with a key for each input")
        return found

    def _table(self, stream: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
        # What is no UTF-8 comes through, so that its row can be named.
        text = TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
        limit = csv.field_size_limit(_LONGEST_CELL)
        rows = csv.reader(text, strict=True)
        names: list[str] | None = None
        number = 1
        try:
            for cells in rows:
                "".join(cells).encode()
                if names is None:
                    names = self._header(cells)
                elif any(cells):
                    yield number, self._row(number, names, cells)
                number = rows.line_num + 1
        except UnicodeEncodeError:
            raise self._wrong(number, "no text in UTF-8: save the table as CSV UTF-8") from None
        except csv.Error as error:
            raise self._wrong(number, f"not CSV: {error}") from None
        finally:
            csv.field_size_limit(limit)
            text.detach()
        if names is None:
            raise self._wrong(1, "a first row with the names of the inputs is wanted")

    def _header(self, cells: Sequence[str]) -> list[str]:
        names = [each.strip() for each in cells]
        if twice := [each for at, each in enumerate(names) if each in names[:at]]:
            raise self._wrong(1, f"two columns are called {visible(twice[0])!r}")
        try:
            check_input(self._spec, dict.fromkeys(names))
        except InvalidInputError as error:
            for each in error.problems:
                if each.message.startswith(_UNKNOWN):
                    raise self._wrong(1, str(each)) from None
        return names

    def _row(self, number: int, names: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
        if len(cells) > len(names):
            raise self._wrong(number, f"{len(cells)} cells, but the first row names {len(names)}")
        said = [(name, cell) for name, cell in zip(names, cells, strict=False) if cell]
        return {name: cell_of(self._spec, name, cell, is_list=name in self._lists) for name, cell in said}

    def _with_files(self, given: dict[str, Any]) -> dict[str, Any]:
        """With files for their paths; what else is wrong with it, the call itself says."""
        if self._spec.input is None:
            return given
        try:
            return with_files(self._spec, given)
        except InvalidInputError:
            return given

    def _wrong(self, number: int, text: str) -> UsageProblemError:
        return UsageProblemError(f"{self.name}:{number}: {text}")

    @contextmanager
    def _opened(self) -> Generator[BinaryIO]:
        if self._copy is not None:
            self._copy.seek(0)
            yield self._copy
        elif self._place == STDIN:
            yield _stdin()
        else:
            with Path(self._place).open("rb") as stream:
                yield stream

    def _is_there(self) -> bool:
        """Whether it is a file, rather than a pipe, which would be used up by opening it."""
        path = Path(self._place)
        try:
            if path.exists() and not path.is_file() and not path.is_dir():
                return False
            with path.open("rb"):
                return True
        except (OSError, ValueError) as error:
            raise UsageProblemError(f"{self.name}: {getattr(error, 'strerror', None) or error}") from None


def _stdin() -> BinaryIO:
    if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison]
        raise UsageProblemError("-: there is no stdin: it was closed")
    return sys.stdin.buffer
