"""The map at the head of pipeline.py is true: each stage is the function of its name in the file of its name."""

from __future__ import annotations

import ast
import re

from generator import pipeline

from .modules import GENERATOR, modules

# The map names both ways of a fork before it goes on.
STAGES = """
    load parse resolve normalize name share lower models render format inert plan apply
""".split()
CODE = modules(GENERATOR)["pipeline"].tree


def calls_in(function: str) -> list[str]:
    """The stages that a function of the pipeline calls, in the order in which they stand there."""
    body = next(node for node in CODE.body if isinstance(node, ast.FunctionDef) and node.name == function)
    calls = [node for node in ast.walk(body) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    return [call.func.id for call in calls if isinstance(call.func, ast.Name) and call.func.id in STAGES]


def test_the_map_names_every_stage_in_order() -> None:
    assert pipeline.__doc__ is not None
    drawn = pipeline.__doc__.split("\n\n")[1]
    words = [word for word in re.findall(r"[a-z]+(?![a-z/])", drawn) if word in STAGES]
    at_fork = STAGES.index("format")
    assert [word for word in words if word != "format"] == [*STAGES[:at_fork], *STAGES[at_fork + 1 :]]
    assert words.count("format") == 1


def test_the_pipeline_is_one_call_a_stage_in_that_order() -> None:
    alone = calls_in("_read")
    assert alone == ["parse", "resolve", "normalize"]
    for whole in (["run", "write"], ["understand"]):
        first, *others = [call for function in whole for call in calls_in(function)]
        assert [first, *alone, *others] == STAGES[: len(alone) + 1 + len(others)]
    assert len(calls_in("run")) + len(calls_in("write")) + len(alone) == len(STAGES)


def test_each_stage_is_the_function_of_its_name_in_the_file_of_its_name() -> None:
    for stage in STAGES:
        function = getattr(pipeline, stage)
        home = getattr(function, "__wrapped__", function).__module__
        assert (function.__name__, home.rpartition(".")[2]) == (stage, stage)
        assert home.removeprefix("generator.") in modules(GENERATOR)
