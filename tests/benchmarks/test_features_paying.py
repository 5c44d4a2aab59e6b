"""What each client sends, and fal bills, when something goes wrong on the way: tried on a server that counts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from fal_server import faults
from fal_server.plan import completed, in_progress
from peers import peer_version
from trying import DATAMODEL, OFFICIAL, OPENAPI, TYPED, Outcome, Trial, answer, count

if TYPE_CHECKING:
    from recorder import Recorder

pytestmark = pytest.mark.bench
TOPIC = "Paying once"
SUBMIT = {
    TYPED: "return fal.flux_1.schnell.submit(prompt='a cat').request_id",
    OFFICIAL: "return fal_client.submit(ENDPOINT, arguments={'prompt': 'a cat'}).request_id",
    OPENAPI: "return post.sync(client=client, body=Input(prompt='a cat')).request_id",
    DATAMODEL: "return client.default.post_fal_ai_flux_1_schnell(body=m.Flux1SchnellInput(prompt='a cat')).request_id",
}
WAIT = {
    TYPED: "return fal.flux_1.schnell.subscribe(prompt='a cat').seed",
    OFFICIAL: "return fal_client.subscribe(ENDPOINT, arguments={'prompt': 'a cat'})['seed']",
}
SHOWN = "tests/protocol/test_fault_scripts.py"


@pytest.fixture(autouse=True)
def _versions(trial: Trial, recorder: Recorder) -> None:
    recorder.version(OPENAPI, peer_version(OPENAPI))


def billed(one: Outcome) -> str:
    """What was paid for, in words."""
    return f"{count(one.submitted, 'submission')} reached fal. {one.raised}"


LOST = {
    "is lost with its connection": faults.LOST,
    "is a 502 of the server in front": faults.ingress(502),
    "is a 504 of the server in front": faults.ingress(504),
}


@pytest.mark.parametrize("what", LOST)
def test_a_lost_answer(trial: Trial, recorder: Recorder, what: str) -> None:
    """Whoever repeats the request pays twice."""
    found = trial.each(SUBMIT, lambda: {"first": {"submit": [LOST[what]]}})
    recorder.feature(
        f"Pays once where the answer to a submission {what}",
        topic=TOPIC,
        tried="The server took the first submission, and its answer did not arrive.",
        answers=[answer(who, one.submitted == 1, billed(one), SHOWN) for who, one in found.items()],
    )
    assert found[TYPED].submitted == 1


def test_too_many_requests(trial: Trial, recorder: Recorder) -> None:
    """What fal does not have, may be repeated."""
    found = trial.each(SUBMIT, lambda: {"first": {"submit": [faults.too_many()]}})
    recorder.feature(
        "Repeats a submission that fal did not take",
        topic=TOPIC,
        tried="The server answered the first submission with 429.",
        answers=[answer(who, not one.error and one.submitted == 1, billed(one), SHOWN) for who, one in found.items()],
    )
    assert not found[TYPED].error


def test_an_outage(trial: Trial, recorder: Recorder) -> None:
    found = trial.each(WAIT, lambda: {"first": {"status": [faults.ingress(503), faults.DROPPED, faults.ingress(502)]}})
    recorder.feature(
        "Goes on waiting through an outage",
        topic=TOPIC,
        tried="A request was asked for three times in vain: a 503, a broken connection, a 502.",
        answers=[
            answer(who, one.value is not None and one.submitted == 1, billed(one), "tests/protocol/test_outages.py")
            for who, one in found.items()
        ],
    )
    assert found[TYPED].value is not None


JOURNAL = "return next(iter(fal.flux_1.schnell.map([{'prompt': 'a cat'}], journal='killed.sqlite'))).output.seed"
BY_HAND = {
    TYPED: "return fal.flux_1.schnell.request('{}').result().seed",
    OFFICIAL: "return fal_client.result(ENDPOINT, '{}')['seed']",
}


def killed_and_begun_again(trial: Trial, who: str, code: str) -> Outcome:
    """Kill a program while it waits for its request, and run it again."""
    taking_its_time = [in_progress()] * 400 + [completed()]
    trial.begin({"states": taking_its_time})
    process = trial.start(who, code)
    until = time.monotonic() + 60
    while not trial.server.requests("GET") and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.3)
    process.kill()
    process.communicate()
    trial.server.plans["fal-ai/flux-1/schnell"].states[:] = [completed()]
    return trial.ended(trial.start(who, code))


def test_a_killed_process(trial: Trial, recorder: Recorder) -> None:
    """The same program, run again; and what can be done with an id that somebody wrote down."""
    programs = {TYPED: JOURNAL, OFFICIAL: WAIT[OFFICIAL]}
    found = {who: killed_and_begun_again(trial, who, code) for who, code in programs.items()}
    verdicts: dict[str, tuple[str, str]] = {}
    for who, one in found.items():
        request_id = trial.of(who, SUBMIT[who]).value
        fetched = trial.ended(trial.start(who, BY_HAND[who].format(request_id)))
        by_hand = "gave its output" if fetched.value is not None else "did not give its output"
        seen = f"{count(one.submitted, 'submission')} reached fal. Another process that knew the id {by_hand}."
        verdict = "yes" if one.submitted == 1 else "partly" if fetched.value is not None else "no"
        verdicts[who] = verdict, seen
    recorder.feature(
        "Pays once where the process is killed and begun again",
        topic=TOPIC,
        tried="A program was killed while its request ran, and run again: a map with a journal, and a subscribe.",
        answers=[answer(who, *told, "tests/kills/test_kills.py") for who, told in verdicts.items()],
    )
    assert verdicts[TYPED][0] == "yes"
    assert all("gave its output" in seen for _, seen in verdicts.values())


def test_a_deadline(trial: Trial, recorder: Recorder) -> None:
    programs = {
        TYPED: "return fal.flux_1.schnell.with_options(timeout=1.5).subscribe(prompt='a cat')",
        OFFICIAL: "return fal_client.subscribe(ENDPOINT, arguments={'prompt': 'a cat'}, client_timeout=1.5)",
    }
    # It ends: fal-client waits for it, in a thread that outlives the deadline.
    found = trial.each(programs, lambda: {"seconds": lambda _: 6.0})
    cancelled = {who: any(one.path.endswith("/cancel") for one in each.seen) for who, each in found.items()}
    words = {who: "was cancelled" if yes else "was not cancelled" for who, yes in cancelled.items()}
    said = {who: f"It {words[who]}. {one.raised}" for who, one in found.items()}
    shown = "tests/protocol/test_time_limits.py"
    recorder.feature(
        "Cancels a request that takes longer than it may",
        topic=TOPIC,
        tried="A deadline of 1.5 seconds, and a model that takes longer.",
        answers=[answer(who, yes, said[who], shown) for who, yes in cancelled.items()],
    )
    assert cancelled[TYPED]
