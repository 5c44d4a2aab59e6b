"""How texts become inputs, offline: numbers, words, JSON, files, and which inputs are refused in which words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from command_line import Ran
from fal_typed._runtime.calls.endpoint import dynamic_spec
from fal_typed._runtime.cli.exits import UsageProblemError
from fal_typed._runtime.cli.inputs import _place, input_of
from fal_typed._runtime.cli.text import first_sentence, lines_of, to_json
from fal_typed._runtime.errors import InvalidInputError
from fal_typed._runtime.inputs.spec import EndpointSpec
from fal_typed.testing import FakeFal, fake_fal
from typing_extensions import TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Cli = Callable[..., Ran]

SCHNELL, ILLUSION, OMNIGEN = "fal-ai/flux-1/schnell", "fal-ai/illusion-diffusion", "fal-ai/omnigen-v2"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def fake() -> Iterator[FakeFal]:
    with fake_fal() as fake:
        yield fake


SENT: dict[str, tuple[list[str], dict[str, Any]]] = {
    "a number where any text goes": (["--prompt", "4"], {"prompt": "4"}),
    "JSON where any text goes": (["--prompt", '{"a": 1}'], {"prompt": '{"a": 1}'}),
    "a name of a file where any text goes": (["--prompt", "@x"], {"prompt": "@x"}),
    "a dash where any text goes": (["--prompt", "-"], {"prompt": "-"}),
    "a number": (["--prompt", "x", "--seed", "7"], {"prompt": "x", "seed": 7}),
    "null": (["--prompt", "x", "--seed", "null"], {"prompt": "x", "seed": None}),
    "a word": (["--prompt", "x", "--image-size=square"], {"prompt": "x", "image_size": "square"}),
    "an object": (
        ["--prompt", "x", "--image-size", '{"width": 8, "height": 16}'],
        {"prompt": "x", "image_size": {"width": 8, "height": 16}},
    ),
    "a flag, and what says no": (
        ["--prompt", "x", "--sync-mode", "--no-enable-safety-checker"],
        {"prompt": "x", "sync_mode": True, "enable_safety_checker": False},
    ),
    "all of it, and an option": (["--input", '{"prompt": "x", "seed": 1}', "--seed", "2"], {"prompt": "x", "seed": 2}),
}


@pytest.mark.parametrize("how", SENT)
def test_what_is_sent(cli: Cli, fake: FakeFal, how: str) -> None:
    arguments, sent = SENT[how]
    assert cli("run", SCHNELL, *arguments).code == 0
    assert fake.calls[-1].input == sent


def test_json_of_files_and_of_stdin(cli: Cli, fake: FakeFal, tmp_path: Path) -> None:
    (tmp_path / "size.json").write_text('\ufeff{"width": 8, "height": 16}', encoding="utf-8")
    for arguments, stdin in (
        (["--image-size", f"@{tmp_path / 'size.json'}"], b""),
        (["--image-size", "-"], b'{"width": 8, "height": 16}'),
        (["--input", "-"], b'{"image_size": {"width": 8, "height": 16}}'),
    ):
        assert cli("run", SCHNELL, "--prompt", "x", *arguments, stdin=stdin).code == 0
        assert fake.calls[-1].input == {"prompt": "x", "image_size": {"width": 8, "height": 16}}


def test_paths_of_files_are_uploaded(cli: Cli, fake: FakeFal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "photo.png").write_bytes(PICTURE)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "all.json").write_text(json.dumps({"input_image_urls": [str(tmp_path / "photo.png")]}))
    for arguments in (
        [ILLUSION, "--image-url", str(tmp_path / "photo.png")],
        [ILLUSION, "--image-url", "~/photo.png"],
        [ILLUSION, "--image-url", "-"],
        [OMNIGEN, "--input-image-urls", str(tmp_path / "photo.png"), "--input-image-urls", "https://a.example/b.png"],
        [OMNIGEN, "--input", f"@{tmp_path / 'all.json'}"],
        [OMNIGEN, "--input-image-urls", json.dumps([str(tmp_path / "photo.png")])],
    ):
        before = len(fake.uploads)
        ran = cli("run", *arguments, "--prompt", "x", stdin=PICTURE)
        assert (ran.code, ran.err) == (0, "")
        assert [one.content for one in fake.uploads[before:]] == [PICTURE]
        assert fake.uploads[-1].url in json.dumps(fake.calls[-1].input)


def test_a_list_is_read_in_one_way(cli: Cli, fake: FakeFal, tmp_path: Path) -> None:
    one, two, three = (f"https://a.example/{each}.png" for each in "123")
    (tmp_path / "more.json").write_text(json.dumps([two, three]))
    for arguments in (
        [f"@{tmp_path / 'more.json'}"],
        [one, f"@{tmp_path / 'more.json'}"],
        [json.dumps([one, two]), three],
        [one, two, "-"],
        [one, two, three],
    ):
        options = [word for each in arguments for word in ("--input-image-urls", each)]
        assert cli("run", OMNIGEN, "--prompt", "x", *options, stdin=json.dumps([three]).encode()).code == 0
        count = 2 if len(arguments) == 1 else 3
        assert fake.calls[-1].input["input_image_urls"] == [one, two, three][-count:]
    ran = cli("run", OMNIGEN, "--prompt", "x", "--input-image-urls", one, "--input-image-urls", "[oh")
    assert (ran.code, ran.err[:40]) == (2, "error: --input-image-urls: not JSON: Exp")


def test_the_value_of_an_option_is_no_endpoint(cli: Cli, fake: FakeFal) -> None:
    other = "fal-ai/imagen4/preview"
    fake.endpoint("acme/y").returns({})
    for arguments in (
        ["run", "--prompt", other, SCHNELL, "--num-inference-steps", "3"],
        ["run", "--num-inference-steps", "3", f"--prompt={other}", SCHNELL],
        ["run", "--num-inference-steps", "3", "--prompt", other, "--", SCHNELL],
        ["run", SCHNELL, "--prompt", other, "--num-inference-steps", "3"],
    ):
        assert cli(*arguments).code == 0
        assert fake.calls[-1].endpoint_id == SCHNELL
        assert fake.calls[-1].input == {"prompt": other, "num_inference_steps": 3}
    assert cli("run", "--prompt", SCHNELL, SCHNELL).code == 0
    assert fake.calls[-1].input == {"prompt": SCHNELL}
    before = len(fake.calls)
    for arguments in (
        ["acme/y", "--prompt", SCHNELL, "--input", '{"a": 1}'],
        ["--input", '{"a": 1}', "--prompt", SCHNELL, "acme/y"],
        ["acme/y", SCHNELL, "--prompt", "x"],
    ):
        ran = cli("run", *arguments)
        assert (ran.code, ran.out, len(fake.calls)) == (2, "", before)
        assert "--prompt" in ran.err or "one that it has not takes --input JSON" in ran.err


def test_options_as_in_python(cli: Cli, fake: FakeFal) -> None:
    assert cli("run", SCHNELL, "--prompt", "--image_size", "--image_size", "square", "--no-sync_mode").code == 0
    assert fake.calls[-1].input == {"prompt": "--image_size", "image_size": "square", "sync_mode": False}
    for arguments in (["--sync-mode", "true"], ["--sync_mode=False"], ["--no-sync-mode", "True"]):
        ran = cli("run", SCHNELL, "--prompt", "x", *arguments)
        said = "error: --sync-mode takes no word behind it: --sync-mode says true, --no-sync-mode false\n"
        assert ran == Ran(2, "", said)


REFUSED: dict[str, tuple[list[str], str]] = {
    "what is missing": ([], "--prompt: is required"),
    "no number": (["--num-images", "two"], "--num-images: must be an integer; got 'two'"),
    "a number out of range": (["--num-images", "9"], "--num-images: must be at most 4; got 9"),
    "a number that JSON has not": (["--seed", "NaN"], "--seed: must be an integer"),
    "a part of an object": (["--image-size", '{"width": "x"}'], "--image-size"),
    "an unknown input": (["--input", '{"image_siz": 1}'], "image_siz: is not an input of this endpoint; did you mean"),
}


@pytest.mark.parametrize("how", REFUSED)
def test_what_is_refused(cli: Cli, fake: FakeFal, how: str) -> None:
    arguments, said = REFUSED[how]
    ran = cli("run", SCHNELL, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: the input is not what {SCHNELL} takes; nothing was sent\n")
    assert f"\n  {said}" in ran.err
    assert len(fake.calls) == 0


def test_a_path_that_leads_nowhere(cli: Cli, fake: FakeFal, tmp_path: Path) -> None:
    ran = cli("run", ILLUSION, "--prompt", "x", "--image-url", "nosuch.png")
    assert ran.code == 2
    assert "  --image-url: must be the path of a file that is there, a URL or a data URI; got 'nosuch.png'\n" in ran.err


def test_a_file_called_as_a_wrong_word_is_no_file(
    cli: Cli, fake: FakeFal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "squre").write_bytes(b"")
    ran = cli("run", SCHNELL, "--prompt", "x", "--image-size", "squre")
    assert (ran.code, len(fake.uploads)) == (2, 0)
    assert "; got 'squre'" in ran.err


@pytest.mark.parametrize(
    ("whole", "stdin", "said"),
    [
        ("{", b"", "--input: not JSON: "),
        ("[1]", b"", "--input: a JSON object is wanted"),
        ("@nosuch.json", b"", "--input: nosuch.json: No such file"),
        ("-", b"\xff", "--input: stdin: not JSON: it is no text in UTF-8"),
        ("-", b'{"a": Infinity}', "--input: stdin: not JSON: JSON has no Infinity"),
        ("[" * 100_000, b"", "--input: nested too deeply"),
    ],
)
def test_what_is_no_json(cli: Cli, fake: FakeFal, whole: str, stdin: bytes, said: str) -> None:
    ran = cli("run", SCHNELL, "--input", whole, stdin=stdin)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {said}")


def test_stdin_is_read_once(cli: Cli, fake: FakeFal) -> None:
    ran = cli("run", SCHNELL, "--input", "-", "--image-size", "-", stdin=b"{}")
    assert (ran.code, ran.err) == (2, "error: --image-size: --input has read stdin already\n")


def test_an_endpoint_that_was_not_generated(cli: Cli, fake: FakeFal) -> None:
    fake.endpoint("me/my-app").returns({"greeting": "Hello, \x1b[1mAda"})
    ran = cli("run", "me/my-app", "--input", '{"name": "Ada"}')
    assert ran == Ran(0, "greeting: Hello, \\x1b[1mAda\n", "")
    assert fake.calls[-1].input == {"name": "Ada"}
    ran = cli("run", "me/my-app", "--name", "Ada")
    assert ran.code == 2
    assert "one that it has not takes --input JSON" in ran.err
    assert cli("run", "my-app", "--input", "{}").err.startswith("error: 'my-app' is not an endpoint id")


def test_an_input_that_nobody_described() -> None:
    assert input_of(dynamic_spec("me/my-app"), {}, '{"a": [1]}') == {"a": [1]}
    assert input_of(dynamic_spec("me/my-app"), {}, None) == {}
    with pytest.raises(UsageProblemError):
        input_of(dynamic_spec("me/my-app"), {}, "1")


class Inner(TypedDict):
    c: str


@pytest.mark.parametrize("name", ["a.b", "a.1", "a.0.b"])
def test_a_problem_behind_a_point_that_is_part_of_a_name(name: str) -> None:
    """The place could be in the list as well, and is not: there is no such item."""
    given: Any = TypedDict("Input", {"a": list[str], name: Inner}, total=False)  # type: ignore[misc]
    spec = EndpointSpec("me/app", input=given)
    with pytest.raises(InvalidInputError) as caught:
        input_of(spec, {}, json.dumps({"a": ["x"], name: {}}))
    assert [(each.path, each.message) for each in caught.value.problems] == [(f"{name}.c", "is required")]


def test_of_two_names_that_a_place_may_begin_with_it_is_the_longer_one() -> None:
    assert _place({"a": {"b": {"c": 1}}, "a.b": {"c": 1}}, "a.b.c") == ["a.b", "c"]


# What is printed.


def test_what_is_long_is_cut_and_said_to_be() -> None:
    value = {
        "a": {"b": [1, 2]},
        "uri": "data:image/png;base64," + "A" * 5000,
        "text": "x" * 5000,
        "n": list(range(900)),
    }
    lines = lines_of(value)
    assert lines[0] == "a.b: [1, 2]"
    assert lines[1] == f"uri: data:image/png;base64,{'A' * 18}… (5,022 characters)"
    assert max(map(len, lines)) < 1100
    assert lines_of("x" * 1000) == ["x" * 1000]
    assert lines_of("x" * 1001) == ["x" * 1000 + "… (1,001 characters)"]
    assert lines_of([]) == ["[]"]
    assert lines_of("x\ny") == ["x\\ny"]


def test_deep_outputs_are_printed() -> None:
    value: Any = 1
    for _ in range(3000):
        value = [value, "x"]
    assert lines_of(value)[-1] == "1: x"
    assert to_json(value, None).startswith("[" * 3000 + "1")
    assert to_json([float("nan")], None) == "[null]"


def test_json_steers_no_terminal() -> None:
    text = to_json({"a": "\x1b[31m\u202e\ud800é\n"})
    assert text.replace("\n", "").isprintable()
    assert json.loads(text) == {"a": "\x1b[31m\u202e\ud800é\n"}


def test_first_sentences() -> None:
    assert first_sentence("Makes a picture, e.g. Of a cat.\nIt is  fast.") == "Makes a picture, e.g. Of a cat."
    assert first_sentence("x" * 300, 10) == "xxxxxxxxx…"
