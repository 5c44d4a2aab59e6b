"""`batch` over a socket: what is paid once, what is printed, and how it ends."""

from __future__ import annotations

import csv
import json
import signal
import sys
from typing import TYPE_CHECKING, Any

import pytest
from command_line import Ran, settings, started
from fal_server.plan import Gate, Reply, completed, in_progress
from fal_server.waiting import until
from fal_typed import Hosts
from fal_typed._runtime import session
from fal_typed._runtime.cli.batch import kept
from fal_typed.batch import JobState, Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fal_server import FalServer

    Cli = Callable[..., Ran]

SCHNELL, OMNIGEN = "fal-ai/flux-1/schnell", "fal-ai/omnigen-v2"
PICTURE = b"\x89PNG\r\n\x1a\nnothing else"
DATA_URI = "data:image/png;base64,iVBORw0KGgpub3RoaW5nIGVsc2U="
NO_IMAGES: dict[str, Any] = {"images": [], "timings": {}, "seed": 7, "has_nsfw_concepts": [False]}


@pytest.fixture
def fal(fal: FalServer, monkeypatch: pytest.MonkeyPatch) -> FalServer:
    """The server, whose history is asked as well; it has none."""
    hosts = Hosts(run=fal.run_url, queue=fal.queue_url, api=fal.api_url)
    monkeypatch.setattr(session, "hosts_from_environment", lambda: hosts)
    fal.plan(SCHNELL, answers=answer)
    return fal


def answer(given: dict[str, Any]) -> dict[str, Any]:
    return {**NO_IMAGES, "prompt": given["prompt"]}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which commands run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def batch(cli: Cli, here: Path) -> Cli:
    """Run `batch` for lines in a file."""

    def run(*more: str, lines: tuple[Any, ...] | None = None, endpoint: str = SCHNELL) -> Ran:
        if lines is not None:
            texts = [each if isinstance(each, str) else json.dumps(each) for each in lines]
            (here / "jobs.jsonl").write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        return cli("batch", "run", endpoint, "jobs.jsonl", "--journal", "run.sqlite", *more)

    return run


def prompts(fal: FalServer) -> list[str]:
    return [one.input["prompt"] for one in fal.accepted]


A, B = {"prompt": "a"}, {"prompt": "b"}


def test_jobs_are_printed_as_they_are_done_or_in_order(batch: Cli, fal: FalServer) -> None:
    fal.plan(SCHNELL, answers=answer, seconds=lambda given: 0.4 if given["prompt"] == "a" else 0.0)
    for options, lines in (([], [2, 1]), (["--ordered", "--salt", "x"], [1, 2])):
        told = batch(*options, lines=(A, B)).out.splitlines()
        assert [line.partition(": ")[0] for line in told] == [f"jobs.jsonl:{at}" for at in lines]


def test_the_same_command_again_pays_for_nothing(batch: Cli, fal: FalServer) -> None:
    ran = batch("--ordered", lines=(A, "", B, A))
    first, other, third, summary = (ran.out + ran.err).splitlines()
    assert ran.code == 0
    assert [each.split(" request id ")[0] for each in (first, other, third)] == [
        f"jobs.jsonl:{line}: done:" for line in (1, 3, 4)
    ]
    assert summary.startswith(f"{SCHNELL}: 3 made in ")
    assert sorted(prompts(fal)) == ["a", "a", "b"]
    fal.seen.clear()
    again = batch("--ordered")
    assert again.out == ran.out.replace(": done:", ": done before:")
    assert fal.seen == []
    assert batch("--salt", "another day", "--dedupe").code == 0
    assert sorted(prompts(fal)) == ["a", "a", "a", "b", "b"]


def test_files_are_saved_by_key(batch: Cli, fal: FalServer, here: Path) -> None:
    image = {"url": DATA_URI, "width": 64, "height": 64, "content_type": "image/png"}
    fal.plan(SCHNELL, output={**NO_IMAGES, "images": [image, image], "prompt": "x"})
    ran = batch("-o", "out/{key}-{number}{ext}", lines=(A,))
    key, *_ = (path.name.partition("-")[0] for path in (here / "out").iterdir())
    paths = [f"out/{key}-{number}.png" for number in (1, 2)]
    assert ran.out == f"jobs.jsonl:1: done: {paths[0]}, {paths[1]}\n"
    assert [(here / path).read_bytes() for path in paths] == [PICTURE, PICTURE]


def test_files_that_could_not_be_saved_are_saved_by_the_same_command(batch: Cli, fal: FalServer, here: Path) -> None:
    image = {"url": DATA_URI, "width": 64, "height": 64, "content_type": "image/png"}
    fal.plan(SCHNELL, output={**NO_IMAGES, "images": [image], "prompt": "x"})
    (here / "file").write_bytes(b"")
    ran = batch("-o", "{stem}/{key}.png", lines=(A,))
    assert (ran.code, ran.out) == (6, "")
    (here / "file").unlink()
    ran = batch("-o", "{stem}/{key}.png")
    assert ran.code == 0
    assert [path.read_bytes() for path in (here / "file").iterdir()] == [PICTURE]
    assert len(fal.accepted) == 1


def test_json_is_one_object_a_line(batch: Cli, fal: FalServer) -> None:
    ran = batch("--json", "--ordered", lines=("", A, {"prompt": "b", "seed": "x"}))
    good, bad = (json.loads(line) for line in ran.out.splitlines())
    assert (good["line"], good["how"], good["error"], good["files"]) == (2, "made", None, [])
    assert good["output"] == {**NO_IMAGES, "prompt": "a"}
    assert good["request_id"] == fal.requests("GET")[-1].path.split("/")[-1]
    assert (bad["line"], bad["how"], bad["output"], bad["error"]["kind"]) == (3, None, None, "InvalidInputError")
    assert ran.code == 1


def test_a_table_and_its_files(cli: Cli, fal: FalServer, here: Path) -> None:
    fal.plan(OMNIGEN, output={**NO_IMAGES, "prompt": "x"})
    (here / "jobs.csv").write_text("prompt,num_images\r\na,2\r\n7,\r\n", encoding="utf-8-sig")
    assert cli("batch", "run", OMNIGEN, "jobs.csv", "--journal", "run.sqlite", "--window", "1").code == 0
    assert [one.input for one in fal.accepted] == [{"prompt": "a", "num_images": 2}, {"prompt": "7"}]


def test_lines_of_stdin_and_of_an_endpoint_that_the_package_has_not(cli: Cli, fal: FalServer, here: Path) -> None:
    fal.plan("owner/name", output={"some": "thing"})
    ran = cli("batch", "run", "owner/name", "-", "--journal", "run.sqlite", "--check-all", stdin=b'{"what": "ever"}\n')
    assert (ran.code, ran.out[:14]) == (0, "stdin:1: done:")
    assert fal.accepted[-1].input == {"what": "ever"}
    assert [path.name for path in here.iterdir() if path.suffix != ".sqlite"] == []


def test_what_is_wrong_with_a_line_is_told_by_its_place(batch: Cli, fal: FalServer) -> None:
    lines = (A, {"prompt": "b", "num_images": 9, "image_siz": "x"}, B)
    ran = batch(lines=lines)
    assert ran.code == 1
    told = ran.err.splitlines()[:2]
    assert sorted(told) == [
        "jobs.jsonl:2: image_siz: is not an input of this endpoint; did you mean 'image_size'?",
        "jobs.jsonl:2: num_images: must be at most 4; got 9",
    ]
    assert sorted(prompts(fal)) == ["a", "b"]


def test_all_lines_are_checked_before_the_first_is_sent(batch: Cli, fal: FalServer) -> None:
    bad = [{"prompt": "b", "num_images": 9}] * 30
    ran = batch("--check-all", lines=(A, *bad))
    assert (ran.code, ran.out) == (2, "")
    first, *told, last = ran.err.splitlines()
    assert first == f"error: the input is not what {SCHNELL} takes; nothing was sent"
    assert told == [f"  jobs.jsonl:{line}: num_images: must be at most 4; got 9" for line in range(2, 22)]
    assert last == "  … and more"
    *_, last = batch("--check-all", lines=(A, *bad[:20])).err.splitlines()
    assert last.startswith("  jobs.jsonl:21: ")
    ran = batch("--check-all", lines=(A, "[]"))
    assert (ran.code, ran.err) == (2, "error: jobs.jsonl:2: a JSON object is wanted, with a key for each input\n")
    assert fal.seen == []


def test_a_line_that_is_no_json_ends_it_after_those_before(batch: Cli, fal: FalServer) -> None:
    ran = batch(lines=(A, "no", B))
    assert ran.code == 2
    assert ran.out.startswith("jobs.jsonl:1: done: ")
    assert "error: jobs.jsonl:2: not JSON: " in ran.err
    assert prompts(fal) == ["a"]


def test_what_failed_is_tried_again_when_that_is_said(batch: Cli, cli: Cli, fal: FalServer) -> None:
    refused = Reply(422, {"detail": [{"loc": ["body", "prompt"], "msg": "not \x1b[31mthis", "type": "t"}]})
    fal.plan(SCHNELL, output={**NO_IMAGES, "prompt": ""}, first={"result": [refused] * 3})
    ran = batch(lines=(A,))
    assert (ran.code, ran.out) == (1, "")
    assert "jobs.jsonl:1: error: " in ran.err
    assert "not \\x1b[31mthis" in ran.err
    assert ran.err.replace("\n", "").isprintable()
    again = batch()
    assert again.code == 1
    assert "failed before" in again.err
    assert len(fal.accepted) == 1
    status = cli("batch", "status", "--journal", "run.sqlite")
    assert status.code == 1
    assert "batch retry --journal run.sqlite" in status.err
    assert batch("--retry").code == 1
    assert cli("batch", "retry", "--journal", "run.sqlite").out.startswith("1 to be tried again")
    assert cli("batch", "retry", "--journal", "run.sqlite").code == 1
    assert batch().code == 1
    assert batch("--retry").code == 0
    assert len(fal.accepted) == 4


ENDINGS: dict[str, tuple[dict[str, Any], list[str], int, str]] = {
    "no such key": ({"always": {"submit": Reply(401, {"detail": "who?"})}}, [], 4, "who?"),
    "no such journal": ({}, ["--journal", "no/run.sqlite"], 6, "no/run.sqlite cannot be made"),
    "no journal at all": ({}, ["--journal", "jobs.jsonl"], 6, "jobs.jsonl is no journal"),
    "nothing": ({}, ["--journal", " "], 2, "error: --journal: a path or a URL is wanted"),
    "a URL of something else": ({}, ["--journal", "mysql://a/b"], 2, "error: --journal: a journal is a path"),
    "an option out of range": ({}, ["--window", "0"], 2, "error: --window must be 1 or more, not 0\n"),
    "a time that is none": ({}, ["--resubmit-after", "-1"], 2, "error: --resubmit-after must be a finite number"),
    "money that is none": ({}, ["--max-cost", "much"], 2, "error: --max-cost: 'much' is no amount\n"),
    "a field that is none": ({}, ["-o", "out/{nmae}"], 2, "error: -o: there is no {nmae}; there are {key}, "),
    "a folder that is none": ({}, ["-o", "jobs.jsonl/{name}"], 2, "jobs.jsonl is no folder\n"),
    "a word that is none": ({}, ["--priority", "high"], 2, "error: --priority must be one of"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_exit_codes(batch: Cli, fal: FalServer, ending: str) -> None:
    plan, more, code, said = ENDINGS[ending]
    fal.plan(SCHNELL, **plan)
    ran = batch(*more, lines=(A,))
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert fal.accepted == []


def test_what_did_not_get_through_is_for_the_same_command(
    batch: Cli, fal: FalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = Hosts(run=fal.run_url, queue="http://127.0.0.1:9", api=fal.api_url)  # where nobody listens
    with monkeypatch.context() as patched:
        patched.setattr(session, "hosts_from_environment", lambda: hosts)
        assert batch("--timeout", "2", lines=(A,)).code in (3, 5)
    assert batch().code == 0
    assert prompts(fal) == ["a"]


def test_too_many_errors_and_enough(batch: Cli, fal: FalServer) -> None:
    bad = {"prompt": "b", "num_images": 9}
    ran = batch("--max-errors", "1", "--window", "1", lines=(bad, bad, A))
    assert ran.code == 1
    assert "2" in ran.err.splitlines()[-1]
    assert batch("--stop-after", "1", "--window", "1", lines=(A, B)).code == 0
    assert len(fal.accepted) == 1


def test_what_it_may_cost(batch: Cli, fal: FalServer) -> None:
    assert batch("--max-cost", "1", lines=(A,)).code == 2  # nobody knows the price
    price = {"endpoint_id": SCHNELL, "unit_price": 0.6, "unit": "image", "currency": "USD"}
    fal.platform = lambda _path, _query: Reply(body={"prices": [price], "next_cursor": None, "has_more": False})
    ran = batch("--max-cost", "1", "--window", "1", lines=(A, B))
    assert ran.code == 1
    assert "the next call of" in ran.err
    assert prompts(fal) == ["a"]
    assert batch("--max-cost", "1.2").code == 0
    assert prompts(fal) == ["a", "b"]


@pytest.fixture
def unclear(batch: Cli, fal: FalServer) -> str:
    """The key of a job whose submission broke, where the history may not be read."""
    fal.platform = lambda _path, _query: Reply(403, {"error": {"type": "authorization_error", "message": "no scope"}})
    fal.plan(SCHNELL, output={**NO_IMAGES, "prompt": ""}, first={"submit": [Reply(drop=True, accepted=True)]})
    ran = batch(lines=({"prompt": "\x1b]0;a\x07"},))
    assert ran.code == 1
    assert ran.err.replace("\n", "").isprintable()
    with Journal("run.sqlite") as journal:
        (record,) = journal.jobs(state=JobState.UNCLEAR)
    return record.key


def test_an_unclear_job_is_told_and_adopted(batch: Cli, cli: Cli, fal: FalServer, unclear: str) -> None:
    ran = cli("batch", "status", "--journal", "run.sqlite")
    assert ran.code == 1
    with Journal("run.sqlite") as journal:
        assert ran.out == f"{journal.summary()}\n"
        (record,) = journal.jobs(state=JobState.UNCLEAR)
    assert f"\n    {record.note}\n" in ran.err
    assert ran.err.startswith("unclear: sent by a process that is gone")
    assert f"  {unclear}  " in ran.err
    assert ran.err.replace("\n", "").isprintable()
    for verb in ("adopt KEY REQUEST_ID", "forget KEY"):
        assert f" batch {verb} --journal run.sqlite\n" in ran.err
    told = json.loads(cli("batch", "status", "--journal", "run.sqlite", "--json").out)
    assert [(one["key"], one["endpoint"]) for one in told["unclear"]] == [(unclear, SCHNELL)]
    assert told["endpoints"][0]["jobs"]["unclear"] == 1
    assert batch().code == 1
    fal.known_request("the-one", fal.plans[SCHNELL])
    assert cli("batch", "adopt", unclear, "the-one", "--journal", "run.sqlite").code == 0
    assert cli("batch", "adopt", unclear, "another", "--journal", "run.sqlite").code == 2
    assert batch().code == 0
    assert len(fal.accepted) == 1


def test_the_password_of_a_database_is_not_repeated(cli: Cli, monkeypatch: pytest.MonkeyPatch, unclear: str) -> None:
    monkeypatch.setattr(kept, "journal_at", lambda _address: Journal("run.sqlite"))
    monkeypatch.setattr(Journal, "address", "postgresql+psycopg://me:***@there/db")
    ran = cli("batch", "status", "--journal", "postgresql://me:secret@there/db")
    assert unclear in ran.err
    assert " --journal 'postgresql+psycopg://me:***@there/db'\n" in ran.err
    assert "secret" not in ran.out + ran.err


def test_an_unclear_job_is_forgotten(batch: Cli, cli: Cli, fal: FalServer, unclear: str) -> None:
    assert cli("batch", "forget", unclear, "--journal", "run.sqlite").code == 0
    assert cli("batch", "forget", unclear, "--journal", "run.sqlite").code == 1
    assert batch().code == 0
    assert len(fal.accepted) == 2


def test_export(batch: Cli, cli: Cli, fal: FalServer, here: Path) -> None:
    assert batch(lines=({"prompt": "=1+1"}, B)).code == 0
    ran = cli("batch", "export", "--journal", "run.sqlite")
    assert sorted(json.loads(line)["input"]["prompt"] for line in ran.out.splitlines()) == ["=1+1", "b"]
    assert cli("batch", "export", "--journal", "run.sqlite", "--state", "failed") == Ran(0, "", "")
    ran = cli("batch", "export", "--journal", "run.sqlite", "-o", "jobs.csv", "--endpoint", SCHNELL)
    assert (ran.code, ran.err) == (0, "2 jobs: jobs.csv\n")
    with (here / "jobs.csv").open(encoding="utf-8", newline="") as file:
        assert {row["state"] for row in csv.DictReader(file)} == {"done"}
    ran = cli("batch", "export", "--journal", "run.sqlite", "-o", "run.sqlite")
    assert (ran.code, ran.err) == (2, "error: -o: run.sqlite is the journal itself; export it to another file\n")
    assert cli("batch", "export", "--journal", "run.sqlite", "-o", "no/jobs.csv").code == 6


@pytest.mark.parametrize("verb", ["status", "retry", "export", "adopt a b", "forget a"])
def test_a_journal_that_is_not_there_is_not_made(cli: Cli, here: Path, verb: str) -> None:
    ran = cli("batch", *verb.split(), "--journal", "run.sqlite")
    assert ran == Ran(2, "", "error: --journal: there is no run.sqlite; `batch run` makes one\n")
    assert [*here.iterdir()] == []


def test_without_the_extra(batch: Cli, fal: FalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*sys.modules]:
        if name.startswith("fal_typed._runtime.journal.sql"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    ran = batch(lines=(A,))
    assert ran.code == 2
    assert ran.err.startswith("error: --journal: a journal in a file or a database needs sqlalchemy: pip install ")
    assert fal.seen == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_ends_it_says_how_to_go_on(
    batch: Cli, fal: FalServer, here: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    gate = Gate()
    fal.plan(SCHNELL, output={**NO_IMAGES, "prompt": ""}, states=[in_progress()], told=[["state", gate]])
    (here / "jobs.jsonl").write_text('{"prompt": "a"}\n')
    process = started("batch", "run", SCHNELL, "jobs.jsonl", "--journal", "run.sqlite", **settings(fal))
    try:
        until(lambda: gate.arrived, "nobody waits for the request")
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    finally:
        gate.open()
        process.kill()
    assert (process.returncode, out) == (130, "")
    assert "1 were in flight, that the next run picks up" in err
    assert err.endswith("interrupted\n")
    assert "Traceback" not in err
    fal.plans[SCHNELL].states[:] = [completed()]
    ran = batch()
    assert (ran.code, ran.out[:43]) == (0, "jobs.jsonl:1: done, picked up: request id r")
    assert len(fal.accepted) == 1


def test_help_names_every_command(cli: Cli) -> None:
    ran = cli("batch", "--help")
    assert ran.code == 0
    assert all(f"\n  {verb} " in ran.out for verb in ("run", "status", "retry", "export", "adopt", "forget"))
    assert "--journal PATH|URL" in cli("batch", "run", "--help").out
    assert cli("batch", "run", SCHNELL, "jobs.jsonl").code == 2
    assert cli("batch", "nonsense").code == 2
