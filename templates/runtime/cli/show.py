"""`show`: what an endpoint takes and gives, by its document, with an example."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from ..inputs_told.rows import NO_DEFAULT, output_rows_of, rows_of
from . import catalog
from .exits import DONE
from .text import PACKAGE, out, paragraph, program_name, shortened, to_json, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..inputs_told.rows import InputRow

_LONGEST = 60
_LONGEST_EXAMPLE = 300


def show(endpoint_id: str, *, as_json: bool) -> int:
    """Print what the package knows of an endpoint."""
    facts = catalog.facts_of(catalog.known(endpoint_id))
    if as_json:
        schemas = catalog.schemas_of(endpoint_id)
        out(to_json({**facts._asdict(), "input": schemas.input, "output": schemas.output}))
        return DONE
    spec = catalog.spec_of(endpoint_id)
    rows = rows_of(PACKAGE, spec)
    out(f"{visible(facts.id)}{f': {visible(facts.category)}' if facts.category else ''}")
    for text in facts.description.split("\n\n"):
        if text.strip():
            out(f"\n{paragraph(text)}")
    if said := catalog.deprecation_of(endpoint_id):
        out(f"\nDeprecated: {visible(said)}")
    _print_inputs(rows)
    _print_outputs(spec)
    _print_example(facts, rows)
    out(f"\nDocumentation: https://fal.ai/models/{facts.id}/api")
    return DONE


def _print_inputs(rows: Sequence[InputRow]) -> None:
    from .tables import printed, table

    found = table("INPUT", "TYPE", "DEFAULT", "RANGE, LIMITS", "WHAT IT IS")
    for row in rows:
        default = "required" if row.required else "" if row.default is NO_DEFAULT else _text(row.default)
        limits = "; ".join(each for each in (row.range, row.limits) if each)
        found.add_row(visible(row.name), paragraph(row.type), default, paragraph(limits), paragraph(row.description))
    out("")
    printed(found)


def _print_outputs(spec: Any) -> None:
    from .tables import printed, table

    found = table("OUTPUT", "TYPE", "WHAT IT IS")
    for row in output_rows_of(PACKAGE, spec):
        found.add_row(visible(row.name), paragraph(row.type), paragraph(row.description))
    if found.row_count:
        out("")
        printed(found)


def _print_example(facts: catalog.Facts, rows: Sequence[InputRow]) -> None:
    """A call with what must be given; what the document has no example for stands as `…`."""
    from .options import options_of

    values = {row.name: "…" if row.example is NO_DEFAULT else row.example for row in rows if row.required}
    flags = {option.row.name: option for option in options_of(rows)}
    words = [program_name(), "run", facts.id]
    for each, value in values.items():
        option = flags[each]
        if option.is_flag:
            words.append(option.flag if value is True else option.negative)
        else:
            words += [option.flag, value if isinstance(value, str) else to_json(value, None)]
    given = ", ".join(f"{each}={visible(repr(value))}" for each, value in values.items())
    out("\nExample:")
    out(f"  {visible(_line(words))}")
    out(f"  fal.{facts.attribute}.subscribe({given})")


def _line(words: Sequence[str]) -> str:
    first, *rest = (shortened(word, _LONGEST_EXAMPLE) for word in words)
    return " ".join([first, *(shlex.quote(word) for word in rest)])  # the first may be `python -m …`


def _text(value: Any) -> str:
    return shortened(to_json(value, None), _LONGEST)
