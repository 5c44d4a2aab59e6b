"""What each client knows of a call before anything is sent: tried, not read up."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from editors.language_server import LanguageServer, Program
from peers import peer_version
from trying import BEGINS, DATAMODEL, ENDPOINT, OFFICIAL, OPENAPI, TYPED, Trial, answer, sentence, short

if TYPE_CHECKING:
    from pathlib import Path

    from recorder import Recorder

pytestmark = pytest.mark.bench
TOPIC = "Before a call"


def calls(more: str) -> dict[str, str]:
    """The same submission with each client; `more` are inputs as keywords."""
    given = f"prompt='a cat', {more}"
    return {
        TYPED: f"return fal.flux_1.schnell.submit({given})",
        OFFICIAL: f"return fal_client.submit(ENDPOINT, arguments=dict({given}))",
        OPENAPI: f"return post.sync(client=client, body=Input({given}))",
        DATAMODEL: f"return client.default.post_fal_ai_flux_1_schnell(body=m.Flux1SchnellInput({given}))",
    }


@pytest.fixture(autouse=True)
def _versions(trial: Trial, recorder: Recorder) -> None:
    recorder.version(OPENAPI, peer_version(OPENAPI))


WRONG = {
    "a misspelt input": ("image_siz in place of image_size", "image_siz='square'"),
    "a value out of bounds": ("num_images=99, of which the document allows 4", "num_images=99"),
    "a value that is no member of an enum": ("image_size='squar'", "image_size='squar'"),
    "a wrong type": ("num_images='two'", "num_images='two'"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_input(trial: Trial, recorder: Recorder, what: str) -> None:
    told, more = WRONG[what]
    found = trial.each(calls(more))
    shown = ("tests/pinned/test_refused.py", "tests/runtime/inputs/test_validate.py")
    recorder.feature(
        f"Refuses {what} before it is sent",
        topic=TOPIC,
        tried=f"Submitted with {told}.",
        answers=[answer(who, bool(one.error) and not one.seen, one.told, *shown) for who, one in found.items()],
    )
    assert "nothing was sent" in found[TYPED].error
    assert not found[TYPED].seen


# Of each: a right call, one with a misspelt input, and the width of a picture of the output.
TYPED_PROGRAMS = {
    TYPED: """
fal.flux_1.schnell.subscribe(prompt="a cat", image_size="square")
fal.flux_1.schnell.subscribe(prompt="a cat", image_siz="square")
reveal_type(fal.flux_1.schnell.subscribe(prompt="a cat").images[0].width)
""",
    OFFICIAL: """
fal_client.subscribe(ENDPOINT, arguments={"prompt": "a cat", "image_size": "square"})
fal_client.subscribe(ENDPOINT, arguments={"prompt": "a cat", "image_siz": "square"})
reveal_type(fal_client.subscribe(ENDPOINT, arguments={"prompt": "a cat"})["images"][0]["width"])
""",
    OPENAPI: """
post.sync(client=client, body=Input(prompt="a cat", image_size=Size.SQUARE))
post.sync(client=client, body=Input(prompt="a cat", image_siz=Size.SQUARE))
reveal_type(get.sync("id", client=client).images[0].width)
""",
    DATAMODEL: """
client.default.post_fal_ai_flux_1_schnell(body=m.Flux1SchnellInput(prompt="a cat", image_size=m.ImageSize1.square))
client.default.post_fal_ai_flux_1_schnell(body=m.Flux1SchnellInput(prompt="a cat", image_siz=m.ImageSize1.square))
reveal_type(client.default.get_fal_ai_flux_1_schnell_requests_by_request_id(request_id="id").images[0].width)
""",
}


def pyright(trial: Trial, who: str, folder: Path) -> dict[int, list[str]]:
    """What pyright says of each line of a program behind its beginning, from 1."""
    folder.mkdir()
    (folder / "program.py").write_text(BEGINS[who] + TYPED_PROGRAMS[who], encoding="utf-8")
    settings = {"extraPaths": [str(trial.paths[who])], "typeCheckingMode": "basic"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", trial.python(who), "-p", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: dict[int, list[str]] = {1: [], 2: [], 3: []}
    for one in json.loads(done.stdout)["generalDiagnostics"]:
        line = one["range"]["start"]["line"] - BEGINS[who].count("\n")
        if line > 0 and one.get("rule") != "reportOptionalMemberAccess":
            found[line].append(one["message"])
    return found


def judged(right: list[str], wrong: list[str]) -> tuple[str, str]:
    """Whether a misspelt input is refused, and a right one is not."""
    named = [one for one in wrong if '"image_siz"' in one]
    seen = sentence(f"Of the misspelt call: {short(named[0])}") if named else "Of the misspelt call: nothing."
    if right:
        seen += sentence(f" Of the right one: {short(right[0])}")
    return "no" if not named else "partly" if right else "yes", seen


def test_type_checkers(trial: Trial, recorder: Recorder, tmp_path: Path) -> None:
    found = {who: pyright(trial, who, tmp_path / who) for who in TYPED_PROGRAMS}
    misspelt = {who: judged(said[1], said[2]) for who, said in found.items()}
    recorder.feature(
        "A type checker refuses a misspelt input, and no right one",
        topic=TOPIC,
        tried="pyright, of a program with image_siz in place of image_size.",
        answers=[answer(who, *told, "tests/pinned/test_static.py") for who, told in misspelt.items()],
    )
    types = {who: said[3][-1].rpartition(" is ")[2].strip('"') for who, said in found.items()}
    recorder.feature(
        "A type checker knows the output",
        topic=TOPIC,
        tried="pyright, asked for the type of the width of the first picture.",
        answers=[
            answer(who, "int" in told, f"It is {told}.", "tests/pinned/test_static.py") for who, told in types.items()
        ],
    )
    assert misspelt[TYPED][0] == "yes"
    assert "int" in types[TYPED]


# Where somebody types an input.
TYPING = {
    TYPED: "fal.flux_1.schnell.subscribe(",
    OFFICIAL: "fal_client.subscribe(ENDPOINT, arguments={",
    OPENAPI: "post.sync(client=client, body=Input(",
    DATAMODEL: "client.default.post_fal_ai_flux_1_schnell(body=m.Flux1SchnellInput(",
}


def offered(trial: Trial, who: str, code: str, folder: Path) -> list[str]:
    """What an editor with pyright offers at the end of a program."""
    folder.mkdir()
    with LanguageServer(folder, trial.paths[who]) as server:
        program = Program(server, folder / "program.py", BEGINS[who])
        program.wait()
        program.type(code)
        return program.offered()


def test_editors(trial: Trial, recorder: Recorder, tmp_path: Path) -> None:
    shown = "tests/editors/test_pyright.py"
    inputs = {who: offered(trial, who, code, tmp_path / who) for who, code in TYPING.items()}
    endpoints = {
        who: offered(trial, who, code, tmp_path / f"{who} endpoints")
        for who, code in {TYPED: "fal.", OFFICIAL: "fal_client."}.items()
    }
    recorder.feature(
        "An editor offers the inputs",
        topic=TOPIC,
        tried="pyright's language server, asked for what may be typed where an input is expected.",
        answers=[answer(who, *among("num_inference_steps", found), shown) for who, found in inputs.items()],
    )
    recorder.feature(
        "An editor offers the endpoints",
        topic=TOPIC,
        tried="pyright's language server, asked for what may stand behind the client's name and a dot.",
        answers=[answer(who, *among("flux_1", found), shown) for who, found in endpoints.items()],
    )
    assert among("num_inference_steps", inputs[TYPED])[0]
    assert among("flux_1", endpoints[TYPED])[0]


def among(word: str, offered: list[str]) -> tuple[bool, str]:
    """Whether a word was offered, as such or as a keyword."""
    is_there = word in {one.rstrip("=") for one in offered}
    return is_there, f"{word} was {'' if is_there else 'not '}among the {len(offered)} words that were offered."


def test_an_input_that_came_yesterday(trial: Trial, recorder: Recorder) -> None:
    """Not in the document that a client was made of: what is checked is refused."""
    plain = trial.each({who: code for who, code in calls("new_input=1").items() if who in (TYPED, OFFICIAL)})
    option = "return fal.flux_1.schnell.with_options(extra_input={'new_input': 1}).submit(prompt='a cat')"
    asked = trial.of(TYPED, option)
    sent, theirs = ("new_input" in one.arrived for one in plain.values())
    by_option = "new_input" in asked.arrived
    seen = f"{plain[TYPED].told} With extra_input: {asked.arrived}"
    verdict = "yes" if sent else "partly" if by_option else "no"
    recorder.feature(
        "Sends an input that fal added since",
        topic=TOPIC,
        tried=f"Submitted to {ENDPOINT} with new_input=1, of which its document says nothing.",
        answers=[
            answer(TYPED, verdict, seen, "tests/runtime/calls/test_endpoint.py"),
            answer(OFFICIAL, theirs, plain[OFFICIAL].told),
        ],
    )
    assert by_option


def test_an_endpoint_without_a_document(trial: Trial, recorder: Recorder) -> None:
    programs = {
        TYPED: "return fal.endpoint('someone/new-model').submit({'prompt': 'a cat'})",
        OFFICIAL: "return fal_client.submit('someone/new-model', arguments={'prompt': 'a cat'})",
    }
    found = trial.each(programs)
    recorder.feature(
        "Calls an endpoint that it knows nothing of",
        topic=TOPIC,
        tried="Submitted to someone/new-model.",
        answers=[
            answer(who, one.submitted == 1, one.told, "tests/runtime/calls/test_endpoint.py")
            for who, one in found.items()
        ],
    )
    assert found[TYPED].submitted == 1
