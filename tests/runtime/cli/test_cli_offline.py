"""What needs no network: help, `search`, `show`, and what a shell completes."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import reduce
from typing import TYPE_CHECKING, Any

import pytest
import typer.main
from command_line import GENERATED, Ran
from fal_typed import Fal
from fal_typed._registry import ENDPOINTS
from fal_typed._runtime.cli import app, options, program, text
from fal_typed._runtime.cli.exits import TABLE
from fal_typed._runtime.inputs_told.rows import InputRow
from fal_typed.endpoints.flux_1.schnell import Flux1Schnell

if TYPE_CHECKING:
    from collections.abc import Callable

    Cli = Callable[..., Ran]


def words(text: str) -> str:
    return " ".join(text.split())


def test_help_says_how_it_ends(cli: Cli) -> None:
    ran = cli("--help")
    assert (ran.code, ran.err) == (0, "")
    assert words(TABLE) in words(ran.out)


@pytest.mark.parametrize("group", [[], ["batch"]])
def test_commands_without_one_are_listed(cli: Cli, group: list[str]) -> None:
    ran = cli(*group)
    assert ran.code == 2
    assert "Missing command" not in ran.err
    assert words(ran.out + ran.err) == words(cli(*group, "--help").out)


@pytest.mark.parametrize("command", ["run", "submit"])
def test_help_of_an_endpoint_lists_its_inputs(cli: Cli, command: str) -> None:
    ran = cli(command, "fal-ai/flux-1/schnell", "--help")
    text = words(ran.out)
    assert ran.code == 0
    assert "--prompt TEXT The prompt to generate an image from. [required]" in text
    assert "[default: landscape_4_3; one of: square_hd, square, portrait_4_3," in text
    assert "--num-images INTEGER The number of images to generate. [default: 1; 1 to 4]" in text
    assert "--sync-mode / --no-sync-mode" in text
    assert text.index("Inputs:") < text.index("--prompt") < text.index("Options:") < text.index("--json")


@pytest.mark.sampled(4)
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_endpoint_is_shown_and_has_its_options(cli: Cli, endpoint: str) -> None:
    shown, helped = cli("show", endpoint), cli("run", endpoint, "--help")
    assert (shown.code, helped.code, shown.err, helped.err) == (0, 0, "", "")
    names = [line.split()[0] for line in table(shown.out, "INPUT")]
    assert "prompt" in names
    assert all(f"--{name.replace('_', '-')}" in helped.out for name in names)
    called = shown.out.partition("  fal.")[2].partition(".subscribe(")[0]
    assert isinstance(reduce(getattr, called.split("."), Fal("id:secret")), type(Fal("id:secret").endpoints[endpoint]))


def table(text: str, first: str) -> list[str]:
    """The rows of a table, without those that go on."""
    lines = text.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(f"{first} "))
    end = lines.index("", start)
    return [line for line in lines[start + 1 : end] if not line.startswith(" ")]


def test_show_has_all_that_is_known(cli: Cli) -> None:
    ran = cli("show", "fal-ai/flux-1/schnell")
    assert ran.out.startswith("fal-ai/flux-1/schnell: text-to-image\n")
    by_name = {line.split()[0]: words(line) for line in table(ran.out, "INPUT")}
    assert by_name["prompt"] == "prompt str required The prompt to generate an image from."
    assert by_name["num_images"] == "num_images int 1 1 to 4 The number of images to generate."
    assert '"landscape_16_9" | ImageSize "landscape_4_3"' in by_name["image_size"]
    assert [line.split()[0] for line in table(ran.out, "OUTPUT")][:2] == ["images", "timings"]
    assert " run fal-ai/flux-1/schnell --prompt 'Extreme close-up of a" in ran.out
    assert "fal.flux_1.schnell.subscribe(prompt='Extreme close-up of a" in ran.out


def test_a_deprecated_endpoint_says_so(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Flux1Schnell.subscribe, "__deprecated__", "gone since \x1b[1mMay", raising=False)
    assert "\n\nDeprecated: gone since \\x1b[1mMay\n" in cli("show", "fal-ai/flux-1/schnell").out
    ran = cli("run", "fal-ai/flux-1/schnell")
    assert ran.err.startswith("deprecated: gone since \\x1b[1mMay\nerror: the input ")


def test_show_for_programs(cli: Cli) -> None:
    told = json.loads(cli("show", "fal-ai/flux-1/schnell", "--json").out)
    assert (told["id"], told["attribute"]) == ("fal-ai/flux-1/schnell", "flux_1.schnell")
    assert told["input"]["properties"]["num_images"]["maximum"] == 4


def test_an_unknown_endpoint(cli: Cli) -> None:
    for command in (["show", "fal-ai/flux-1/schnel"], ["run", "fal-ai/flux-1/schnel", "--prompt", "x"]):
        ran = cli(*command)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(
            "error: fal_typed has no endpoint 'fal-ai/flux-1/schnel'; did you mean 'fal-ai/flux-1/schnell'?"
        )


@pytest.mark.parametrize(
    ("asked", "first", "count"),
    [
        (["flux"], "fal-ai/flux-1/schnell", None),
        (["RECRAFT", "image"], "fal-ai/recraft/v2/text-to-image", 1),
        (["imagen4"], "fal-ai/imagen4/preview", 2),
        ([], "fal-ai/f-lite/standard", len(ENDPOINTS)),
        (["--category", "text-to-image", "nucleus"], "fal-ai/nucleus-image", 1),
    ],
)
def test_search(cli: Cli, asked: list[str], first: str, count: int | None) -> None:
    lines = cli("search", *asked).out.splitlines()
    assert lines[0].split() == ["ID", "CATEGORY", "WHAT", "IT", "IS"]
    assert lines[1].startswith(f"{first}  ")
    told = json.loads(cli("search", "--json", *asked).out)
    assert [one["id"] for one in told] == [line.split()[0] for line in lines[1:]]
    assert count is None or len(told) == count


def test_a_search_that_finds_nothing(cli: Cli) -> None:
    assert cli("search", "no-such-thing") == Ran(1, "", "nothing found: fewer words find more\n")
    assert cli("search", "--json", "no-such-thing") == Ran(1, "[]\n", "")


COMPLETED = {
    "run fal-ai/flux-1/": ["fal-ai/flux-1/schnell"],
    "show fal-ai/imagen4/preview": ["fal-ai/imagen4/preview", "fal-ai/imagen4/preview/fast"],
    "run fal-ai/flux-1/schnell --image-size squ": ["square_hd", "square"],
    "submit fal-ai/flux-1/schnell --prompt x --output-format ": ["jpeg", "png"],
    "run fal-ai/flux-1/schnell --num-im": ["--num-images"],
}


@pytest.mark.parametrize("typed", COMPLETED)
def test_a_shell_completes(typed: str) -> None:
    environment = {"COMP_WORDS": f"fal-typed {typed}", "COMP_CWORD": str(typed.count(" ") + 1)}
    code = "import sys; sys.argv = ['fal-typed']; from fal_typed.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(GENERATED), "_FAL_TYPED_COMPLETE": "complete_bash", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == COMPLETED[typed]


def test_inputs_never_have_the_name_of_another_option() -> None:
    names = ["json", "input", "output", "help", "prompt", "no_prompt", "_x", "input_json", "a_b", "a__b"]
    rows = [InputRow(name=name, type="bool", required=False) for name in names]
    made = options.options_of(rows)
    flags = [flag for one in made for flag in (one.flag, one.negative)]
    assert len({*flags, *options.TAKEN}) == len(flags) + len(options.TAKEN)
    assert [one.flag for one in made][:4] == ["--input-json", "--input-input", "--input-output", "--input-help"]


def test_all_options_of_the_commands_are_taken() -> None:
    commands: Any = typer.main.get_command(app.app)
    for name in ("run", "submit"):
        own = {flag for one in commands.commands[name].params for flag in one.opts if flag.startswith("-")}
        assert own <= options.TAKEN


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (["typer"], "needs typer: pip install typer"),
        (["typer", "rich"], "needs typer and rich: pip install typer rich"),
    ],
)
def test_without_the_extra(cli: Cli, monkeypatch: pytest.MonkeyPatch, missing: list[str], said: str) -> None:
    found = program.find_spec
    monkeypatch.setattr(program, "find_spec", lambda name: None if name in missing else found(name))
    ran = cli("--help")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_help_imports_no_endpoint() -> None:
    code = (
        "import sys; from fal_typed.cli import main; main(['--help']); "
        "print([one for one in sys.modules if one.split('.')[0] in ('httpx', 'pydantic') or '.endpoints.' in one])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(GENERATED)}, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_package_is_the_program_as_well() -> None:
    done = [
        subprocess.run(
            [sys.executable, "-m", module, "search", "--json"],
            env={"PYTHONPATH": str(GENERATED)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for module in ("fal_typed", "fal_typed.cli")
    ]
    assert done[0] == done[1] != ""


def test_the_skill_is_printed_as_it_lies_in_the_package(cli: Cli) -> None:
    ran = cli("skill")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (GENERATED / "fal_typed" / "_skill.md").read_text(encoding="utf-8")
    assert ran.out.startswith("---\nname: fal-typed\ndescription: ")
    assert len(ran.out.encode()) < 6_000


def test_a_package_without_the_skill_says_so(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "error: fal_typed has no _skill.md: a file of data, which is to be installed or generated with it\n"

    def missing(_package: str, _name: str) -> bytes:
        raise FileNotFoundError

    for how in (missing, lambda _package, _name: None):
        monkeypatch.setattr(text, "get_data", how)
        assert cli("skill") == Ran(6, "", said)


def test_the_skill_needs_nothing_but_the_package() -> None:
    code = (
        "import sys; from fal_typed.cli import main; main(['skill']); "
        "print([one for one in sys.modules if one.split('.')[0] in ('httpx', 'anyio') or '.endpoints.' in one])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={"PYTHONPATH": str(GENERATED)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
