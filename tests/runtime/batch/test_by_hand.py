"""`submit` and `subscribe` of `with_options(journal=…)`, and `work`."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Reply, faults
from jobs import History, side_by_side
from runtime import errors
from runtime.batch.errors import JobFailedError, OverBudgetError
from runtime.batch.work import work
from runtime.journal.errors import JobMismatchError, JournalError
from runtime.journal.journal import Journal, opened
from runtime.journal.records import JobState
from runtime.options import Options
from runtime.outputs.model import response_info
from runtime_twin import OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from fal_server import FalServer


@pytest.fixture
def journal() -> Journal:
    return Journal.in_memory()


def states(journal: Journal) -> list[str]:
    return [record.state.value for record in journal.store.each()]


def test_a_subscribe_that_is_repeated_is_paid_once(server: FalServer, twin: Twin, journal: Journal) -> None:
    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(journal=journal)
        first = yield endpoint.subscribe(prompt="x")
        again = yield endpoint.subscribe(prompt="x")
        other = yield endpoint.subscribe(prompt="y")
        assert first == again == other
        assert response_info(again).request_id == response_info(first).request_id

    twin.do(steps)
    assert [each.input for each in server.accepted] == [{"prompt": "x"}, {"prompt": "y"}]


def test_a_file_is_a_journal(server: FalServer, twin: Twin, tmp_path: Path) -> None:
    for _ in range(2):
        twin.do(lambda fal: fal.flux_1.schnell.with_options(journal=tmp_path / "run.sqlite").subscribe(prompt="x"))
    assert len(server.accepted) == 1
    assert states(opened(tmp_path / "run.sqlite")) == ["done"]


def test_a_key_of_ones_own_belongs_to_one_input(server: FalServer, twin: Twin, journal: Journal) -> None:
    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(journal=journal, job_key="order 17")
        yield endpoint.subscribe(prompt="x")
        yield endpoint.subscribe(prompt="x")
        with pytest.raises(JobMismatchError, match=r'"x".*"y"|"y".*"x"'):
            yield endpoint.subscribe(prompt="y")
        with pytest.raises(JobMismatchError):
            yield endpoint.submit(prompt="y")

    twin.do(steps)
    assert len(server.accepted) == 1
    assert [record.key for record in journal.store.each()] == ["order 17"]


def test_submit_gives_the_same_request_and_its_result_is_kept(server: FalServer, twin: Twin, journal: Journal) -> None:
    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(journal=journal)
        first = yield endpoint.submit(prompt="x")
        assert states(journal) == ["submitted"]
        again = yield endpoint.submit(prompt="x")
        assert first.request_id == again.request_id
        output = yield first.result()
        assert states(journal) == ["done"]
        asked = len(server.seen)
        assert (yield again.result()) == output
        kept = yield endpoint.submit(prompt="x")
        assert (yield kept.result()) == output
        assert response_info((yield kept.result())).request_id == first.request_id
        assert (yield endpoint.subscribe(prompt="x")) == output
        assert len(server.seen) == asked
        assert (yield kept.cancel()) is not None

    twin.do(steps)
    assert len(server.accepted) == 1


def test_another_client_waits_for_what_one_has_submitted(server: FalServer, twin: Twin, journal: Journal) -> None:
    twin.do(lambda fal: fal.flux_1.schnell.with_options(journal=journal).submit(prompt="x"))
    output = twin.do(lambda fal: fal.flux_1.schnell.with_options(journal=journal).subscribe(prompt="x"))
    assert output.seed == 7
    assert len(server.accepted) == 1


def test_handlers_at_once_pay_once(server: FalServer, twin: Twin, journal: Journal) -> None:
    def submit(fal: Any) -> Any:
        return fal.flux_1.schnell.with_options(journal=journal, job_key="k").submit(prompt="x")

    def subscribe(fal: Any) -> Any:
        return fal.flux_1.schnell.with_options(journal=journal, job_key="k").subscribe(prompt="x")

    found = side_by_side(twin, submit, subscribe, submit, subscribe)
    assert len(server.accepted) == 1
    assert found[0].request_id == found[2].request_id
    assert found[1] == found[3]
    assert states(journal) == ["done"]


def test_what_failed_fails_again_without_being_asked(server: FalServer, twin: Twin, journal: Journal) -> None:
    server.plan(SCHNELL, output=OUTPUT, always={"result": faults.model_error(422)})

    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(journal=journal)
        handle = yield endpoint.submit(prompt="x")
        with pytest.raises(errors.ModelError):
            yield handle.result()
        with pytest.raises(JobFailedError, match="It broke"):
            yield endpoint.subscribe(prompt="x")
        again = yield endpoint.submit(prompt="x")
        with pytest.raises(JobFailedError, match="It broke"):
            yield again.result()

    twin.do(steps)
    assert len(server.accepted) == 1
    assert journal.retry() == 1


def test_a_handle_whose_job_is_forgotten_goes_on(server: FalServer, twin: Twin, journal: Journal) -> None:
    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(journal=journal, job_key="k")
        handle = yield endpoint.submit(prompt="x")
        assert journal.forget("k")
        assert (yield handle.result()).seed == 7
        assert states(journal) == []
        later = yield endpoint.submit(prompt="x")
        assert later.request_id != handle.request_id
        assert (yield handle.result()).seed == 7  # its own, and not that of the new one
        assert states(journal) == ["done"] or states(journal) == ["submitted"]

    twin.do(steps)
    assert len(server.accepted) == 2


def test_a_submit_that_nobody_answered_is_looked_up(server: FalServer, twin: Twin, journal: Journal) -> None:
    History(server)
    server.plan(SCHNELL, output=OUTPUT, first={"submit": [faults.LOST]})

    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(journal=journal)
        handle = yield endpoint.submit(prompt="x")
        assert (yield handle.result()).seed == 7

    twin.do(steps)
    assert len(server.accepted) == 1


def test_run_and_stream_say_why_they_have_none(twin: Twin, journal: Journal) -> None:
    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(journal=journal)
        with pytest.raises(ValueError, match=r"run has no journal.*use subscribe or submit"):
            yield endpoint.run(prompt="x")
        with pytest.raises(ValueError, match="stream has no journal"):
            endpoint.stream(prompt="x")
        with pytest.raises(ValueError, match="job_key is what a journal knows"):
            yield fal.flux_1.schnell.with_options(job_key="k").subscribe(prompt="x")

    twin.do(steps)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"journal": 3}, TypeError),
        ({"journal": " "}, ValueError),
        ({"job_key": 3}, TypeError),
        ({"job_key": ""}, ValueError),
        ({"job_key": "a\nb"}, ValueError),
        ({"job_key": "k" * 300}, ValueError),
    ],
)
def test_options_are_checked_when_they_are_set(options: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error, match=next(iter(options))):
        Options(**options)


def test_a_dynamic_endpoint_has_one_too(server: FalServer, twin: Twin, journal: Journal) -> None:
    def steps(fal: Any) -> Any:
        endpoint = fal.endpoint(SCHNELL).with_options(journal=journal)
        first = yield endpoint.subscribe(prompt="x")
        assert (yield endpoint.subscribe({"prompt": "x"})) == first
        assert response_info((yield endpoint.subscribe({"prompt": "x"}))).request_id

    twin.do(steps)
    assert len(server.accepted) == 1


def test_endpoints_and_handles_travel_with_their_journal(server: FalServer, twin: Twin, tmp_path: Path) -> None:
    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(journal=Journal(tmp_path / "run.sqlite"))
        handle = pickle.loads(pickle.dumps((yield endpoint.submit(prompt="x"))))
        assert pickle.loads(pickle.dumps(endpoint))._options.journal.address == endpoint._options.journal.address
        assert handle._request.wanted.endpoint == SCHNELL

    twin.do(steps)


def test_a_journal_that_is_none_is_told(server: FalServer, twin: Twin, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a journal")
    with pytest.raises(JournalError):
        twin.do(lambda fal: fal.flux_1.schnell.with_options(journal=tmp_path / "notes.txt").subscribe(prompt="x"))
    assert not server.seen


def test_work_does_a_job_once(server: FalServer, twin: Twin, journal: Journal) -> None:
    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell
        first = yield work(endpoint, {"prompt": "x"}, journal=journal)
        assert (yield work(endpoint, {"prompt": "x"}, journal=journal)) == first
        yield work(endpoint, {"prompt": "x"}, journal=journal, number=1)
        yield work(endpoint, {"prompt": "x"}, journal=journal, salt="s")
        with pytest.raises(errors.InvalidInputError):
            yield work(endpoint, {"prompt": 3}, journal=journal)

    twin.do(steps)
    assert len(server.accepted) == 3


def test_work_tries_again_what_failed_if_asked(server: FalServer, twin: Twin, journal: Journal) -> None:
    server.plan(SCHNELL, output=OUTPUT, first={"result": [faults.model_error(422)]})

    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell
        with pytest.raises(errors.ModelError):
            yield work(endpoint, {"prompt": "x"}, journal=journal)
        with pytest.raises(JobFailedError):
            yield work(endpoint, {"prompt": "x"}, journal=journal)
        assert (yield work(endpoint, {"prompt": "x"}, journal=journal, retry=True)).seed == 7

    twin.do(steps)


def test_work_is_refused_what_makes_no_sense(twin: Twin, journal: Journal) -> None:
    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell
        for wrong, given in [
            ("endpoint", (fal, {"prompt": "x"}, {})),
            ("input", (endpoint, "x", {})),
            ("retry", (endpoint, {"prompt": "x"}, {"retry": None})),
            ("max_in_flight", (endpoint, {"prompt": "x"}, {"max_in_flight": 0})),
            ("resubmit_after", (endpoint, {"prompt": "x"}, {"resubmit_after": -1})),
            ("number", (endpoint, {"prompt": "x"}, {"number": -1})),
            ("download", (endpoint, {"prompt": "x"}, {"download": 3})),
        ]:
            target, input_, more = given
            with pytest.raises((TypeError, ValueError), match=wrong):
                yield work(target, input_, journal=journal, **more)

    twin.do(steps)


def test_work_keeps_to_what_may_be_spent(server: FalServer, twin: Twin, journal: Journal) -> None:
    price = {"endpoint_id": SCHNELL, "unit_price": 0.5, "unit": "images", "currency": "USD"}
    asked: list[str] = []

    def platform(path: str, query: dict[str, list[str]]) -> Reply:
        asked.append(path)
        return Reply(200, {"prices": [price], "next_cursor": None, "has_more": False})

    server.platform = platform
    server.plan(SCHNELL, output=OUTPUT, result_headers={"x-fal-billable-units": "1"})

    def steps(fal: Any) -> Any:
        call: dict[str, Any] = {"journal": journal, "max_cost": 1.2}
        yield work(fal.flux_1.schnell, {"prompt": "a", "num_images": 1}, **call)
        yield work(fal.flux_1.schnell, {"prompt": "b", "num_images": 1}, **call)
        with pytest.raises(OverBudgetError, match="max_cost"):
            yield work(fal.flux_1.schnell, {"prompt": "c", "num_images": 1}, **call)
        yield work(fal.flux_1.schnell, {"prompt": "a", "num_images": 1}, **call)  # it is paid for
        with pytest.raises(ValueError, match="max_cost"):
            yield work(fal.flux_1.schnell, {"prompt": "a"}, journal=journal, max_cost=0)
        with pytest.raises(ValueError, match=r"number must be at most 9,223,372,036,854,775,807"):
            yield work(fal.flux_1.schnell, {"prompt": "a"}, journal=journal, number=2**63)

    twin.do(steps)
    assert (len(server.accepted), len(asked)) == (2, 1)
    assert states(journal) == ["done", "done"]


PICTURE = "data:image/png;base64,aGVsbG8="


def test_files_are_saved_at_once_and_found_again(
    server: FalServer, twin: Twin, journal: Journal, tmp_path: Path
) -> None:
    server.plan(SCHNELL, output={**OUTPUT, "images": [{"url": PICTURE}, {"url": PICTURE}]})

    def steps(fal: Any) -> Any:
        yield work(fal.flux_1.schnell, {"prompt": "x"}, journal=journal, download=tmp_path / "{key}-{number}{ext}")
        yield work(fal.flux_1.schnell, {"prompt": "x"}, journal=journal, download=tmp_path / "elsewhere")

    twin.do(steps)
    (record,) = journal.store.each()
    assert [path.read_bytes() for path in map(Path, record.files)] == [b"hello"] * 2
    assert sorted(record.files) == [str(tmp_path / f"{record.key}-{number}.png") for number in (1, 2)]
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_cannot_be_saved_loses_no_output(
    server: FalServer, twin: Twin, journal: Journal, tmp_path: Path
) -> None:
    gone = f"{server.url}/gone.png"
    server.plan(SCHNELL, output={**OUTPUT, "images": [{"url": gone}]})

    def steps(fal: Any) -> Any:
        call = {"journal": journal, "download": tmp_path / "{key}{ext}"}
        with pytest.raises(errors.NotFoundError):
            yield work(fal.flux_1.schnell, {"prompt": "x"}, **call)
        (record,) = journal.store.each()
        assert (record.state, record.files) == (JobState.DONE, ())
        (done,) = journal.store.each()
        asked = len(server.requests("GET", f"/requests/{done.request_id}"))
        with pytest.raises(errors.NotFoundError):
            yield work(fal.flux_1.schnell, {"prompt": "x"}, **call)
        assert len(server.requests("GET", f"/requests/{done.request_id}")) == asked
        assert (yield work(fal.flux_1.schnell, {"prompt": "x"}, journal=journal)).images[0].url == gone

    twin.do(steps)
    assert len(server.accepted) == 1


def test_files_that_are_wanted_later_are_saved_then(
    server: FalServer, twin: Twin, journal: Journal, tmp_path: Path
) -> None:
    server.plan(SCHNELL, output={**OUTPUT, "images": [{"url": PICTURE}]})

    def steps(fal: Any) -> Any:
        yield work(fal.flux_1.schnell, {"prompt": "x"}, journal=journal)
        yield work(fal.flux_1.schnell, {"prompt": "x"}, journal=journal, download=tmp_path / "{key}{ext}")

    twin.do(steps)
    (record,) = journal.store.each()
    assert Path(record.files[0]).read_bytes() == b"hello"
    assert len(server.accepted) == 1


IMPORTS = """
import sys
from runtime_sample import Fal
from runtime.http.hosts import Hosts
hosts = Hosts(run="{0.run_url}", queue="{0.queue_url}")
Fal("id:secret", hosts=hosts).flux_1.schnell.subscribe(prompt="x")
print(sorted(name for name in sys.modules if name.startswith("runtime.batch") or name == "runtime.journal.journal"))
"""


def test_without_a_journal_nothing_of_it_is_imported(server: FalServer) -> None:
    told = subprocess.run(
        [sys.executable, "-c", IMPORTS.format(server)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert told.stdout.strip() == "[]", told.stdout + told.stderr
