"""How it behaves: plain values, which may change at any time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Settings:
    """Shares are from 0 to 1, times in seconds, from the one to the other.

    Attributes:
        seed: Of all that is left to chance.
        takes: How long a request is in progress.
        accepts_after: How long a submit that is here is not yet accepted.
        answers_after: How long one that is accepted is not yet answered.
        most_in_progress: As many may be in the queue and in progress; who submits one more gets a 429.
        retry_after: What that 429 asks for.
        fails: The share of requests that the model refuses (422), billed all the same.
        large: The share of outputs of 10 KB and more, which are kept for a shorter time.
        kept, kept_large: How long a result can be fetched once it is there.
        loses_answer: The share of submits that are accepted, and not answered.
        loses_submit: The share of submits that break off before they are accepted.
        gateway: The share of submits that get a 502; every second one of them was accepted.
        status_fails: The share of questions about a request that get a 502.
        history_lag: How long after it was accepted a request is in the history.
        history_page: The most that a page of it has, whatever is asked for.
        history_repeats: How many of each page were on the page before.
        history_fails: The share of pages that get a 500, a 429 or nothing.
        history_only_ended: Whether a request is there only once it has ended.
        payloads: Whether the history has inputs and outputs.
        units: How many units a picture is billed as.
    """

    seed: int = 0
    takes: tuple[float, float] = (0.0, 0.0)
    accepts_after: tuple[float, float] = (0.0, 0.0)
    answers_after: tuple[float, float] = (0.0, 0.0)
    most_in_progress: int | None = None
    retry_after: float = 0.05
    fails: float = 0.0
    large: float = 0.0
    kept: float = 3600.0
    kept_large: float = 360.0
    loses_answer: float = 0.0
    loses_submit: float = 0.0
    gateway: float = 0.0
    status_fails: float = 0.0
    history_lag: tuple[float, float] = (0.0, 0.0)
    history_page: int = 100
    history_repeats: int = 0
    history_fails: float = 0.0
    history_only_ended: bool = False
    payloads: bool = True
    units: float = 1.0
