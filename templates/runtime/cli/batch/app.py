"""`batch` and its commands."""

# design: How are many jobs given on the command line?

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from .. import catalog
from ..command import AsJson, Command, Endpoint, Priority, Timeout
from ..exits import TABLE

batch = typer.Typer(
    name="batch",
    help="Call an endpoint for each line of a file, and pay for each once: a journal knows what is done.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=TABLE,
)
Format = Literal["jsonl", "csv"]
State = Literal["claimed", "sending", "submitted", "done", "failed", "unclear"]
At = Annotated[
    str,
    typer.Option(
        "--journal",
        metavar="PATH|URL",
        help="The journal: a file of SQLite, or postgresql://…",
    ),
]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The job's key, as `batch status` shows it.")]
OfState = Annotated[State | None, typer.Option("--state", help="Only jobs in this state.")]
OfEndpoint = Annotated[
    str | None,
    typer.Option("--endpoint", metavar="ENDPOINT", help="Only jobs of this one.", autocompletion=catalog.complete),
]


@batch.command(cls=Command)
def run(
    endpoint: Endpoint,
    jobs: Annotated[
        str,
        typer.Argument(metavar="FILE|-", help="A JSON object a line, or a table (.csv) whose first row names inputs."),
    ],
    journal: At,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="Save files there: a folder, or a path with {key}, {index}, {request_id}, {name}, {stem}, {ext} …",
        ),
    ] = None,
    format: Annotated[Format | None, typer.Option(help="What the file is, where its name does not tell.")] = None,
    check_all: Annotated[bool, typer.Option("--check-all", help="Check all lines before the first is sent.")] = False,
    window: Annotated[int | None, typer.Option(metavar="NUMBER", help="How many at once.  [default: 20]")] = None,
    max_in_flight: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="How many at once of all programs with this journal.")
    ] = None,
    ordered: Annotated[bool, typer.Option("--ordered", help="Print jobs in the order of the lines.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try again what failed before.")] = False,
    resubmit_after: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="Send anew what fal's history does not show so long after it was sent; else it stays unclear.",
        ),
    ] = None,
    salt: Annotated[str | None, typer.Option(metavar="TEXT", help="Makes the jobs others than without it.")] = None,
    dedupe: Annotated[bool, typer.Option("--dedupe", help="Do equal lines once.")] = False,
    max_cost: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="Stop before the call that would cost more in all.")
    ] = None,
    max_errors: Annotated[int | None, typer.Option(metavar="NUMBER", help="Stop after more errors than these.")] = None,
    stop_after: Annotated[int | None, typer.Option(metavar="NUMBER", help="Stop after so many calls.")] = None,
    timeout: Timeout = None,
    priority: Priority = None,
    json: AsJson = False,
) -> None:
    """Call an endpoint for each line of a file.

    Type the same command again to go on: what is done is not asked for, and what was submitted is picked up. A file's
    path is uploaded where the endpoint takes a file.
    """
    from .run import Plan
    from .run import run as ran

    said: dict[str, Any] = {
        "window": window,
        "max_in_flight": max_in_flight,
        "resubmit_after": resubmit_after,
        "salt": salt,
        "max_cost": max_cost,
        "max_errors": max_errors,
        "stop_after": stop_after,
        "download": output,
        "ordered": ordered or None,
        "retry": retry or None,
        "dedupe": dedupe or None,
    }
    plan = Plan(journal, said, {"timeout": timeout, "priority": priority}, format, check_all, json)
    raise typer.Exit(ran(endpoint, jobs, plan))


@batch.command(cls=Command)
def status(journal: At, json: AsJson = False) -> None:
    """Count the jobs of a journal, and tell what to do about those that failed or are unclear."""
    from .kept import status as told

    raise typer.Exit(told(journal, as_json=json))


@batch.command(cls=Command)
def retry(
    journal: At,
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]…", help="Which; all that failed if none.")] = None,
) -> None:
    """Have jobs that failed be tried again by the next `batch run`."""
    from .kept import retry as retried

    raise typer.Exit(retried(journal, keys or []))


@batch.command(cls=Command)
def export(
    journal: At,
    output: Annotated[str, typer.Option("--output", "-o", metavar="PATH|-", help="Where to.")] = "-",
    format: Annotated[Format | None, typer.Option(help="By default what the path ends in, else jsonl.")] = None,
    state: OfState = None,
    endpoint: OfEndpoint = None,
) -> None:
    """Write the jobs of a journal, with inputs and outputs, as JSON lines or as CSV."""
    from .kept import export as exported

    raise typer.Exit(exported(journal, output, format, {"state": state, "endpoint": endpoint}))


@batch.command(cls=Command)
def adopt(
    key: Key, request_id: Annotated[str, typer.Argument(help="The request that it is, by fal's history.")], journal: At
) -> None:
    """Say which request of fal's an unclear job is; the next `batch run` waits for it."""
    from .kept import adopt as adopted

    raise typer.Exit(adopted(journal, key, request_id))


@batch.command(cls=Command)
def forget(key: Key, journal: At) -> None:
    """Remove a job, which the next `batch run` sends anew: for one that is unclear, and that fal does not have."""
    from .kept import forget as forgotten

    raise typer.Exit(forgotten(journal, key))
