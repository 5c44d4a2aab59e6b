"""The commands that call fal, over a socket: what is sent, printed and saved, and how they end."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest
from command_line import Ran, settings, started
from fal_server.plan import Gate, Reply, completed, in_progress, queued
from fal_server.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fal_server import FalServer

    Cli = Callable[..., Ran]

SCHNELL = "fal-ai/flux-1/schnell"
PICTURE = b"\x89PNG\r\n\x1a\nnothing else"
DATA_URI = "data:image/png;base64,iVBORw0KGgpub3RoaW5nIGVsc2U="


def output_of(*urls: str) -> dict[str, Any]:
    images = [{"url": url, "width": 64, "height": 64, "content_type": "image/png"} for url in urls]
    return {"images": images, "timings": {}, "seed": 7, "has_nsfw_concepts": [False], "prompt": "x"}


def sent(fal: FalServer) -> Any:
    return fal.accepted[-1].input


def test_run_prints_the_output(cli: Cli, fal: FalServer) -> None:
    fal.plan(SCHNELL, output=output_of("https://v3.fal.media/a.png"))
    ran = cli(
        "run", SCHNELL, "--prompt", "a red panda", "--image-size", "square", "--num-images", "2", "--no-sync-mode"
    )
    assert ran == Ran(
        0,
        "images.0.url: https://v3.fal.media/a.png\nimages.0.width: 64\nimages.0.height: 64\n"
        "images.0.content_type: image/png\ntimings: {}\nseed: 7\nhas_nsfw_concepts: [false]\nprompt: x\n",
        "",
    )
    assert sent(fal) == {"prompt": "a red panda", "image_size": "square", "num_images": 2, "sync_mode": False}


def test_json_is_alone_on_stdout(fal: FalServer) -> None:
    fal.plan(SCHNELL, output=output_of("https://v3.fal.media/a.png"), states=[in_progress("a log line"), completed()])
    process = started("run", "--json", SCHNELL, "--prompt", "x", "--logs", **settings(fal))
    out, err = process.communicate(timeout=60)
    told = json.loads(out)
    assert process.returncode == 0
    assert told["output"] == output_of("https://v3.fal.media/a.png")
    assert (told["endpoint"], told["files"]) == (SCHNELL, [])
    assert told["request_id"] in fal.seen[-1].path
    assert err == "a log line\n"


def test_warnings_of_the_package_are_told(cli: Cli, fal: FalServer) -> None:
    fal.plan(SCHNELL, output={"images": 3})
    ran = cli("run", SCHNELL, "--prompt", "x", "--json")
    assert json.loads(ran.out)["output"] == {"images": 3}
    assert "images" in ran.err


def test_submit_and_what_comes_after(cli: Cli, fal: FalServer, tmp_path: Path) -> None:
    fal.plan(SCHNELL, output=output_of(DATA_URI), states=[queued(3), in_progress("working"), completed()])
    ran = cli("submit", SCHNELL, "--prompt", "x", "--webhook-url", "https://app.example/fal", "--json")
    handle = json.loads(ran.out)
    (tmp_path / "handle.json").write_text(ran.out)
    assert fal.requests("POST")[-1].query == {"fal_webhook": "https://app.example/fal"}
    assert cli("status", SCHNELL, handle["request_id"]).out == "queued, 3 before it\n"
    told = json.loads(cli("status", f"@{tmp_path / 'handle.json'}", "--json").out)
    assert (told["status"], told["request_id"], "logs" in told) == ("IN_PROGRESS", handle["request_id"], False)
    assert cli("status", "-", "--logs", stdin=ran.out.encode()).out == "completed\n"
    ran = cli("result", SCHNELL, handle["request_id"], "-o", str(tmp_path / "{request_id}{ext}"))
    path = tmp_path / f"{handle['request_id']}.png"
    assert ran.out.splitlines()[-1] == f"saved: {path}"
    assert path.read_bytes() == PICTURE
    assert cli("cancel", SCHNELL, handle["request_id"], "--json").code in (0, 1)


def test_submit_prints_the_id_alone(cli: Cli, fal: FalServer) -> None:
    ran = cli("submit", SCHNELL, "--prompt", "x")
    request_id = ran.out.strip()
    assert (ran.code, ran.out) == (0, f"{request_id}\n")
    assert f" result {SCHNELL} {request_id}" in ran.err
    assert cli("result", SCHNELL, request_id).code == 0


@pytest.mark.parametrize(
    ("answer", "said", "code"),
    [
        (Reply(200, {"status": "OK"}), "cancelled\n", 0),
        (Reply(202, {"status": "CANCELLATION_REQUESTED"}), "asked to stop; it may complete all the same\n", 0),
        (Reply(400, {"status": "ALREADY_COMPLETED"}), "it has completed before\n", 1),
    ],
)
def test_cancel(cli: Cli, fal: FalServer, answer: Reply, said: str, code: int) -> None:
    fal.plan(SCHNELL, first={"cancel": [answer]})
    request_id = cli("submit", SCHNELL, "--prompt", "x").out.strip()
    assert cli("cancel", SCHNELL, request_id) == Ran(code, said, "")


# Where files go.


@pytest.mark.parametrize(
    ("template", "there"),
    [
        ("{folder}/out/{{name}}", ["file.png", "file-2.png"]),
        ("{folder}/out/", ["file.png", "file-2.png"]),
        ("{folder}/out/{{number}}{{ext}}", ["1.png", "2.png"]),
        ("{folder}/out/cat.png", ["cat.png", "cat-2.png"]),
        ("{folder}/out", ["file.png", "file-2.png"]),
    ],
)
def test_files_are_saved(cli: Cli, fal: FalServer, tmp_path: Path, template: str, there: list[str]) -> None:
    fal.plan(SCHNELL, output=output_of(DATA_URI, DATA_URI))
    ran = cli("run", SCHNELL, "--prompt", "x", "-o", template.format(folder=tmp_path), "--json")
    assert json.loads(ran.out)["files"] == [str(tmp_path / "out" / name) for name in there]
    assert [(tmp_path / "out" / name).read_bytes() for name in there] == [PICTURE, PICTURE]


def test_a_file_that_was_there_is_replaced_only_by_name(cli: Cli, fal: FalServer, tmp_path: Path) -> None:
    fal.plan(SCHNELL, output=output_of(DATA_URI))
    for name in ("file.png", "cat.png"):
        (tmp_path / name).write_bytes(b"old")
    for template in ("{name}", "cat.png"):
        assert cli("run", SCHNELL, "--prompt", "x", "-o", f"{tmp_path}/{template}").code == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "file.png": b"old",
        "file-2.png": PICTURE,
        "cat.png": PICTURE,
    }


def test_a_name_of_the_server_leads_nowhere_else(cli: Cli, fal: FalServer, tmp_path: Path) -> None:
    output = output_of(DATA_URI)
    output["images"][0]["file_name"] = "../../\x1b]0;owned\x07evil\u202egnp.png"
    fal.plan(SCHNELL, output=output)
    ran = cli("run", SCHNELL, "--prompt", "x", "-o", f"{tmp_path}/out/{{name}}")
    assert ran.code == 0
    assert [path.parent for path in tmp_path.rglob("*.png")] == [tmp_path / "out"]
    assert ran.out.replace("\n", "").isprintable()


def test_a_wrong_template_costs_nothing(cli: Cli, fal: FalServer) -> None:
    ran = cli("run", SCHNELL, "--prompt", "x", "-o", "out/{nmae}")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: -o: there is no {nmae}; there are {name}, ")
    assert fal.seen == []


# How it ends.

ENDINGS: dict[str, tuple[dict[str, Any], list[str], int, str]] = {
    "a refused input": (
        {"always": {"result": Reply(422, {"detail": [{"loc": ["body", "prompt"], "msg": "no", "type": "t"}]})}},
        [],
        1,
        "error: ",
    ),
    "a failed request": ({"states": [completed(error="boom \x1b[31m", error_type="x")]}, [], 1, "boom \\x1b[31m"),
    "no such key": ({"always": {"submit": Reply(401, {"detail": "who?"})}}, [], 4, "who?"),
    "out of order": ({"always": {"submit": Reply(500, {"detail": "oh"})}}, [], 3, "oh"),
    "too long": ({"states": [queued(1)]}, ["--timeout", "0.5"], 5, "did not finish within 0.5 s"),
    "an option out of range": ({}, ["--timeout", "-1"], 2, "error: --timeout must be a finite number"),
    "a URL that is none": ({}, ["--webhook-url", "nonsense"], 2, "error: --webhook-url must be"),
    "a word that is none": ({}, ["--priority", "high"], 2, "error: --priority must be one of"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_exit_codes(cli: Cli, fal: FalServer, ending: str) -> None:
    plan, more, code, said = ENDINGS[ending]
    fal.plan(SCHNELL, **{"output": output_of(DATA_URI), **plan})
    ran = cli("submit" if "--webhook-url" in more else "run", SCHNELL, "--prompt", "x", *more)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert ran.err.replace("\n", "").isprintable()


def test_a_wait_that_ends_early_says_how_to_look_after_it(cli: Cli, fal: FalServer) -> None:
    fal.plan(SCHNELL, states=[queued(1)])
    request_id = cli("submit", SCHNELL, "--prompt", "x").out.strip()
    for command in (["run", SCHNELL, "--prompt", "x"], ["result", SCHNELL, request_id]):
        ran = cli(*command, "--timeout", "0.5")
        seen = fal.requests("GET")[-1].path.split("/requests/")[1].split("/")[0]
        assert ran.code == 5
        assert f"(request id {seen})" in ran.err
        assert ran.err.endswith(f" status {SCHNELL} {seen}  says what became of it\n")


def test_no_key_and_no_connection(cli: Cli, fal: FalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAL_KEY", "")
    ran = cli("run", SCHNELL, "--prompt", "x")
    assert (ran.code, ran.err[:22]) == (4, "error: no credentials:")
    monkeypatch.setenv("FAL_KEY", "id:secret")
    monkeypatch.setenv("FAL_QUEUE_RUN_HOST", "http://127.0.0.1:9")  # the port of discard, where nobody listens
    assert cli("run", SCHNELL, "--prompt", "x", "--timeout", "2").code in (3, 5)


@pytest.mark.parametrize(("name", "value"), [("FAL_TYPED_PROGRESS", "maybe"), ("FAL_RUN_HOST", "http://a.example")])
def test_a_variable_without_a_meaning(
    cli: Cli, fal: FalServer, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    ran = cli("run", SCHNELL, "--prompt", "x")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {name}")


def test_a_file_that_cannot_be_saved(cli: Cli, fal: FalServer, tmp_path: Path) -> None:
    fal.plan(SCHNELL, output=output_of(DATA_URI))
    (tmp_path / "file").write_bytes(b"")
    ran = cli("run", SCHNELL, "--prompt", "x", "-o", f"{tmp_path}/{{stem}}/cat.png")
    assert ran.code == 6
    assert ran.out.startswith("images.0.url: ")  # it is paid for
    request_id = fal.requests("GET")[-1].path.split("/requests/")[1].split("/")[0]
    assert f"\n{SCHNELL}: request id {request_id}\n" in ran.err
    assert f" result {SCHNELL} {request_id}  has its output again\n" in ran.err


@pytest.mark.parametrize("template", ["file/cat.png", "file/{name}", "file/more/", "file/more", "file/a-{number}.png"])
def test_where_nothing_can_be_saved_nothing_is_sent(cli: Cli, fal: FalServer, tmp_path: Path, template: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    for command in (["run", SCHNELL, "--prompt", "x"], ["result", SCHNELL, "an-id"]):
        ran = cli(*command, "-o", f"{tmp_path}/{template}")
        assert ran == Ran(2, "", f"error: -o: {tmp_path / 'file'} is no folder\n")
    assert fal.seen == []


def test_a_folder_that_may_not_be_written_to(
    cli: Cli, fal: FalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("os.access", lambda path, _mode: asked.append(str(path)))  # root may write everywhere
    ran = cli("run", SCHNELL, "--prompt", "x", "-o", f"{tmp_path}/new/{{stem}}/{{name}}")
    assert ran == Ran(2, "", f"error: -o: the folder {tmp_path} may not be written to\n")
    assert (fal.seen, asked) == ([], [str(tmp_path)])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_ends_it_leaves_the_request_id(fal: FalServer, number: signal.Signals) -> None:
    gate = Gate()
    fal.plan(SCHNELL, states=[in_progress()], told=[["state", gate]])
    process = started("run", SCHNELL, "--prompt", "x", **settings(fal))
    try:
        until(lambda: gate.arrived, "nobody waits for the request")
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    finally:
        gate.open()
        process.kill()
    request_id = fal.requests("GET")[-1].path.split("/requests/")[1].split("/")[0]
    assert (process.returncode, out) == (130, "")
    assert f"{SCHNELL}: request id {request_id}\nfal goes on with it:\n" in err
    assert f" result {SCHNELL} {request_id}\n" in err
    assert f" cancel {SCHNELL} {request_id}\n" in err
    assert "Traceback" not in err


def test_ctrl_c_can_cancel(fal: FalServer) -> None:
    gate = Gate()
    fal.plan(SCHNELL, states=[in_progress()], told=[["state", gate]])
    process = started("run", SCHNELL, "--prompt", "x", "--cancel-on-interrupt", **settings(fal))
    try:
        until(lambda: gate.arrived, "nobody waits for the request")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        gate.open()
        process.kill()
    assert process.returncode == 130
    assert len(fal.requests("PUT", "/cancel")) == 1
    assert "cancel: CANCELLATION_REQUESTED" in err
    assert "fal goes on with it" not in err
