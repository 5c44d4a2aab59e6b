"""A journal as a table and as lines of JSON."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from journal_jobs import ENDPOINT, OTHER, Made
from runtime.journal.journal import Journal
from runtime.journal.records import JobState
from runtime.journal.views.export import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

NASTY = 'a "quoted"\r\nline, 猫 \U0001f600\u2028\x85\t\x00 = 1'


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def exported(made: Made, format: Any, **which: Any) -> str:
    file = io.StringIO(newline="")
    made.journal.export(file, format=format, **which)
    return file.getvalue()


def test_jsonl_has_everything_as_it_is(made: Made, tmp_path: Path) -> None:
    output = json.dumps({"text": NASTY, "large": 12345678901234567890, "small": 1e-320}, ensure_ascii=False, indent=1)
    made.done(output=output, files=("out/1.png", "out/ä.png"), took=1.5, salt="s", wire='{"prompt":"猫"}', units=2.0)
    made.failed(NASTY)
    made.claimed(endpoint=OTHER)
    path = tmp_path / "run.jsonl"
    assert made.journal.export(path) == 3
    text = path.read_bytes().decode()
    assert len(text.splitlines()) == text.count("\n") == 3
    done, failed, claimed = (json.loads(line) for line in text.splitlines())
    assert tuple(done) == COLUMNS
    assert done["output"] == json.loads(output)
    assert "12345678901234567890" in text
    assert (done["key"], done["number"], done["salt"], done["state"]) == (f"{1:032x}", 1, "s", "done")
    assert (done["files"], done["input"], done["request_id"]) == (["out/1.png", "out/ä.png"], {"prompt": "猫"}, "r1")
    assert (done["units"], done["reserved"], done["error"]) == (1.5, 2.0, None)
    assert done["ended_at"].endswith("+00:00")
    assert (failed["error"], failed["message"], failed["status_code"]) == ("ModelError", NASTY, 422)
    assert (claimed["endpoint"], claimed["state"], claimed["sending_at"]) == (OTHER, "claimed", None)


def test_csv_comes_back_as_it_was(made: Made, tmp_path: Path) -> None:
    output = json.dumps({"text": NASTY}, ensure_ascii=False)
    made.done(output=output, files=("out/ä.png",))
    made.failed(NASTY)
    path = tmp_path / "run.CSV"
    assert made.journal.export(str(path)) == 2
    done, failed = rows_of(path.read_bytes().decode())
    assert tuple(done) == COLUMNS
    assert json.loads(done["output"]) == {"text": NASTY}
    assert json.loads(done["files"]) == ["out/ä.png"]
    assert failed["message"] == NASTY
    assert (failed["output"], failed["files"], failed["units"]) == ("", "", "")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\0=1", '=HYPERLINK("http://x")', "-"],
)
def test_a_spreadsheet_takes_no_text_for_a_formula(made: Made, text: str) -> None:
    made.failed(text, salt=text.replace("\0", "="))
    row = rows_of(exported(made, "csv"))[0]
    assert row["message"] == f"'{text}"
    assert row["salt"][0] == "'"
    assert json.loads(exported(made, "jsonl"))["message"] == text


@pytest.mark.parametrize("text", ["1+1", "a=b", "'=1", "", "{=}"])
def test_other_texts_stay_as_they_are(made: Made, text: str) -> None:
    made.failed(text)
    assert rows_of(exported(made, "csv"))[0]["message"] == text


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_half_a_character_can_be_written(made: Made, tmp_path: Path, format: Any) -> None:
    made.done(files=("caf\udce9.png",))
    path = tmp_path / f"run.{format}"
    made.journal.export(path)
    assert "caf" in path.read_text(encoding="utf-8")


def test_what_is_written_can_be_chosen(made: Made) -> None:
    made.done()
    made.failed()
    made.done(endpoint=OTHER)
    assert len(rows_of(exported(made, "csv"))) == 3
    assert [row["state"] for row in rows_of(exported(made, "csv", state="failed"))] == ["failed"]
    assert [row["endpoint"] for row in rows_of(exported(made, "csv", state=JobState.DONE, endpoint=OTHER))] == [OTHER]


def test_the_format_must_be_known(made: Made, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="say which format"):
        made.journal.export(tmp_path / "run.txt")
    with pytest.raises(ValueError, match="say which format"):
        made.journal.export(io.StringIO())
    with pytest.raises(ValueError, match="'xlsx'"):
        made.journal.export(tmp_path / "run.csv", format="xlsx")  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.iterdir() if "run.sqlite" not in path.name] == []


def test_a_file_is_replaced_when_the_new_one_is_whole(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.done()
    path = tmp_path / "run.csv"
    path.write_text("before")

    def jobs(**_: Any) -> Any:
        yield from made.journal.store.each()
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(made.journal, "jobs", jobs, raising=False)
    with pytest.raises(RuntimeError, match="the disk is gone"):
        made.journal.export(path)
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_a_link_stays_one(made: Made, tmp_path: Path) -> None:
    made.done()
    (tmp_path / "there").mkdir()
    path = tmp_path / "run.csv"
    path.symlink_to(tmp_path / "there" / "new.csv")
    for _ in range(2):
        made.journal.export(path)
    assert path.is_symlink()
    assert len(rows_of((tmp_path / "there" / "new.csv").read_text(encoding="utf-8"))) == 1
    assert len(list((tmp_path / "there").iterdir())) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/fd")
def test_what_is_no_file_is_written_to(made: Made, tmp_path: Path) -> None:
    made.done()
    with (tmp_path / "there.csv").open("w") as file:
        made.journal.export(f"/dev/fd/{file.fileno()}", format="csv")
    assert len(rows_of((tmp_path / "there.csv").read_text(encoding="utf-8"))) == 1
    os.mkfifo(tmp_path / "pipe.jsonl")
    with ThreadPoolExecutor() as threads:
        read = threads.submit((tmp_path / "pipe.jsonl").read_text)
        made.journal.export(tmp_path / "pipe.jsonl")
        assert json.loads(read.result())["state"] == "done"


def test_a_folder_that_is_not_there_is_told(made: Made, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        made.journal.export(tmp_path / "nowhere" / "run.csv")
    assert str(caught.value).endswith(f"{str(tmp_path / 'nowhere' / 'run.csv')!r}")


def test_states_are_taken_by_name(made: Made) -> None:
    made.done()
    made.claimed(endpoint=OTHER)
    assert [each.endpoint for each in made.journal.jobs()] == [ENDPOINT, OTHER]
    assert [each.state for each in made.journal.jobs(state="done")] == [JobState.DONE]
    assert [*made.journal.jobs(endpoint="fal-ai/none")] == []
    with pytest.raises(ValueError, match=r"there is no state 'Done\?'; did you mean 'done'\?; there are claimed, "):
        made.journal.jobs(state="Done?")  # type: ignore[arg-type]


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
def test_the_journal_itself_is_never_replaced(tmp_path: Path, ending: str) -> None:
    with Journal(tmp_path / "run.sqlite") as journal:
        Made(journal).done()
        path = tmp_path / f"run.sqlite{ending}"
        (link := tmp_path / "run.csv").symlink_to(path)
        for target in (path, str(path), link):
            with pytest.raises(ValueError, match="is the journal itself; export it to another file"):
                journal.export(target, format="csv")
        assert len(list(journal.jobs())) == 1
