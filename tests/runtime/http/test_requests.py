"""Where a queued request is asked about: at the places that the queue named, if the key may go there."""

from __future__ import annotations

import json

import pytest
from runtime.http.exchange import Answer
from runtime.http.hosts import Hosts
from runtime.http.requests import RequestBuilder
from runtime.options import Options

FAL = "https://queue.fal.run"


def named_by(queue: str, url: str) -> str:
    """The place that is used where the queue at one URL names another."""
    builder = RequestBuilder("a/b", "a/b", Hosts(queue=queue), Options(), "agent")
    answer = Answer(200, {}, json.dumps({"request_id": "r", "status_url": url}).encode())
    _, urls = builder.read_submitted(builder.submit(b"{}", None), answer)
    return urls.status


@pytest.mark.parametrize(
    ("queue", "url"),
    [
        (FAL, f"{FAL}/a/b"),
        (FAL, f"{FAL}:443/a/b"),
        (f"{FAL}:443", f"{FAL}/a/b"),
        (FAL, "https://queue.falrun.com:443/a/b"),
        ("http://127.0.0.1", "http://127.0.0.1:80/a/b"),
        ("http://127.0.0.1:8000/queue", "http://127.0.0.1:8000/elsewhere"),
    ],
)
def test_the_same_place_in_other_words_is_followed(queue: str, url: str) -> None:
    assert named_by(queue, url) == url


@pytest.mark.parametrize(
    ("queue", "url"),
    [
        (FAL, "https://user:pass@queue.fal.run/a/b"),
        (FAL, "https://@queue.fal.run/a/b"),
        (FAL, "https://queue.fal.run@evil.example/a/b"),
        (FAL, "https://queue.fal.run:80/a/b"),
        (FAL, "https://queue.fal.run:8443/a/b"),
        (FAL, "http://queue.fal.run/a/b"),
        (FAL, "http://queue.fal.run:443/a/b"),
        ("http://127.0.0.1", "http://127.0.0.1:443/a/b"),
        ("http://127.0.0.1", "https://127.0.0.1:80/a/b"),
        (FAL, "https://queue.fal.run:x/a/b"),
        (FAL, "https:///a/b"),
        (FAL, "wss://queue.fal.run/a/b"),
        (FAL, "https://queue.fal.run\\@evil.example/a/b"),
        (FAL, "https://queue.fal.run/a b"),
        (FAL, "https://queue.fal.run/a\nb"),
    ],
)
def test_another_place_is_not(queue: str, url: str) -> None:
    assert named_by(queue, url) == f"{queue}/a/b/requests/r/status"
