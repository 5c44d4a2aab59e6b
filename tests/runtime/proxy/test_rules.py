"""What may be asked of a proxy, judged by the head of a request alone."""

from __future__ import annotations

import itertools
import random
import re
import sys
from typing import Any

import pytest
from runtime.http.hosts import Hosts
from runtime.proxy import patterns
from runtime.proxy.headers import length_of
from runtime.proxy.patterns import Patterns
from runtime.proxy.request import ProxyRefusedError
from runtime.proxy.rules import Plan, Rules, input_of, named_webhooks
from runtime.proxy.targets import Targets

RUN, QUEUE = "https://fal.run", "https://queue.fal.run"
HOOK = "https%3A%2F%2Fapp.example%2Ffal"


def admit(target: str, *headers: tuple[bytes, bytes], method: str = "POST", **options: Any) -> Plan:
    """What the rules make of a request that may go to flux."""
    given = {"allowed_endpoints": ["fal-ai/flux-1/*"], "webhooks": [], "max_body_bytes": 1000, **options}
    rules = Rules(hosts=Hosts(), shell="asgi", **given)
    plan = rules.admit(method, [(b"x-fal-target-url", target.encode()), *headers])
    rules.check(plan)
    return plan


# --- targets ---------------------------------------------------------------------------------------------------------


def test_every_way_through_a_pattern_is_found() -> None:
    """As a regular expression finds them, which may try some more than once."""
    words = ["a", "b", "ab", "ba", "aab"]
    chance = random.Random(7)
    for _ in range(400):
        pattern = [chance.choice(["a", "b", "*", "**", "a*", "*b", "a*b", "*a*"]) for _ in range(chance.randint(2, 5))]
        expression = re.compile("".join(_as_expression(segment) for segment in pattern))
        allowed = Patterns(["/".join(pattern)])
        for length in (2, 3, 4):
            for segments in itertools.islice(itertools.product(words, repeat=length), 0, None, 7):
                wanted = expression.fullmatch("".join(f"/{segment}" for segment in segments)) is not None
                assert allowed.match(segments) == wanted, (pattern, segments)


def _as_expression(segment: str) -> str:
    return r"(/[^/]+)*" if segment == "**" else "/" + re.escape(segment).replace(r"\*", "[^/]*")


@pytest.mark.parametrize(
    ("pattern", "segment"),
    [("**/a/" * 6 + "b", "a"), ("**/" * 8 + "b", "a"), ("**/*a*a*a*a*a*b/c", "a" * 500), ("fal-ai/**", "a")],
)
def test_no_target_takes_long(pattern: str, segment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes as many looks as the id has segments times those of the pattern, or it is too long to be looked at."""
    looks = 0
    real = patterns.is_made_of

    def counted(parts: Any, text: str) -> bool:
        nonlocal looks
        looks += 1
        return real(parts, text)

    monkeypatch.setattr(patterns, "is_made_of", counted)
    targets = Targets([pattern], Hosts())
    for count in (2, 8, 16, 150, 1000, 4000):
        looks = 0
        target = targets.find("POST", f"{QUEUE}/{'/'.join([segment] * count)}")
        assert target is None or count <= 16
        assert looks <= 16 * (pattern.count("/") + 1)


def test_many_patterns_are_not_all_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []
    real = patterns.Glob._reached
    monkeypatch.setattr(patterns.Glob, "_reached", lambda glob, segments: looked.append(glob) or real(glob, segments))
    allowed = (
        [f"fal-ai/m{n}/*" for n in range(1000)] + [f"fal-ai/n{n}" for n in range(1000)] + ["me/**", "*/any", "**/x"]
    )
    targets = Targets(allowed, Hosts())
    for path, is_allowed in (("m7/a", True), ("m7/a/b", False), ("n7", True), ("n7/a", False), ("a/b/x", True)):
        target = targets.find("POST", f"{QUEUE}/fal-ai/{path}")
        assert target is not None
        assert target.is_allowed is is_allowed
    assert len(looked) <= 15


def test_no_target_raises() -> None:
    limit = sys.getrecursionlimit()
    targets = Targets(["fal-ai/recraft/**", "**"], Hosts())
    for path in (
        "a/" * 2 * limit,
        "/" * 5000,
        "a" * 8000,
        "fal-ai/recraft/" + "x/" * 1200 + "y",
        "requests",
        "a/requests",
    ):
        assert targets.find("GET", f"{QUEUE}/{path}") is None


@pytest.mark.parametrize("place", ["requests/1", "x/requests/1/cancel", "x/y/requests", "x/y/requests/1/cancel"])
def test_what_is_about_a_request_is_no_endpoint(place: str) -> None:
    """Or a pattern of ids would allow to cancel with POST, whoever the owner is."""
    assert Targets(["**"], Hosts()).find("POST", f"{QUEUE}/{place}") is None
    assert Targets(["**"], Hosts()).find("GET", f"{RUN}/{place}") is None


def test_the_backups_are_fals_too() -> None:
    targets = Targets(["fal-ai/veo3"], Hosts())
    for one, other in (("fal.run", "falrun.com"), ("queue.fal.run", "queue.falrun.com")):
        for named in (one, other):
            target = targets.find("POST", f"https://{named}/fal-ai/veo3")
            assert target is not None
            assert (target.url, target.alternate) == (f"https://{one}/fal-ai/veo3", f"https://{other}/fal-ai/veo3")
    own = Targets(["fal-ai/veo3"], Hosts(queue="https://queue.my.example"))
    about = own.find("GET", "https://queue.falrun.com/fal-ai/veo3/requests/1/status")
    assert about is not None
    assert (about.url, about.alternate) == ("https://queue.my.example/fal-ai/veo3/requests/1/status", None)


# --- webhooks --------------------------------------------------------------------------------------------------------

WEBHOOKS = [
    f"fal_webhook={HOOK}",
    f"fal%5Fwebhook={HOOK}",
    f"FAL_WEBHOOK={HOOK}",
    f"x=1&fal_webhook={HOOK}",
    f"x=1;fal_webhook={HOOK}",
    f"+fal_webhook={HOOK}",
    f"fal_webhook[]={HOOK}",
    "fal_webhook=",
    "fal_webhook",
]


@pytest.mark.parametrize("query", WEBHOOKS)
@pytest.mark.parametrize("place", [f"{QUEUE}/fal-ai/flux-1/dev", f"{RUN}/fal-ai/flux-1/dev"])
def test_a_webhook_needs_a_rule(query: str, place: str) -> None:
    with pytest.raises(ProxyRefusedError) as refused:
        admit(f"{place}?{query}")
    assert (refused.value.status, refused.value.detail) == (400, "This fal_webhook is not allowed")


@pytest.mark.parametrize(
    ("url", "rule", "is_allowed"),
    [
        ("https://app.example/fal", "https://app.example/fal", True),
        ("https://app.example/fal?user=1", "https://app.example/fal", False),
        ("https://app.example/fal/7", "https://app.example/fal/*", True),
        ("https://app.example/fal", "https://app.example/fal/*", False),
        ("https://app.example.evil.example/fal/7", "https://app.example/*", False),
        ("https://app.example@evil.example/fal/7", "https://app.example/*", False),
        ("http://app.example/fal/7", "https://app.example/*", False),
        ("https://evil.example/", "https://app.example/*", False),
        ("https://app.example/fal/a.b/7", "https://app.example/fal/*", True),
        ("https://app.example/fal/../admin", "https://app.example/fal/*", False),
        ("https://app.example/fal/..", "https://app.example/fal/*", False),
        ("https://app.example/fal/./7", "https://app.example/fal/*", False),
        ("https://app.example/fal/%252e%252e/admin", "https://app.example/fal/*", False),
        ("https://app.example/fal/..%5Cadmin", "https://app.example/fal/*", False),
    ],
)
def test_the_rules_of_webhooks(url: str, rule: str, is_allowed: bool) -> None:
    target = f"{QUEUE}/fal-ai/flux-1/dev?fal_webhook={url.replace('?', '%3F').replace('=', '%3D')}"
    if is_allowed:
        assert admit(target, webhooks=[rule]).target.url == target
        return
    with pytest.raises(ProxyRefusedError):
        admit(target, webhooks=[rule])


def test_each_of_two_webhooks_is_judged() -> None:
    assert named_webhooks("fal_webhook=a&fal_webhook=b&fal_max_queue_length=3") == ["a", "b"]
    with pytest.raises(ProxyRefusedError):
        admit(f"{QUEUE}/fal-ai/flux-1/dev?fal_webhook={HOOK}&fal_webhook=x", webhooks=["https://app.example/fal"])


@pytest.mark.parametrize(
    "rule", ["https://app.example", "https://app.example*", "https://*/x", "app.example/x", "", "https://a/*/b"]
)
def test_a_rule_that_is_none(rule: str) -> None:
    with pytest.raises(ValueError, match="webhooks"):
        admit(f"{QUEUE}/fal-ai/flux-1/dev", webhooks=[rule])


def test_rules_of_webhooks_are_a_list() -> None:
    for wrong in ("https://app.example/fal", [3]):
        with pytest.raises(TypeError, match="webhooks"):
            admit(f"{QUEUE}/fal-ai/flux-1/dev", webhooks=wrong)


# --- headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "length"),
    [
        (["12"], 12),
        (["0"], 0),
        ([" 12 "], 12),
        (["12", "12"], 12),
        (["12", "13"], None),
        (["-1"], None),
        (["+1"], None),
        (["1_0"], None),
        (["\u00b2"], None),
        (["x"], None),
        ([""], None),
        (["9" * 5000], 10**16),
        ([], None),
    ],
)
def test_a_length(values: list[str], length: int | None) -> None:
    assert length_of([(b"Content-Length", value.encode("latin-1")) for value in values]) == length


def test_a_length_of_5000_digits_is_too_large() -> None:
    with pytest.raises(ProxyRefusedError) as refused:
        admit(f"{RUN}/fal-ai/flux-1/dev", (b"content-length", b"9" * 5000))
    assert refused.value.status == 413


def test_bytes_stay_bytes() -> None:
    plan = admit(
        f"{RUN}/fal-ai/flux-1/dev",
        (b"User-Agent", b"caf\xc3\xa9 \xff"),
        (b"X-Fal-Tags", b"a=\xe4"),
        (b"x-fal-webhook-user-id", b"me"),
        (b"x-fal-\xe4", b"1"),
    )
    sent = dict(plan.headers)
    assert (sent[b"user-agent"], sent[b"x-fal-tags"]) == (b"caf\xc3\xa9 \xff", b"a=\xe4")
    assert not [name for name in sent if b"webhook" in name or not name.isascii()]


@pytest.mark.parametrize("value", [b"a\r\nx: 1", b"a\0", b"a\n"])
def test_a_header_that_cannot_be_sent(value: bytes) -> None:
    with pytest.raises(ProxyRefusedError) as refused:
        admit(f"{RUN}/fal-ai/flux-1/dev", (b"x-fal-tags", value))
    assert refused.value.status == 400


# --- inputs ----------------------------------------------------------------------------------------------------------


def test_the_input_is_what_fal_takes() -> None:
    post = admit(f"{RUN}/fal-ai/flux-1/dev?fal_max_queue_length=3")
    assert input_of(post, b'{"a": [1, {"b": null}]}') == {"a": [1, {"b": None}]}
    assert input_of(post, b"") is None
    get = admit(f"{RUN}/fal-ai/flux-1/dev?a=1&b=x+y&a=2&a=&c", method="GET")
    assert input_of(get, b'{"not": "read"}') == {"a": ["1", "2", ""], "b": "x y", "c": ""}


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"n": 1, "n": 9}', b'{"a": {"n": 1, "n": 9}}', b'{"n": NaN}', b"\xff", b"[" * 100_000, b"\xef\xbb\xbf{}",
     b'{"n": 9' + b"9" * 5000 + b"}", "{}".encode("utf-16")],
)  # fmt: skip
def test_what_fal_might_take_for_something_else_is_no_input(body: bytes) -> None:
    with pytest.raises(ProxyRefusedError) as refused:
        input_of(admit(f"{RUN}/fal-ai/flux-1/dev"), body)
    assert refused.value.status == 400


def test_an_input_is_in_one_place() -> None:
    with pytest.raises(ProxyRefusedError, match="into the body"):
        input_of(admit(f"{RUN}/fal-ai/flux-1/dev?num_images=4"), b'{"num_images": 1}')


@pytest.mark.parametrize("place", ["models/requests/by-endpoint?endpoint_id=fal-ai/x", "models/pricing", "keys"])
def test_the_platform_api_is_not_for_a_proxys_users(place: str) -> None:
    """It would show everybody's inputs to everybody."""
    for base in ("https://api.fal.ai/v1", "https://api.example/v1"):
        targets = Targets(["**"], Hosts(api="https://api.example/v1"))
        assert targets.find("GET", f"{base}/{place}") is None
