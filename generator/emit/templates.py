"""How templates are read, and what is wrong with one by its file and line: whoever edits it is told where, once."""

# design: Who is told what is wrong with a template?

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2 import TemplateError as JinjaError

from ..diagnostics import TemplateError
from ..ir.share import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from .class_orders import Extension

MODELS = {Kind.PARAMS: "models/TypedDict.jinja2", Kind.MODELS: "models/pydantic_v2/BaseModel.jinja2"}
"""The templates of the classes, which datamodel-code-generator renders."""
_GENERATOR = Path(__file__).parents[1]
# What an expression can do wrong; the first is all that Jinja itself has to say.
_WRONG = (JinjaError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def environment(folder: Path, filters: Mapping[str, Callable[[object], str]]) -> Environment:
    """What renders templates; what a template names and there is not, is an error.

    Args:
        folder: Of the templates.
        filters: What they may call, by name.
    """
    made = Environment(  # noqa: S701  (Python is not HTML; literals.py escapes)
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=False,
        auto_reload=False,  # looking whether a template changed, for each file, is a tenth of a second
    )
    made.filters.update(filters)
    return made


@contextmanager
def in_template(folder: Path, name: str) -> Generator[None]:
    """Have an error name the template that it arose in, and the line there.

    Args:
        folder: Of the templates.
        name: The template that is rendered; another one may be included in it.

    Raises:
        TemplateError: The template is no Jinja, or names what there is not. What goes wrong in our own code, which it
            calls, is raised as it is.
    """
    try:
        yield
    except TemplateSyntaxError as error:
        path = Path(error.filename) if error.filename else folder / name
        raise TemplateError(path, error.lineno, error.message or "no template") from None
    except _WRONG as error:
        frames = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
        places = [place for place in frames if place[0].is_relative_to(folder)]
        is_ours = frames[-1][0].is_relative_to(_GENERATOR) and frames[-1] not in places
        if not isinstance(error, JinjaError) and (is_ours or not places):
            raise
        path, line = places[-1] if places else (folder / name, None)
        raise TemplateError(path, line, _said(error)) from None


def _said(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f"there is no template {error.name}"
    return str(error) if isinstance(error, JinjaError) else f"{type(error).__name__}: {error}"


def check_models(folder: Path, kind: Kind, extension: Extension) -> None:
    """Render the template of a class as strictly as the others: datamodel-code-generator takes any name for empty.

    Args:
        folder: Of the templates.
        kind: Of the class.
        extension: What the template gets.

    Raises:
        TemplateError: It names what there is not.
    """
    with in_template(folder, MODELS[kind]):
        environment(folder, {}).get_template(MODELS[kind]).render(fal_typed=extension)
