"""The commands, as typer runs them: each ends with an exit code, and two have the options of an endpoint."""

# design: Where do the options of an endpoint come from?

from __future__ import annotations

import itertools
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand

from ..errors import InvalidInputError
from . import catalog
from .exits import INTERRUPTED, UsageProblemError, code_of
from .text import PACKAGE, tell, visible

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from ..errors import InputProblem
    from .options import InputOption

# Parameters that several commands have.
Endpoint = Annotated[
    str,
    typer.Argument(metavar="ENDPOINT", help="An endpoint's id, as `search` finds it.", autocompletion=catalog.complete),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, to stdout.")]
Timeout = Annotated[float | None, typer.Option("--timeout", metavar="SECONDS", help="How long all of it may take.")]
Priority = Annotated[str | None, typer.Option(metavar="normal|low", help="fal's queue serves low ones last.")]
_OPTIONS, _PARAMETERS, _GIVEN = "fal.options", "fal.parameters", "fal.given"
_HELP = ("--help", "-h")


@contextmanager
def told(options: list[InputOption] | None = None) -> Generator[None]:
    """Turn what goes wrong into a line on stderr, and an exit code.

    Args:
        options: What the inputs are called on the command line.
    """
    try:
        yield
    except KeyboardInterrupt:
        tell("interrupted")
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        code = code_of(error)
        if code is None:
            raise
        tell(_message(error, options or []))
        for note in getattr(error, "__notes__", ()):
            tell(visible(str(note)))
        raise typer.Exit(code) from None


def _message(error: Exception, options: list[InputOption]) -> str:
    if isinstance(error, InvalidInputError):
        by_name = {option.row.name: option for option in options}
        lines = [f"error: the input is not what {error.endpoint} takes; nothing was sent"]
        lines += [f"  {_problem(each, by_name)}" for each in error.problems]
    else:
        lines = (str(error) or type(error).__name__).splitlines()
        lines[0] = f"error: {lines[0]}"
    return "\n".join(visible(line) for line in lines)


def _problem(problem: InputProblem, options: Mapping[str, InputOption]) -> str:
    """What is wrong, by the name of the option."""
    name, dot, rest = problem.path.partition(".")
    option = options.get(name)
    if option is None:
        return str(problem)
    told = file_in_words(problem, takes_file=option.row.takes_file)
    return str(replace(told, path=f"{option.flag}{dot}{rest}"))


def file_in_words(problem: InputProblem, *, takes_file: bool) -> InputProblem:
    """A problem; of a path that leads to no file as who wrote it sees it.

    Args:
        problem: With an input.
        takes_file: Whether that is a file.
    """
    if takes_file and problem.message.startswith("must be an http or https URL"):
        return replace(problem, message="must be the path of a file that is there, a URL or a data URI")
    return problem


class Command(TyperCommand):
    """A command whose errors are lines."""

    def invoke(self, ctx: Any) -> Any:
        """Run it."""
        with told():
            return super().invoke(ctx)


class EndpointCommand(Command):
    """A command about an endpoint, which has options for the endpoint's inputs."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Look for the endpoint first: it says which options there are."""
        with told():
            args = self._with_inputs(ctx, args)
        left: list[str] = super().parse_args(ctx, args)
        return left

    def _with_inputs(self, ctx: Any, args: list[str]) -> list[str]:
        """Give it the options of the endpoint among the arguments, and these as the parser takes them.

        Raises:
            UsageProblemError: There is none, and there are options which only an endpoint has.
        """
        own: list[Any] = super().get_params(ctx)
        modules = catalog.modules()
        for endpoint_id in dict.fromkeys(each for each in args if each in modules):
            options, made = _options(endpoint_id)
            read = _read(args, [*own, *made])
            if read.first in (endpoint_id, None):  # an option's value may be an id as well
                ctx.meta[_OPTIONS], ctx.meta[_PARAMETERS] = options, made
                return read.arguments
        read = _read(args, own)
        if not ctx.resilient_parsing:
            _refuse_inputs(args, read)
        return read.arguments

    def get_params(self, ctx: Any) -> list[Any]:
        """Its own, and those of the endpoint's inputs before them."""
        own: list[Any] = super().get_params(ctx)
        made: list[Any] = ctx.meta.get(_PARAMETERS, [])
        arguments = [one for one in own if one.param_type_name == "argument"]
        return [*arguments, *made, *(one for one in own if one not in arguments)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The inputs apart from the rest."""
        parts: dict[str, list[Any]] = {"Arguments": [], "Inputs": [], "Options": []}
        for one in self.get_params(ctx):
            is_input = str(one.name).startswith("input__")
            part = "Arguments" if one.param_type_name == "argument" else "Inputs" if is_input else "Options"
            if (record := one.get_help_record(ctx)) is not None:
                parts[part].append(record)
        for name, records in parts.items():
            if records:
                with formatter.section(name):
                    formatter.write_dl(records)

    def invoke(self, ctx: Any) -> Any:
        """Run it, with what was said of the inputs apart from its own parameters."""
        options: list[InputOption] = ctx.meta.get(_OPTIONS, [])
        values = [(option, ctx.params.pop(option.key, None)) for option in options]
        ctx.meta[_GIVEN] = {
            option.row.name: (option.flag, value)
            for option, value in values
            if value is not None and value not in ((), [])
        }
        with told(options):
            return super(Command, self).invoke(ctx)


def given_in(context: typer.Context) -> dict[str, tuple[str, Any]]:
    """What was said of the endpoint's inputs: flag and value, by name."""
    given: dict[str, tuple[str, Any]] = context.meta.get(_GIVEN, {})
    return given


class _Read(NamedTuple):
    """What the arguments are, by the options that there are.

    Attributes:
        first: The first that is neither an option nor one's value.
        arguments: All of them, `--image_size` as `--image-size`.
        is_strange: Whether there is an option that there is not.
    """

    first: str | None
    arguments: list[str]
    is_strange: bool


def _read(args: Sequence[str], parameters: Iterable[Any]) -> _Read:
    """Tell options, their values and words apart, as the parser will.

    Raises:
        UsageProblemError: A word stands behind an option that takes none.
    """
    known = {flag: one for one in parameters for flag in (*one.opts, *one.secondary_opts) if flag.startswith("-")}
    words: list[str] = []
    made: list[str] = []
    is_strange, last = False, None
    rest = iter(args)
    for each in rest:
        if each == "--":
            words += (left := list(rest))
            made += [each, *left]
        elif each.startswith("-") and each != "-":
            name, equals, value = each.partition("=")
            name = name if name in known else name.replace("_", "-")
            last = known.get(name)
            is_strange |= last is None and name not in _HELP
            made.append(f"{name}{equals}{value}" if last is not None else each)
            if equals:
                _check_flag(last, value)
            elif last is not None and not last.is_flag:
                made += itertools.islice(rest, 1)
                last = None
        else:
            _check_flag(last, each)
            words.append(each)
            made.append(each)
            last = None
    return _Read(words[0] if words else None, made, is_strange)


def _check_flag(option: Any, word: str) -> None:
    """Refuse `--sync-mode true`, and say what to write."""
    if option is not None and option.is_flag and option.secondary_opts and word.lower() in ("true", "false"):
        yes, no = option.opts[0], option.secondary_opts[0]
        raise UsageProblemError(f"{yes} takes no word behind it: {yes} says true, {no} false")


def _refuse_inputs(args: list[str], read: _Read) -> None:
    """Where the first word is no endpoint of the package, say that rather than that there is no such option.

    Raises:
        UsageProblemError: It is not, and there are options which only an endpoint has.
    """
    is_told = not {"--input", *_HELP}.isdisjoint(each.partition("=")[0] for each in args)
    if args and args[0] == read.first and (read.is_strange or not is_told):
        try:
            catalog.known(args[0])
        except UsageProblemError as error:
            raise UsageProblemError(f"{error}; one that it has not takes --input JSON") from None


def _options(endpoint_id: str) -> tuple[list[InputOption], list[Any]]:
    """The options for the inputs of an endpoint, ours and typer's."""
    from ..inputs_told.rows import rows_of
    from .options import options_of, parameters

    options = options_of(rows_of(PACKAGE, catalog.spec_of(endpoint_id)))
    return options, parameters(options)
