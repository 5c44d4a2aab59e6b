"""What must not be on a cassette, wherever it stood."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from fal_server import FalServer, Reply
from fal_server.stream import event
from fal_typed._runtime.files.remote_file import RemoteFile
from fal_typed._runtime.testing.cassette.exchanges import Sent
from fal_typed._runtime.testing.cassette.redaction import Redactor
from fal_typed.testing import NotRecordedError

from .cassettes import KEY, SCHNELL, Recorder, Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJnaXRodWJ8NDIifQ.c2lnbmF0dXJlLW9mLWp3dA"
CREDENTIAL = "ASIAQ3EGSIFXAMPLE7/20260101/us-east-1/s3/aws4_request"
SIGNATURE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SIGNED = (
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + quote(CREDENTIAL, safe="") + "&X-Amz-Date=20260101T000000Z"
    f"&X-Amz-Expires=3600&X-Amz-Security-Token=IQoJb3JpZ2luX2VjE99&X-Amz-Signature={SIGNATURE}"
)
PROMPT = "my secret product launch, in 3D"
# Each in at least one place of what `planted` makes; none may be found.
SECRETS = {
    "the key": KEY,
    "its id": KEY.partition(":")[0],
    "its secret": KEY.partition(":")[2],
    "the key in base64": base64.b64encode(KEY.encode()).decode(),
    "the key in an address": quote(KEY, safe=""),
    "a JWT": JWT,
    "a signature": SIGNATURE,
    "an access key": "ASIAQ3EGSIFXAMPLE7",
    "a session of S3": "IQoJb3JpZ2luX2VjE99",
    "a token of GCS": "isolate-dev@example.iam",
    "a cookie": "sess-9a8b7c6d5e",
    "an account": "github|31415926",
    "a number of an account": "27182818",
    "an account in a path": "user_8f7e6d",
    "an e-mail": "panda@bamboo.example",
    "an address": "198.51.100.23",
    "an address of IPv6": "2001:db8::ff00:42:8329",
    "a webhook": "wh-s3cr3t-path",
    "a password": "pa55-in-the-url",
    "a request": "0f9e8d7c-6b5a-4c3d-2e1f-a0b9c8d7e6f5",
    "a token of an upload": "cdn-tok-123456789",
    "an upload": "upl0ad-id-77",
    "a token of another service": "hf_abcdefghijklmnopq",
}


@pytest.fixture(scope="module")
def _running() -> Iterator[FalServer]:
    with FalServer() as server:
        yield server


@pytest.fixture(params=["sync", "async"])
def tape(
    request: pytest.FixtureRequest, _running: FalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Recorder:
    monkeypatch.setenv("FAL_KEY", KEY)
    _running.begin()
    return Recorder(_running, tmp_path / "panda.json", is_async=request.param == "async")


def planted(tape: Recorder) -> dict[str, Any]:
    """An output with a secret in every place; its file can be downloaded by a signed URL."""
    request = SECRETS["a request"]
    return {
        "images": [{"url": f"{tape.server.storage.cdn_url}/files/a.png?{SIGNED}", "width": 1, "height": 1}],
        "seed": 7,
        "timings": {},
        "has_nsfw_concepts": [False],
        "prompt": PROMPT,
        "debug": {
            "env": {"FAL_KEY": KEY, "nested": json.dumps({"authorization": f"Key {KEY}", "list": [[JWT]]})},
            "encoded": base64.b64encode(f'{{"token": "{JWT}", "for": "{KEY}"}}'.encode()).decode(),
            "curl": f"curl -H 'Authorization: Bearer {JWT}' "
            f"'https://u:pa55-in-the-url@host.example/?k={quote(KEY, safe='')}'",
            "user_id": 27182818,
            "owner": {"user_id": "github|31415926", "email": "panda@bamboo.example"},
            "text": f"from 198.51.100.23 and [2001:db8::ff00:42:8329] by {request}, panda@bamboo.example",
            "upload": {"uploadId": SECRETS["an upload"]},
            "paths": ["https://api.example/users/user_8f7e6d/files", f"/queue/x/requests/{request}/status"],
            "gcs": "https://storage.googleapis.com/b/o?GoogleAccessId=isolate-dev@example.iam"
            f"&Expires=1&Signature={quote(SIGNATURE)}%3D",
            "html": f"<AWSAccessKeyId>ASIAQ3EGSIFXAMPLE7</AWSAccessKeyId><Provided>{SIGNATURE}</Provided>",
            "names": {SECRETS["a token of another service"]: "as a name"},
            "cookie_in_text": "the session sess-9a8b7c6d5e was found",
            "data": "data:text/plain;base64," + base64.b64encode(f"key={KEY}".encode()).decode(),
            "binary": base64.b64encode(b"\xff\xfe\x00" + KEY.encode() + b"\xff").decode(),
        },
    }


HEADERS = {
    "set-cookie": "session=sess-9a8b7c6d5e; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
    "x-fal-cdn-token": "cdn-tok-123456789",
    "x-forwarded-for": "198.51.100.23",
    "x-fal-user-id": "github|31415926",
    "location": f"https://bucket.example/a?{SIGNED}",
    "x-fal-request-id": SECRETS["a request"],
}


def found(text: str) -> list[str]:
    """Which secrets are in a text, also in what is encoded in it."""
    runs = [text]
    for run in json.dumps(json.loads(text)).replace('"', " ").replace("\\", " ").replace(",", " ").split():
        padded = run.rstrip("=") + "=" * (-len(run.rstrip("=")) % 4)
        try:
            runs.append(base64.b64decode(padded, validate=True).decode("latin-1"))
        except ValueError:
            continue
    return [name for name, secret in SECRETS.items() if any(secret in each for each in runs)]


def test_no_secret_is_written_and_what_is_written_works(tape: Recorder, tmp_path: Path) -> None:
    server, output = tape.server, planted(tape)
    server.storage.pages["a.png"] = Reply(200, b"PNG" + KEY.encode(), {"content-type": "image/png", **HEADERS})
    server.plan(
        SCHNELL,
        output=output,
        result_headers=HEADERS,
        submitted={"gateway_request_id": SECRETS["a request"]},
        first={
            "run": [
                Reply(
                    422,
                    {"detail": [{"msg": json.dumps(output), "loc": ["body"], "type": "x", "input": output}]},
                    HEADERS,
                )
            ]
        },
    )
    server.storage.first["token"] = [
        Reply(200, {"token": "cdn-tok-123456789", "token_type": "Bearer", "base_url": server.storage.cdn_url})
    ]
    server.storage.accept("cdn-tok-123456789")
    server.stream("me/app/stream", event(output), b": panda@bamboo.example\n\n", event(json.dumps(output)), **HEADERS)

    def steps(fal: Any) -> Steps:
        schnell, first = fal.flux_1.schnell, ""
        try:
            yield lambda: schnell.run(prompt=PROMPT)
        except Exception as error:
            first = type(error).__name__
        hook = f"https://u:pa55-in-the-url@me.example/{SECRETS['a webhook']}?token={JWT}"
        handle = yield schnell.submit(prompt=PROMPT, webhook_url=hook)
        result = yield handle.result()
        events = yield fal.endpoint("me/app").stream(
            {"image_url": f"https://b.example/a?{SIGNED}", "api_key": JWT, **output}
        )
        file = RemoteFile.model_validate({"url": result.images[0].url})
        save = file.adownload if tape.is_async else file.download
        path = yield save(tmp_path / "a.png", overwrite=True)
        yield fal.storage.upload(b"a picture", content_type="image/png")
        return first, len(events), result.seed, path.stat().st_size

    recorded = tape.record(steps)
    assert recorded == ("ModelError", 2, 7, 3 + len(KEY))
    assert found(tape.text) == []
    for each in (tmp_path / "panda.files").glob("*"):
        assert KEY.encode() not in each.read_bytes()
    assert found(json.dumps(output)) != []
    assert tape.replay(steps) == recorded
    assert PROMPT in tape.text


def test_the_same_secret_has_the_same_placeholder(tape: Recorder) -> None:
    tape.server.plan(SCHNELL, output=planted(tape))
    tape.record(lambda fal: fal.flux_1.schnell.subscribe(prompt="a"))
    debug = tape.exchanges[-1]["answer"]["json"]["debug"]
    key = debug["env"]["FAL_KEY"]
    assert key.startswith("REDACTED-key-")
    assert json.loads(debug["env"]["nested"])["authorization"] == f"Key {key}"
    assert base64.b64decode(debug["data"].partition(",")[2]).decode() == f"key={key}"
    assert debug["owner"]["user_id"].startswith("REDACTED-account-")
    assert isinstance(debug["user_id"], int)
    assert debug["user_id"] > 900_000_000


def test_a_later_request_by_an_urls_signature_matches(tape: Recorder, tmp_path: Path) -> None:
    tape.server.storage.pages["a.png"] = Reply(200, b"PNG", {"content-type": "image/png"})
    tape.server.plan(SCHNELL, output=planted(tape))

    def steps(fal: Any) -> Steps:
        output = yield fal.flux_1.schnell.run(prompt="a")
        save = output.images[0].adownload if tape.is_async else output.images[0].download
        yield save(tmp_path / "a.png", overwrite=True)
        return output.images[0].url

    assert SIGNATURE in tape.record(steps)
    assert tape.replay(steps).endswith("/a.png?REDACTED-signature-1")
    assert f"{tape.server.storage.cdn_url}/files/a.png?REDACTED-signature-1" == tape.exchanges[-1]["request"]["url"]


def test_a_secret_of_the_callers_may_be_another_one_next_time(tape: Recorder) -> None:
    """A URL that is signed anew for each run, a token that was renewed."""

    def answers(given: Any) -> Any:
        return {"said": given["number"]}

    tape.server.plan("me/app", answers=answers)

    def steps(*tokens: str) -> Any:
        def calls(fal: Any) -> Steps:
            said: list[int] = []
            for number, token in enumerate(tokens):
                arguments = {"token": token, "url": f"https://b.example/a?Signature={token}&Expires={number}"}
                said.append((yield fal.endpoint("me/app").run({**arguments, "number": number % 2}))["said"])
            return said

        return calls

    tape.record(steps("first-secret-1", "other-secret-2"))
    assert tape.replay(steps("third-secret-3", "fourth-secret-4")) == [0, 1]
    with pytest.raises(NotRecordedError) as caught:
        tape.replay(lambda fal: fal.endpoint("me/app").run({"token": "third-secret-3", "number": 5}))
    assert "third-secret-3" not in str(caught.value)
    assert "json/number: 0 on it, 5 asked" in str(caught.value)


def test_a_secret_that_the_cassette_knows_keeps_its_placeholder(tape: Recorder) -> None:
    """What a later run adds speaks of the same one, whatever it is by then."""
    tape.server.plan("me/app", output={"said": 1})

    def steps(token: str, *numbers: int) -> Any:
        def calls(fal: Any) -> Steps:
            for number in numbers:
                yield fal.endpoint("me/app").run({"token": token, "number": number})

        return calls

    tape.record(steps("first-secret-1", 0))
    tape.record(steps("other-secret-2", 0, 1), mode="new")
    assert [each["request"]["json"]["token"] for each in tape.exchanges] == ["REDACTED-token-1"] * 2


def test_an_id_of_the_callers_own_is_no_secret(tape: Recorder) -> None:
    from fal_server import Plan

    for name in ("mine-000001", "mine-000002"):
        tape.server.known_request(name, Plan(output={**planted(tape), "seed": int(name[-1])}))

    def steps(fal: Any) -> Steps:
        second = yield fal.flux_1.schnell.request("mine-000002").result()
        first = yield fal.flux_1.schnell.request("mine-000001").result()
        return first.seed, second.seed

    assert tape.both(steps) == ((1, 2), (1, 2))


def test_prompts_are_replaced_by_choice(tape: Recorder) -> None:

    def answers(given: Any) -> Any:
        return {**planted(tape), "debug": f"for {given['prompt']}!"}

    tape.server.plan(SCHNELL, answers=answers)

    def steps(fal: Any) -> Steps:
        output = yield fal.flux_1.schnell.subscribe(prompt=PROMPT)
        again = yield fal.flux_1.schnell.run(prompt="another one")
        return output.seed, again.seed

    recorded = tape.record(steps, redact=("prompt",))
    assert PROMPT not in tape.text
    assert "another one" not in tape.text
    assert "for REDACTED-prompt-1!" in tape.text
    assert tape.replay(steps, redact=("prompt",)) == recorded
    assert tape.replay(steps) == recorded


def test_a_function_may_replace(tape: Recorder) -> None:
    tape.server.plan(SCHNELL, output=planted(tape))
    places: list[str] = []

    def shorter(place: str, text: str) -> str:
        places.append(place)
        return text.upper() if place == "/prompt" else text

    def steps(fal: Any) -> Any:
        return fal.flux_1.schnell.run(prompt=PROMPT)

    recorded = tape.record(steps, redact=shorter)
    assert PROMPT.upper() in tape.text
    assert PROMPT not in tape.text
    assert "/images/0/url" in places
    assert tape.replay(steps, redact=shorter).seed == recorded.seed


def test_what_is_known_to_be_secret_later_was_so_before(tape: Recorder) -> None:
    outputs = iter([{"note": "zq81xw77ty, said early"}, {"api_key": "zq81xw77ty"}])

    def answers(_: Any) -> Any:
        return next(outputs)

    tape.server.plan("me/app", answers=answers)

    def steps(fal: Any) -> Steps:
        for number in range(2):
            yield fal.endpoint("me/app").run({"number": number})

    tape.record(steps)
    assert tape.exchanges[0]["answer"]["json"] == {"note": "REDACTED-key-1, said early"}


def test_the_same_one_again_is_the_same_one(tape: Recorder, tmp_path: Path) -> None:
    """A URL that is signed otherwise now is that of one file, whenever it is asked for."""
    contents = iter([b"one", b"two"])

    def steps(*signatures: str) -> Callable[[Any], Any]:
        def downloads(_: Any) -> Steps:
            found: list[bytes] = []
            for each in signatures:
                tape.server.storage.pages["a.png"] = Reply(200, next(contents, b""), {"content-type": "image/png"})
                file = RemoteFile.model_validate({"url": f"{tape.server.storage.cdn_url}/files/a.png?sig={each}"})
                path = yield (file.adownload if tape.is_async else file.download)(tmp_path / "a.png", overwrite=True)
                found.append(path.read_bytes())
            return found

        return downloads

    assert tape.record(steps("first-sig-1", "second-sig-2")) == [b"one", b"two"]
    assert tape.replay(steps("third-sig-3", "third-sig-3", "fourth-sig-4")) == [b"one", b"one", b"two"]


def test_two_that_were_two_are_not_one(tape: Recorder) -> None:
    def answers(given: Any) -> Any:
        return {"same": given["token"] == given["secret"]}

    tape.server.plan("me/app", answers=answers)

    def steps(*pairs: tuple[str, str]) -> Callable[[Any], Any]:
        def runs(fal: Any) -> Steps:
            found: list[bool] = []
            for token, secret in pairs:
                found.append((yield fal.endpoint("me/app").run({"token": token, "secret": secret}))["same"])
            return found

        return runs

    assert tape.record(steps(("first-key-1", "other-key-2"), ("third-key-3", "third-key-3"))) == [False, True]
    assert tape.replay(steps(("now-key-4", "now-key-4"), ("now-key-5", "now-key-6"))) == [True, False]


def test_pictures_of_inputs_are_kept_as_hashes() -> None:
    one_line = "data:image/png;base64," + "QUJD" * 1000
    request: dict[str, Any] = {
        "method": "POST",
        "url": "https://fal.run/a/b",
        "headers": {},
        "json": {"image_url": one_line},
    }
    kept = Redactor().request(request)["json"]["image_url"]
    assert kept.startswith("data:image/png;sha256,")
    assert len(kept) < 120
    assert Redactor().answer({"json": {"url": one_line}}) == {"json": {"url": one_line}}
    assert Sent("PUT", "https://bucket.example/a", {"content-type": "application/json"}).is_upload
    assert not Sent("POST", "https://fal.run/a/b", {"content-type": "application/json"}).is_upload


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ('{"list": [{"password": "pw"}]}', '{"list": [{"password": "REDACTED-password-1"}]}'),
        ("https://me:pw@host.example/x", "https://REDACTED-password-1:REDACTED-password-2@host.example/x"),
        ("https://host.example/x?token=t&a=1#access_token=u", None),
        ("https://host.example/?next=https%3A%2F%2Fb.example%2F%3Fsig%3Dabc%26se%3D1", None),
        ("user google-oauth2|1234567 said", "user REDACTED-account-1 said"),
        ("X-Api-Key: abcd1234efgh5678", "X-Api-Key: REDACTED-key-1"),
        ("client_secret=s3cr3tvalue99&grant=x", "client_secret=REDACTED-secret-1&grant=x"),
    ],
)
def test_what_is_secret_in_a_text(text: str, without: str | None) -> None:
    redacted = Redactor().text(text)
    assert redacted == (without or redacted) != text
    assert not {"pw", "=t&", "=u", "abc"} & set(redacted.replace("=", " ").replace(":", " ").split())


def test_placeholders_are_numbered_as_they_are_written() -> None:
    redactor = Redactor(("prompt",))
    redactor.text("panda@x.example wrote")
    redactor.answer({"json": {"prompt": "panda@x.example wrote"}})
    redactor.number_anew()
    assert redactor.text("panda@x.example wrote, and b@c.example") == "REDACTED-prompt-1, and REDACTED-email-1"


@pytest.mark.parametrize(
    "text",
    [
        "a panda, 12:30:45, key features: none",
        "https://v3.fal.media/files/panda/abc_DEF-123.png",
        "version v1.2.3.4 at 127.0.0.1:8000 and ::1",
        "The signature: beautiful handwriting",
        "content_policy_violation",
        "2026-01-01T00:00:00.000Z",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
        "max_tokens: 4096",
        '{"prompt": "a", "num": 1}',
        "https://fal.run/fal-ai/flux/dev?logs=1&fal_max_queue_length=5",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert Redactor().text(text) == text
    assert Redactor().answer({"json": {"a": [text]}}) == {"json": {"a": [text]}}


def test_what_is_replaced_is_not_replaced_again() -> None:
    redactor = Redactor()
    for text in (json.dumps(HEADERS), f"Bearer {JWT}", f"https://a.b/c?{SIGNED}", KEY, "https://u:p4ssw0rd@h.example/"):
        once = redactor.text(text)
        assert once != text
        assert redactor.text(once) == Redactor().text(once) == once
