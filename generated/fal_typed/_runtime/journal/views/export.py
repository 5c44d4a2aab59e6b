"""A journal as a table for spreadsheets, or as lines of JSON for programs: written job by job."""

# design: What is exported of a journal?

from __future__ import annotations

import csv
import json
import os
import re
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Literal, TextIO, TypeAlias

from ...checks import choice

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from ..records import JobRecord

Format: TypeAlias = Literal["csv", "jsonl"]
FORMATS = ("csv", "jsonl")
COLUMNS = (
    *("key", "endpoint", "number", "salt", "state", "attempt", "request_id"),
    *("claimed_at", "sending_at", "submitted_at", "ended_at", "units", "reserved"),
    *("error", "message", "status_code", "note", "files", "input", "output"),
)
# Spreadsheets take a text that begins so for a formula, and run it; an apostrophe before it says that it is text.
_FORMULA = re.compile(r"[\s\0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
# They are nothing but blanks in JSON, and end a line for some who read it; within a text they are escapes already …
_LINE_ENDS = str.maketrans({"\n": " ", "\r": " "})
# … but for these.
_LINE_ENDS_IN_TEXT = re.compile("[\x85\u2028\u2029]")

_OPEN_ALREADY = re.compile(r"/dev/(std(out|err)|fd/)|/proc/")


def checked_format(target: str | os.PathLike[str] | TextIO, format: str | None) -> Format:
    """The format that is asked for, or told by the ending of a path.

    Raises:
        ValueError: There is none such, or neither tells.
    """
    if format is None and isinstance(target, str | os.PathLike):
        format = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(Path(target).suffix.lower())
    if format is None:
        raise ValueError('say which format: format="csv" or format="jsonl", or a path that ends so')
    return "csv" if choice("format", format, FORMATS) == "csv" else "jsonl"


def write(records: Iterable[JobRecord], target: str | os.PathLike[str] | TextIO, format: Format) -> int:
    """Write jobs, and return how many those were.

    Args:
        records: The jobs.
        target: A path, whose file is replaced once all is written; or a file that takes text.
        format: Which.
    """
    writer = _write_csv if format == "csv" else _write_jsonl
    if not isinstance(target, str | os.PathLike):
        return writer(records, target)
    path = Path(target)
    with _replaced(path.resolve()) if _can_be_replaced(path) else path.open("w", encoding="utf-8", newline="") as file:
        return writer(records, file)


def _can_be_replaced(path: Path) -> bool:
    """Whether a path is that of a file, now or then: not of a pipe, nor `/dev/stdout`, which may lead to a file."""
    return not _OPEN_ALREADY.match(path.as_posix()) and (path.is_file() or not path.exists())


@contextmanager
def _replaced(path: Path) -> Generator[TextIO]:
    """A new file that takes the place of another one in the end, or goes."""
    part = path.with_name(f".{path.name[:100]}.{token_hex(4)}")
    try:
        with part.open("x", encoding="utf-8", newline="") as file:
            yield file
        part.replace(path)
    except BaseException as error:
        with suppress(OSError):
            part.unlink()
        if isinstance(error, OSError) and error.filename == str(part):
            error.filename = str(path)
        raise


def _write_csv(records: Iterable[JobRecord], file: TextIO) -> int:
    rows = csv.writer(file)
    rows.writerow(COLUMNS)
    count = 0
    for record in records:
        rows.writerow([_cell(value) for value in _row(record).values()])
        count += 1
    return count


def _write_jsonl(records: Iterable[JobRecord], file: TextIO) -> int:
    count = 0
    for record in records:
        pairs = [f"{json.dumps(name)}: {_json(name, value)}" for name, value in _row(record).items()]
        file.write(f"{{{', '.join(pairs)}}}\n")
        count += 1
    return count


def _row(record: JobRecord) -> dict[str, Any]:
    """What is told of a job, by column; the input is that which went over the wire, where there was one."""
    error = record.error
    values = (
        *(record.key, record.endpoint, record.number, record.salt, record.state.value, record.attempt),
        *(record.request_id, _time(record.claimed_at), _time(record.sending_at), _time(record.submitted_at)),
        *(_time(record.ended_at), record.units, record.reserved),
        *((None, None, None) if error is None else (error.kind, error.message, error.status_code)),
        *(record.note, list(record.files), record.wire or record.input, record.output),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _json(name: str, value: Any) -> str:
    """A value as JSON on one line; what is JSON already stays as it is, so that no digit is lost."""
    if name in ("input", "output") and value is not None:
        return _LINE_ENDS_IN_TEXT.sub(lambda found: f"\\u{ord(found[0]):04x}", value.translate(_LINE_ENDS))
    return json.dumps(value)


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "" if not value else json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return value
    # Half a character, as the name of a file may have, cannot be written.
    text = value.encode("utf-8", "backslashreplace").decode()
    return f"'{text}" if _FORMULA.match(text) else text


def _time(seconds: float | None) -> str | None:
    """A time as ISO 8601, in UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
