"""The commands and their options."""

# design: What does the command line promise to scripts?

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.main import get_command

from . import catalog
from .batch.app import batch
from .command import AsJson, Command, Endpoint, EndpointCommand, Priority, Timeout, given_in
from .exits import FILES, TABLE
from .text import PACKAGE, SKILL, out, tell
from .text import skill as carried_skill

app = typer.Typer(
    name="fal-typed",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
    epilog=TABLE,
)

Target = Annotated[
    str,
    typer.Argument(
        metavar="ENDPOINT|@FILE|-",
        help="The endpoint's id; or @FILE or - with what `submit --json` printed.",
        autocompletion=catalog.complete,
    ),
]
RequestId = Annotated[str | None, typer.Argument(metavar="[REQUEST_ID]", help="The request's id.")]
Whole = Annotated[
    str | None,
    typer.Option("--input", metavar="JSON|@FILE|-", help="The input as a JSON object; options for inputs go first."),
]
SaveAs = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        help="Save the output's files there: a folder, or a path with {name}, {stem}, {ext}, {number}, {request_id}.",
    ),
]
Logs = Annotated[bool, typer.Option("--logs", help="Print the model's log lines, to stderr.")]


def _show_version(wanted: bool | None) -> None:
    if wanted:
        from importlib import import_module

        typer.echo(import_module(PACKAGE).__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool | None,  # None rather than False, which typer would import pydantic for
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version, and exit."),
    ] = None,
) -> None:
    """Call the models of fal.ai: find one, look at what it takes, run it. The key is that of FAL_KEY."""


@app.command(cls=Command)
def search(
    words: Annotated[list[str] | None, typer.Argument(help="All of them are wanted; none for all endpoints.")] = None,
    category: Annotated[str | None, typer.Option(help="Only these, e.g. text-to-image.")] = None,
    json: AsJson = False,
) -> None:
    """Find endpoints of the package by words, offline."""
    from .search import search as found

    raise typer.Exit(found(words or [], category, json))


@app.command(cls=Command)
def show(endpoint: Endpoint, json: AsJson = False) -> None:
    """Show what an endpoint takes and gives, offline."""
    from .show import show as shown

    raise typer.Exit(shown(endpoint, as_json=json))


@app.command(cls=Command)
def skill() -> None:
    """Print what a program that writes Python needs to know of the package, as a SKILL.md; offline."""
    text = carried_skill()
    if text is None:
        tell(f"error: {PACKAGE} has no {SKILL}: a file of data, which is to be installed or generated with it")
        raise typer.Exit(FILES)
    out(text)


@app.command(cls=EndpointCommand)
def run(
    context: typer.Context,
    endpoint: Endpoint,
    input: Whole = None,
    output: SaveAs = None,
    timeout: Timeout = None,
    logs: Logs = False,
    priority: Priority = None,
    cancel_on_interrupt: Annotated[
        bool, typer.Option("--cancel-on-interrupt", help="Ctrl-C has fal cancel the request.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Call an endpoint, and print its output.

    It goes through fal's queue, and is waited for.

    `run ENDPOINT --help` lists the inputs. A file's path is uploaded where the endpoint takes a file. Lists and
    objects are JSON: as they stand, in a file (@FILE), or from stdin (-).
    """
    from .calls import Wish
    from .calls import run as ran

    said = {"timeout": timeout, "logs": logs or None, "priority": priority}
    said["cancel_on_interrupt"] = cancel_on_interrupt or None
    raise typer.Exit(ran(endpoint, given_in(context), input, Wish(json, output, said)))


@app.command(cls=EndpointCommand)
def submit(
    context: typer.Context,
    endpoint: Endpoint,
    input: Whole = None,
    timeout: Timeout = None,
    webhook_url: Annotated[str | None, typer.Option(metavar="URL", help="Where fal posts the result.")] = None,
    priority: Priority = None,
    json: AsJson = False,
) -> None:
    """Put a request into fal's queue, and print its id.

    Inputs are given as to `run`.
    """
    from .calls import Wish
    from .calls import submit as submitted

    said = {"timeout": timeout, "webhook_url": webhook_url, "priority": priority}
    raise typer.Exit(submitted(endpoint, given_in(context), input, Wish(json, None, said)))


@app.command(cls=Command)
def status(target: Target, request_id: RequestId = None, logs: Logs = False, json: AsJson = False) -> None:
    """Print the state of a request."""
    from .calls import status as state

    raise typer.Exit(state(target, request_id, logs=logs, as_json=json))


@app.command(cls=Command)
def result(
    target: Target,
    request_id: RequestId = None,
    output: SaveAs = None,
    timeout: Timeout = None,
    json: AsJson = False,
) -> None:
    """Wait for a request, and print its output."""
    from .calls import Wish
    from .calls import result as waited

    raise typer.Exit(waited(target, request_id, Wish(json, output, {} if timeout is None else {"timeout": timeout})))


@app.command(cls=Command)
def cancel(target: Target, request_id: RequestId = None, json: AsJson = False) -> None:
    """Ask fal to drop a request, or to stop it."""
    from .calls import cancel as cancelled

    raise typer.Exit(cancelled(target, request_id, as_json=json))


app.add_typer(batch)


def run_app(arguments: list[str], name: str) -> int:
    """Run a command.

    Args:
        arguments: Those of the command line.
        name: How the program is called.

    Returns:
        The exit code.
    """
    command: Any = get_command(app)
    # A command by itself: for the options before it, which are none here, typer would import pydantic. (A shell that
    # completes gives no arguments, but variables.)
    while arguments and (alone := getattr(command, "commands", {}).get(arguments[0])) is not None:
        command, name, arguments = alone, f"{name} {arguments[0]}", arguments[1:]
    try:
        command(args=arguments, prog_name=name)
    except SystemExit as ended:  # so typer ends every command, with a number or with nothing
        return int(ended.code or 0)
    except OSError as error:  # of help, which cannot be written; those of commands are told there
        tell(f"error: {error}")
        return FILES
    return 0
