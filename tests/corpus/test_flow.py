"""Real endpoints whose answers go in again: two documents have components on both sides, and say what they are for."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from support.static import CHECKERS, error_lines, lines_marked

from corpus.corpus import PACKAGE, Made, documents

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

pytestmark = pytest.mark.usefixtures("the_corpus_is_here")
CHAT, PROMPT = "fal-ai/bytedance/seed/v2/mini", "bria/fibo-lite/generate"
# Component → the endpoint that has it on both sides. There are no others.
BOTH_SIDES = {
    "Seed2MiniMessage": CHAT,
    **dict.fromkeys(
        (
            "AestheticsDetails",
            "LightingDetails",
            "ObjectDescription",
            "PhotographicCharacteristicsDetails",
            "StructuredPrompt",
            "TextRender",
        ),
        PROMPT,
    ),
}
MESSAGES = [
    {"role": "user", "content": [{"type": "text", "text": "What is this?"}]},
    {"role": "assistant", "content": "A bridge."},
]
STRUCTURED: dict[str, Any] = {
    "short_description": "A bridge.",
    "objects": [{"description": "a", "location": "b", "relationship": "c", "number_of_objects": 2, "pose": None}],
    "background_setting": "fog",
    "lighting": {"conditions": "dim", "direction": "front", "shadows": None},
    "aesthetics": dict.fromkeys(
        ("composition", "color_scheme", "mood_atmosphere", "aesthetic_score", "preference_score"), "x"
    ),
    "text_render": None,
    "context": "none",
    "artistic_style": "photo",
}
CODE = f"""
from {PACKAGE} import Fal


def good(fal: Fal) -> None:
    chat, fibo = fal.bytedance.seed.v2.mini, fal.owners.bria.fibo_lite.generate
    first, out = chat.subscribe(prompt="a"), fibo.subscribe(prompt="a")
    chat.subscribe(prompt="b", messages=first.messages)
    chat.subscribe(prompt="b", messages=[*first.messages, {{"role": "user", "content": "c"}}])
    fibo.subscribe(prompt="b", structured_prompt=out.structured_prompt)
    fibo.subscribe(prompt="b", structured_prompt=None)


def bad(fal: Fal) -> None:
    chat, fibo = fal.bytedance.seed.v2.mini, fal.owners.bria.fibo_lite.generate
    first, out = chat.subscribe(prompt="a"), fibo.subscribe(prompt="a")
    chat.subscribe(prompt="b", messages=first)  # BAD
    chat.subscribe(prompt="b", messages=first.messages[0])  # BAD
    chat.subscribe(prompt="b", messages=[out.structured_prompt])  # BAD
    chat.subscribe(prompt="b", messages=[{{"role": "judge", "content": "c"}}])  # BAD
    fibo.subscribe(prompt="b", structured_prompt=out)  # BAD
    fibo.subscribe(prompt="b", structured_prompt=first.messages)  # BAD
    fibo.subscribe(prompt="b", structured_prompt={{"lighting": "dim"}})  # BAD
"""


def runtime(part: str) -> ModuleType:
    return importlib.import_module(f"{PACKAGE}._runtime.{part}")


def test_which_components_are_on_both_sides(made: Made) -> None:
    found: dict[str, str] = {}
    for endpoint_id in documents():
        module = made.endpoint(endpoint_id)
        names = set(module.__all__)
        found |= {name: endpoint_id for name in names if f"{name}Param" in names}
        text = (made.output / (module.__name__.replace(".", "/") + ".py")).with_suffix("")
        source = (text / "__init__.py" if text.is_dir() else text.with_suffix(".py")).read_text(encoding="utf-8")
        assert ("OrModel[" in source) == (endpoint_id in BOTH_SIDES.values()), endpoint_id
    assert found == BOTH_SIDES
    shared = [*(made.package / "params").glob("*.py")]
    assert shared
    assert not [path for path in shared if "OrModel" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize(
    ("endpoint_id", "name", "value"),
    [(CHAT, "messages", MESSAGES), (PROMPT, "structured_prompt", STRUCTURED)],
)
def test_an_answer_goes_in_again(made: Made, endpoint_id: str, name: str, value: Any) -> None:
    spec = made.endpoint(endpoint_id).SPEC
    body = {"output": "x", "image": {"url": "https://v3.fal.media/a.png"}, name: value}
    out = runtime("outputs.parse").parse_output(spec.output, body)
    given = runtime("inputs.validate").check_input(spec, {"prompt": "go on", name: getattr(out, name)})
    sent = json.loads(runtime("inputs.validate").to_json(endpoint_id, given))
    assert sent == {"prompt": "go on", name: value}
    assert out.model_dump(exclude_unset=True) == body


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKERS)
def test_what_type_checkers_say(made: Made, tmp_path: Path, checker: str) -> None:
    found = error_lines(checker, tmp_path, CODE, made.output)
    assert found.keys() == lines_marked(CODE), found
