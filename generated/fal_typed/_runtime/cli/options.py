"""The options of `run` and `submit`, made of the inputs of an endpoint."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import typer
from typer.main import get_command

from ..inputs_told.rows import NO_DEFAULT
from .text import paragraph, shortened, to_json, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..inputs_told.rows import InputRow

# The options of `run` and `submit` themselves. An input of such a name has another one, the same in both.
TAKEN = frozenset(
    "--help -h --input --output -o --timeout --logs --priority --cancel-on-interrupt --webhook-url --json".split()
)
_LONGEST_HELP = 400
_MOST_MEMBERS = 24


class InputOption(NamedTuple):
    """An option for an input.

    Attributes:
        key: What the parser calls it.
        flag: What the user writes.
        row: The input.
    """

    key: str
    flag: str
    row: InputRow

    @property
    def is_flag(self) -> bool:
        """Whether it is said by the flag alone, or by `--no-…`."""
        return "bool" in _kinds(self.row.type) <= {"bool", "None"}

    @property
    def is_list(self) -> bool:
        """Whether it may be given several times."""
        return any(kind.startswith(("list[", "Sequence[")) for kind in _kinds(self.row.type))

    @property
    def negative(self) -> str:
        """What says no."""
        return f"--no-{self.flag[2:]}"


def options_of(rows: Iterable[InputRow]) -> list[InputOption]:
    """An option for each input, in order: `--image-size`, or `--input-…` where that means something else."""
    used = set(TAKEN)
    made: list[InputOption] = []
    for row in rows:
        name = row.name.strip("_").replace("_", "-") or "input"
        found = next(one for one in _flags(name) if used.isdisjoint((one, f"--no-{one[2:]}")))
        option = InputOption(f"input__{len(made)}", found, row)
        used |= {option.flag, option.negative}
        made.append(option)
    return made


def _flags(name: str) -> Iterable[str]:
    yield f"--{name}"
    number = 1
    while True:
        yield f"--input-{name}" if number == 1 else f"--input-{name}-{number}"
        number += 1


def parameters(options: Sequence[InputOption]) -> list[Any]:
    """The same as typer has them, to be put beside those of a command."""

    def taker(**_: object) -> None:
        """Typer reads its signature."""

    if not options:
        return []
    signature = [_parameter(option) for option in options]
    taker.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    taker.__annotations__ = {each.name: each.annotation for each in signature}
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(taker)
    made: list[Any] = list(get_command(app).params)
    return made


def _parameter(option: InputOption) -> inspect.Parameter:
    flag = f"{option.flag}/{option.negative}" if option.is_flag else option.flag
    how: dict[str, Any] = {"help": _help(option), "show_default": False}
    if not option.is_flag:
        how["metavar"] = _metavar(option)
    if option.row.members:
        how["autocompletion"] = _completer([_word(each) for each in option.row.members])
    kind: Any = bool | None if option.is_flag else list[str] | None if option.is_list else str | None
    default = typer.Option(None, flag, **how)
    return inspect.Parameter(option.key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _completer(members: list[str]) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        return [each for each in members if each.startswith(incomplete)]

    return complete


def _word(member: Any) -> str:
    """A member as it is written on the command line."""
    return visible(member) if isinstance(member, str) else json.dumps(member)


def _metavar(option: InputOption) -> str:
    row, kinds = option.row, _kinds(option.row.type) - {"None"}
    if row.takes_file:
        return "FILE"
    if kinds <= {"int"}:
        return "INTEGER"
    if kinds <= {"int", "float"}:
        return "NUMBER"
    if row.members:
        return "WORD" if all(kind.startswith(('"', "…")) for kind in kinds) else "WORD|JSON"
    return "TEXT" if kinds <= {"str"} or option.is_list else "JSON"


def _help(option: InputOption) -> str:
    """Its description, and in brackets what is known of its values."""
    row = option.row
    facts: list[str] = []
    if row.required:
        facts.append("required")
    if row.default is not NO_DEFAULT:
        facts.append(
            f"default: {shortened(_word(row.default) if isinstance(row.default, str) else _text(row.default), 60)}"
        )
    if row.members:
        words = [_word(each) for each in row.members[:_MOST_MEMBERS]]
        more = len(row.members) - len(words)
        facts.append(f"one of: {', '.join(words)}{f' and {more} more' if more > 0 else ''}")
    facts += [paragraph(each) for each in (row.range, row.limits) if each]
    if option.is_list:
        facts.append("may be repeated; [, @FILE and - are JSON")
    text = shortened(paragraph(row.description), _LONGEST_HELP)
    return f"{text}  [{'; '.join(facts)}]" if facts else text


def _text(value: Any) -> str:
    return to_json(value, None)


def _kinds(told: str) -> set[str]:
    """The members of a union, as its text has them."""
    kinds: set[str] = set()
    depth, begin, quote = 0, 0, ""
    for at, character in enumerate(told):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "[({":
            depth += 1
        elif character in "])}":
            depth -= 1
        elif character == "|" and not depth:
            kinds.add(told[begin:at].strip())
            begin = at + 1
    kinds.add(told[begin:].strip())
    return kinds
