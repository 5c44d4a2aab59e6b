"""The server that bills, judged by the client and by a look at its pages."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fal_typed import APIConnectionError, Fal, Hosts, ModelError, RateLimitError, ResultExpiredError, response_info

from billing_fal import BillingFal

if TYPE_CHECKING:
    from collections.abc import Iterator

ID = "fal-ai/flux-1/schnell"
SUBMITS_FOREVER = """
import sys
from fal_typed import Fal, Hosts
fal = Fal("id:secret", hosts=Hosts(queue=sys.argv[1]))
for number in range(100_000):
    print(fal.flux_1.schnell.submit(prompt=f"{number}").request_id, flush=True)
"""


@pytest.fixture(scope="module")
def _running() -> Iterator[BillingFal]:
    with BillingFal() as fake:
        yield fake


@pytest.fixture
def fake(_running: BillingFal) -> BillingFal:
    _running.reset()
    return _running


def client(fake: BillingFal, max_retries: int = 3) -> Fal:
    return Fal("id:secret", hosts=Hosts(**fake.hosts), max_retries=max_retries)


def pages(fake: BillingFal, **query: str) -> list[list[str]]:
    """The ids on each page of the history."""
    found: list[list[str]] = []
    more = ""
    while True:
        start = "".join(f"&{name}={value}" for name, value in query.items())
        url = f"{fake.url}/api/v1/models/requests/by-endpoint?endpoint_id={ID}&expand=payloads{start}{more}"
        with urllib.request.urlopen(url) as answer:
            page = json.load(answer)
        found.append([one["request_id"] for one in page["items"]])
        if not page["has_more"]:
            return found
        more = f"&cursor={page['next_cursor']}"


def test_what_is_accepted_is_billed_once_each(fake: BillingFal) -> None:
    with client(fake) as fal:
        for prompt in ("a", "b", "a"):
            output = fal.flux_1.schnell.subscribe(prompt=prompt, num_images=2)
            assert output.prompt == prompt
            assert response_info(output).billable_units == 2
        fal.flux_1.schnell.run(prompt="c")
    paid = {json.loads(wire)["prompt"]: count for (_, wire), count in fake.paid().items()}
    assert paid == {"a": 2, "b": 1, "c": 1}
    assert [one.delivered for one in fake.accepted()] == [1, 1, 1, 1]
    assert [one.is_direct for one in fake.accepted()] == [False, False, False, True]


def test_it_outlives_its_clients(fake: BillingFal) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "generated")}
    for _ in range(3):
        command = [sys.executable, "-c", SUBMITS_FOREVER, fake.hosts["queue"]]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as worker:
            assert worker.stdout is not None
            worker.stdout.readline()
            os.kill(worker.pid, signal.SIGKILL)
            told = 1 + len(worker.stdout.readlines())
        assert fake.counts()["accepted"] >= told
        fake.reset()


def test_requests_take_their_time_and_are_waited_for(fake: BillingFal) -> None:
    fake.set(takes=(0.1, 0.1))
    with client(fake) as fal, ThreadPoolExecutor(4) as threads:
        given = [threads.submit(fal.flux_1.schnell.subscribe, prompt=f"{number}") for number in range(8)]
        prompts = [future.result().prompt for future in given]
    assert prompts == [str(number) for number in range(8)]


def test_a_result_is_kept_for_an_hour_and_a_large_one_for_six_minutes(fake: BillingFal) -> None:
    with client(fake) as fal:
        small = fal.flux_1.schnell.submit(prompt="small")
        fake.set(large=1.0)
        large = fal.flux_1.schnell.submit(prompt="large")
        assert len(large.result().model_dump_json()) > 100
        fake.advance(300)
        assert large.result()
        fake.advance(61)
        with pytest.raises(ResultExpiredError):
            large.result()
        assert small.result()
        fake.advance(3300)
        with pytest.raises(ResultExpiredError):
            small.result()
    assert fake.counts()["expired"] == 2


def test_more_than_may_be_in_progress_are_refused(fake: BillingFal) -> None:
    fake.set(takes=(30, 30), most_in_progress=2, retry_after=0)
    with client(fake, max_retries=1) as fal:
        handles = [fal.flux_1.schnell.submit(prompt="x") for _ in range(2)]
        with pytest.raises(RateLimitError):
            fal.flux_1.schnell.submit(prompt="x")
        handles[0].cancel()
        fal.flux_1.schnell.submit(prompt="x")
    assert fake.counts()["too_many"] == 2


@pytest.mark.parametrize(
    ("settings", "billed"), [({"loses_answer": 1.0}, 1), ({"loses_submit": 1.0}, 0)], ids=["answer", "submit"]
)
def test_submits_that_get_lost(fake: BillingFal, settings: dict[str, float], billed: int) -> None:
    fake.set(**settings)
    with client(fake) as fal, pytest.raises(APIConnectionError) as caught:
        fal.flux_1.schnell.submit(prompt="x")
    assert caught.value.maybe_submitted
    assert len(fake.accepted()) == billed


def test_chance_is_seeded(fake: BillingFal) -> None:
    def billed() -> int:
        fake.reset(seed=7, loses_answer=0.3, loses_submit=0.3, fails=0.5)
        with client(fake) as fal:
            for number in range(30):
                with suppress(APIConnectionError, ModelError):
                    fal.flux_1.schnell.subscribe(prompt=f"{number}")
        return len(fake.accepted())

    assert billed() == billed() > 5


def test_the_history_is_paged_repeats_lags_and_ends_last(fake: BillingFal) -> None:
    fake.set(history_page=4, history_repeats=1)
    with client(fake) as fal:
        for number in range(9):
            fal.flux_1.schnell.subscribe(prompt=f"{number}")
        ids = [one.request_id for one in fake.accepted()][::-1]
        assert pages(fake) == [ids[:4], ids[3:8], ids[7:]]
        assert pages(fake, request_id=ids[2]) == [[ids[2]]]
        assert pages(fake, start="2100-01-01") == [[]]
        fake.set(history_lag=(60, 60), history_repeats=0, history_page=100)
        fal.flux_1.schnell.submit(prompt="late")
        assert pages(fake) == [ids]
        fake.advance(61)
        assert len(pages(fake)[0]) == 10
        fake.set(history_only_ended=True, takes=(60, 60), history_lag=(0, 0))
        fal.flux_1.schnell.submit(prompt="later")
        assert len(pages(fake)[0]) == 10
        fake.set(history_fails=1.0)
        with pytest.raises((urllib.error.HTTPError, OSError)):
            pages(fake)


def test_an_outage_ends(fake: BillingFal) -> None:
    fake.outage(0.2)
    with client(fake) as fal, pytest.raises(APIConnectionError):
        fal.flux_1.schnell.with_options(max_retries=0).submit(prompt="x")
    time.sleep(0.3)
    assert fake.accepted() == []


def test_files_arrive_and_can_be_downloaded(fake: BillingFal) -> None:
    with client(fake) as fal:
        url = fal.storage.upload(b"content", file_name="a.txt")
        assert url != fal.storage.upload(b"content", file_name="a.txt")
        with urllib.request.urlopen(url) as answer:
            assert answer.read() == b"content"
        image = fal.flux_1.schnell.subscribe(prompt="x").images[0].url
        with urllib.request.urlopen(image) as answer:
            assert answer.read().startswith(b"\x89PNG")
