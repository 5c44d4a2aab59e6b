"""A worker in a process of its own: it does what its arguments say, and prints a line for each thing that it did.

    journal_worker.py DO ADDRESS LEASE …

ADDRESS `-`: a pickled journal is read from standard input. A line on standard input goes on.
"""

from __future__ import annotations

import pickle
import random
import sys
import time
from functools import partial

from runtime.journal import clock
from runtime.journal.errors import LeaseLostError
from runtime.journal.journal import Journal
from runtime.journal.records import Grant, Held, JobState, Sending, Wanted


def say(*words: object) -> None:
    sys.stdout.write(f"{' '.join(map(str, words))}\n")
    sys.stdout.flush()


def sent(journal: Journal, key: str) -> Held:
    held = journal.claim(Wanted(key, "fal-ai/a", "{}")).held
    assert held is not None
    assert journal.sending(held, "{}") is Sending.GO
    return held


def hold(journal: Journal, key: str) -> None:
    """Send a job, and wait until it is told to go on; then say whose the job is."""
    held = sent(journal, key)
    say("held", journal.good_until(held) > clock.awake())
    sys.stdin.readline()
    say("good", journal.good_until(held) > clock.awake())
    say("mine", journal.still_mine(held))
    try:
        journal.submitted(held, {"endpoint": "fal-ai/a", "request_id": f"r-{key}"})
        say("submitted")
    except LeaseLostError:
        say("lost")


def share(journal: Journal, jobs: str, seed: str, slots: str, most: str, *, together: bool = False) -> None:
    """Do as many of some jobs as there are left, with limits; say which were done, in that order.

    Together: wait behind the first one until it is told to go on.
    """
    keys = [f"job {number}" for number in range(int(jobs))]
    random.Random(seed).shuffle(keys)
    limits = {"units": 1.0, "max_units": float(most)} if most != "-" else {}
    for key in keys:
        claim = journal.claim(Wanted(key, "fal-ai/a", "{}"))
        if claim.grant is not Grant.MINE or claim.held is None:
            assert claim.grant in (Grant.BUSY, Grant.DONE), claim
            continue
        while True:
            sending = journal.sending(claim.held, "{}", max_in_flight=None if slots == "-" else int(slots), **limits)
            if sending is not Sending.NO_SLOT:
                break
            time.sleep(0.002)
        if sending is Sending.OVER_BUDGET:
            journal.release(claim.held)
            continue
        if slots != "-":
            flying = (one.jobs for one in journal.store.counts() if one.state in (JobState.SENDING, JobState.SUBMITTED))
            assert sum(flying) <= int(slots)
        journal.submitted(claim.held, {"endpoint": "fal-ai/a", "request_id": f"r {key}"})
        journal.done(claim.held, "{}", (), 1.0)
        say(key)
        if together:
            sys.stdin.readline()
            together = False


if __name__ == "__main__":
    do, address, lease, *arguments = sys.argv[1:]
    opened = pickle.loads(sys.stdin.buffer.read()) if address == "-" else Journal(address, lease=float(lease))
    with opened as one:
        {"hold": hold, "share": share, "together": partial(share, together=True)}[do](one, *arguments)
