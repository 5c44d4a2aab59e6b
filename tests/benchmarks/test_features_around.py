"""What each client does with streams, logs, files and all that stands around a call: tried, or looked for by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fal_server import Reply, faults
from fal_server.plan import completed, in_progress, queued
from fal_server.stream import event
from peers import peer_version
from pinned.documents import document
from trying import DATAMODEL, ENDPOINT, OFFICIAL, OPENAPI, TYPED, Outcome, Trial, answer, count

if TYPE_CHECKING:
    from recorder import Recorder

pytestmark = pytest.mark.bench
RUNNING, FILES, AROUND = "While it runs", "Files", "Around a call"
STREAMS = "fal-ai/hidream-i1-full"

ASYNC = {
    TYPED: "return (await AsyncFal().flux_1.schnell.submit(prompt='a cat')).request_id",
    OFFICIAL: "return (await fal_client.submit_async(ENDPOINT, arguments={'prompt': 'a cat'})).request_id",
    OPENAPI: "return (await post.asyncio(client=client, body=Input(prompt='a cat'))).request_id",
    DATAMODEL: """
client = c.AsyncClient(base_url=os.environ["QUEUE"], api_key_auth=os.environ["FAL_KEY"])
return (await client.default.post_fal_ai_flux_1_schnell(body=m.Flux1SchnellInput(prompt='a cat'))).request_id
""",
}


def awaited(code: str) -> str:
    """The body of a function that runs this as a coroutine."""
    lines = "\n".join(f"    {line}" for line in code.strip().splitlines())
    return f"import asyncio\nasync def go():\n{lines}\nreturn asyncio.run(go())"


def test_async(trial: Trial, recorder: Recorder) -> None:
    recorder.version(OPENAPI, peer_version(OPENAPI))
    found = trial.each({who: awaited(code) for who, code in ASYNC.items()})
    recorder.feature(
        "Has an async twin",
        topic=AROUND,
        tried="Submitted with await.",
        answers=[
            answer(who, one.submitted == 1, one.told, "tests/runtime/test_client.py") for who, one in found.items()
        ],
    )
    assert found[TYPED].submitted == 1


LOGS = {
    TYPED: """
updates = []
fal.flux_1.schnell.with_options(logs=True, on_queue_update=updates.append).subscribe(prompt="a cat")
return [[line.message for line in one.logs] for one in updates if isinstance(one, fal_typed.InProgress)]
""",
    OFFICIAL: """
updates = []
fal_client.subscribe(ENDPOINT, {"prompt": "a cat"}, with_logs=True, on_queue_update=updates.append)
return [[line["message"] for line in one.logs] for one in updates if isinstance(one, fal_client.InProgress)]
""",
}


def test_logs(trial: Trial, recorder: Recorder) -> None:
    states = [queued(0), in_progress("loading"), in_progress("loading", "drawing"), completed("loading", "drawing")]
    found = trial.each(LOGS, lambda: {"states": states})
    lines = {who: [line for update in one.value or [] for line in update] for who, one in found.items()}
    seen = {who: f"Updates came with the lines {', '.join(each) or 'none'}." for who, each in lines.items()}
    shown = "tests/runtime/calls/test_logs.py"
    recorder.feature(
        "Tells the state and the log while a request runs",
        topic=RUNNING,
        tried="A request that logs two lines, loading and drawing, waited for with a callback.",
        answers=[answer(who, {"loading", "drawing"} <= {*each}, seen[who], shown) for who, each in lines.items()],
    )
    recorder.feature(
        "Tells each line of the log once",
        topic=RUNNING,
        tried="A request that logs two lines, loading and drawing, waited for with a callback.",
        answers=[answer(who, sorted(each) == ["drawing", "loading"], seen[who], shown) for who, each in lines.items()],
    )
    assert lines[TYPED] == ["loading", "drawing"]


STREAM = {
    TYPED: """
with fal.hidream_i1_full.stream(prompt="a cat") as events:
    return [len([*events]), type(events.output()).__name__]
""",
    OFFICIAL: """
events = [*fal_client.stream("fal-ai/hidream-i1-full", arguments={"prompt": "a cat"})]
return [len(events), type(events[-1]).__name__]
""",
}


def streamed(trial: Trial, who: str) -> Outcome:
    known = document(STREAMS)
    output = known.sample(known.output, full=True)
    trial.begin()
    trial.server.stream(f"{STREAMS}/stream", event({"images": []}), event(output))
    return trial.ended(trial.start(who, STREAM[who]))


def test_streams(trial: Trial, recorder: Recorder) -> None:
    found = {who: streamed(trial, who) for who in STREAM}
    values = {who: one.value or [0, ""] for who, one in found.items()}
    seen = {
        who: f"{count(number, 'event')} came, and the output is a {kind}." for who, (number, kind) in values.items()
    }
    recorder.feature(
        "Streams",
        topic=RUNNING,
        tried=f"Two events of {STREAMS}.",
        answers=[answer(who, values[who][0] == 2, seen[who], "tests/runtime/calls/test_stream.py") for who in values],
    )
    recorder.feature(
        "Gives a stream's output a type",
        topic=RUNNING,
        tried=f"Two events of {STREAMS}, the last of which is the output.",
        answers=[
            answer(who, kind not in ("dict", ""), seen[who], "tests/pinned/test_streaming.py")
            for who, (_, kind) in values.items()
        ],
    )
    refused = trial.each(STREAM, dict)  # the endpoint streams nothing now
    for who in refused:
        trial.begin()
        trial.server.plan(f"{STREAMS}/stream", always={"run": faults.model_error(422)})
        refused[who] = trial.ended(trial.start(who, STREAM[who]))
    recorder.feature(
        "Tells why a stream was refused",
        topic=RUNNING,
        tried="fal answered 422 with the detail It broke.",
        answers=[
            answer(who, "It broke" in one.error, one.raised, "tests/runtime/calls/test_stream.py")
            for who, one in refused.items()
        ],
    )
    assert values[TYPED][0] == 2
    assert "It broke" in refused[TYPED].error


TAKES_A_FILE = {
    TYPED: """
import os
from pathlib import Path
url = os.environ["URL"]
hosts = fal_typed.Hosts(run=f"{url}/run", queue=f"{url}/queue", rest=f"{url}/rest", cdn=f"{url}/cdn")
Path("cat.png").write_bytes(b"a picture")
with Fal(hosts=hosts) as fal:
    return fal.illusion_diffusion.submit(prompt="a cat", image_url=Path("cat.png")).request_id
""",
    OFFICIAL: """
from pathlib import Path
Path("cat.png").write_bytes(b"a picture")
given = {"prompt": "a cat", "image_url": Path("cat.png")}
return fal_client.submit("fal-ai/illusion-diffusion", arguments=given).request_id
""",
}
NAMED = """
import importlib, pkgutil
package = importlib.import_module({package!r})
modules = [one.name for one in pkgutil.walk_packages(package.__path__, {package!r} + ".")]
names = [*modules, *({package!r} + "." + one for one in dir(package))]
public = [one for one in sorted(set(names)) if not any(part.startswith("_") for part in one.split("."))]
return [one for one in public if any(word in one.lower() for word in {words!r})]
"""
PACKAGES = {TYPED: "fal_typed", OFFICIAL: "fal_client"}


def named(trial: Trial, *words: str) -> dict[str, list[str]]:
    """The public names of modules, and of what the package itself has, with one of some words in them."""
    found = {who: trial.of(who, NAMED.format(package=name, words=words)) for who, name in PACKAGES.items()}
    return {who: one.value for who, one in found.items()}


def told(names: list[str]) -> str:
    return f"It has {', '.join(names[:4])}{' …' if len(names) > 4 else ''}." if names else "It has no such name."


def test_files(trial: Trial, recorder: Recorder) -> None:
    found = trial.each(TAKES_A_FILE)
    by_hand = named(trial, "upload_file")
    verdicts = {
        who: "yes" if one.submitted == 1 and "/files/" in one.arrived else "partly" if by_hand[who] else "no"
        for who, one in found.items()
    }
    seen = {
        who: f"{one.told} {told(by_hand[who])}" if verdicts[who] == "partly" else one.told for who, one in found.items()
    }
    recorder.feature(
        "Takes a path where a model takes a file",
        topic=FILES,
        tried="A Path given for image_url; partly, where it can be uploaded by another call.",
        answers=[answer(who, verdicts[who], seen[who], "tests/runtime/files/test_input_files.py") for who in found],
    )
    assert verdicts[TYPED] == "yes"


DOWNLOAD = """
import os
return os.path.getsize(fal.flux_1.schnell.run(prompt="a cat").images[0].download("output.png"))
"""


def test_downloads(trial: Trial, recorder: Recorder) -> None:
    known = document(ENDPOINT)
    output = known.sample(known.output, full=True)
    output["images"][0]["url"] = f"{trial.server.storage.cdn_url}/files/output.png"
    trial.begin({"output": output})
    trial.server.storage.pages["output.png"] = Reply(200, b"a picture", {"content-type": "image/png"})
    saved = trial.ended(trial.start(TYPED, DOWNLOAD))
    theirs = named(trial, "download")[OFFICIAL]
    written, shown = f"It wrote {saved.value} of 9 bytes.", "tests/runtime/files/test_download_steps.py"
    recorder.feature(
        "Saves the files of an output",
        topic=FILES,
        tried="The first picture of an output, saved by a call of the client's; of fal-client, any name with download.",
        answers=[answer(TYPED, saved.value == 9, written, shown), answer(OFFICIAL, bool(theirs), told(theirs))],
    )
    assert saved.value == 9


# What is looked for by name: the words, and the tests that show ours.
LOOKED_FOR = {
    "Verifies webhook calls": (["webhook"], "tests/runtime/webhooks/test_verifier.py"),
    "A proxy that keeps the key from browsers": (["proxy"], "tests/runtime/proxy/test_frameworks.py"),
    "An offline fal for tests": (["testing", "fake"], "tests/testing/test_calls.py"),
    "Tracing": (["opentelemetry", "tracing"], "tests/runtime/events/test_tracing.py"),
    "Many calls, each in a journal": (["batch", "journal"], "tests/runtime/batch_map/test_map.py"),
    "Realtime over websockets": (["realtime", "ws_connect"], ""),
}


@pytest.mark.parametrize("name", LOOKED_FOR)
def test_what_it_comes_with(trial: Trial, recorder: Recorder, name: str) -> None:
    words, shown = LOOKED_FOR[name]
    found = named(trial, *words)
    recorder.feature(
        name,
        topic=AROUND,
        tried=f"Public names of the package and its modules with {' or '.join(words)}.",
        answers=[
            answer(who, bool(names), told(names), *([shown] if shown and names else [])) for who, names in found.items()
        ],
    )
    assert bool(found[TYPED]) == bool(shown)
