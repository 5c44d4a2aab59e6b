"""The de-duplicator of logs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from runtime.calls.status import LogEntry, LogReader, overlap_length, parse_status, read_logs


def _entries(text: str) -> list[LogEntry]:
    return [LogEntry(letter) for letter in text]


def _read(*answers: str) -> str:
    reader = LogReader()
    return "|".join("".join(entry.message for entry in reader.new_entries(_entries(answer))) for answer in answers)


def test_cumulative_and_moving() -> None:
    assert _read("a", "ab", "ab", "abc") == "a|b||c"
    assert _read("abc", "bcd", "def") == "abc|d|ef"
    assert _read("abc", "xyz") == "abc|xyz"
    assert _read("abc", "", "abcd") == "abc||d"
    assert _read("abcd", "bc") == "abcd|"
    assert _read("aa", "aaa", "aaa") == "aa|a|"


@settings(max_examples=200, database=None, deadline=None)
@given(st.text("ab", max_size=8), st.text("ab", max_size=8))
def test_the_overlap_is_the_longest(known: str, shown: str) -> None:
    slow = max(size for size in range(len(shown) + 1) if known.endswith(shown[:size]))
    assert overlap_length(_entries(known), _entries(shown)) == slow


@settings(max_examples=200, database=None, deadline=None)
@given(st.integers(0, 30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), max_size=8))
def test_lines_that_differ_come_once_and_in_order(start: int, polls: list[tuple[int, int]]) -> None:
    lines = [LogEntry(str(number)) for number in range(100)]
    reader, shown, got = LogReader(), 0, list[LogEntry]()
    for more, window in polls:
        end = shown + min(more, window)  # a window at least as long as what is new loses nothing
        got += reader.new_entries(lines[max(0, end - window - start) : end])
        shown = end
    assert got == lines[:shown]


def test_odd_entries_are_kept() -> None:
    odd = read_logs([{"message": "m", "level": 3}, "text", None, {}])
    assert [entry.message for entry in odd] == ["m", "text", "None", ""]
    assert read_logs({"not": "a list"}) == read_logs(None) == ()
    assert parse_status({"status": "IN_QUEUE", "queue_position": None, "logs": 4}, "r")[1] is None
