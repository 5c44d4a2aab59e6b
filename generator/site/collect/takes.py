"""The kinds of input that people look for: "takes a mask", "takes a seed" (a part of `collect`)."""

# design: How is it told what an endpoint takes?

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..facts import FieldFacts, TypeFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A kind of input, and which fields are of it. What is empty decides nothing.

    Attributes:
        kind: In the words of who looks for it.
        file: The kind of file that it takes; `any` for all of them.
        words: Its name has one of these words.
        ends: The last word of its name is one of these.
        within: Its name, or that of a field that it stands in, has one of these words.
        without: Neither has any of these.
        type: How its type begins: `str`, `int` ….
        many: Whether there may be several of it.
        typed: Whether it has fields of its own.
        deep: Whether it is looked for below other fields too.
    """

    kind: str
    file: str = ""
    words: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    type: str = ""
    many: bool = False
    typed: bool = False
    deep: bool = False

    def covers(self, field: _Seen) -> bool:
        """Whether a field is of this kind."""
        facts = field.facts
        return (
            (self.deep or field.depth == 0)
            and (not self.file or (facts.file != "" and self.file in (facts.file, "any")))
            and (not self.words or not self.words.isdisjoint(field.words))
            and (not self.ends or field.words[-1] in self.ends)
            and (not self.within or not self.within.isdisjoint(field.path))
            and self.without.isdisjoint(field.path)
            and (not self.type or facts.type.removeprefix("list[").startswith(self.type))
            and (not self.many or field.many)
            and (not self.typed or bool(facts.types))
        )


class _Seen(NamedTuple):
    """A field of an input, wherever it stands.

    Attributes:
        words: Of its name.
        path: Those, and the words of the fields above.
        many: Whether it, or a field above, is a list.
    """

    facts: FieldFacts
    words: tuple[str, ...]
    path: frozenset[str]
    many: bool
    depth: int


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MASK = _words("mask masks")
_PROMPTS = _words("prompt prompts")
_LORA = _words("lora loras")

# In the order in which they are shown; a kind may have several lines.
KINDS = (
    Taken(kind="a prompt", ends=_PROMPTS, without=_words("negative system validation"), type="str"),
    Taken(kind="a negative prompt", words=_words("negative"), ends=_PROMPTS, type="str"),
    Taken(kind="a system prompt", words=_words("system"), ends=_PROMPTS, type="str"),
    Taken(kind="a text to speak or write", ends=_words("text texts"), type="str", without=_words("previous next")),
    Taken(kind="lyrics", words=_words("lyrics"), type="str"),
    Taken(kind="an image", file="image", without=_MASK, deep=True),
    Taken(kind="several images", file="image", without=_MASK, many=True, deep=True),
    Taken(kind="a reference image", file="image", within=_words("ref reference references"), without=_MASK, deep=True),
    Taken(kind="a last frame", file="image", words=_words("end last tail"), deep=True),
    Taken(kind="a mask", file="any", words=_MASK, deep=True),
    Taken(kind="a video", file="video", without=_MASK, deep=True),
    Taken(kind="several videos", file="video", without=_MASK, many=True, deep=True),
    Taken(kind="audio", file="audio", deep=True),
    Taken(kind="training data", file="any", words=_words("data")),
    Taken(kind="a file of another kind", file="file", type="FileInput", without=_MASK | _words("data"), deep=True),
    Taken(kind="a LoRA", file="any", within=_LORA, deep=True),
    Taken(kind="a ControlNet", words=_words("controlnet controlnets controlnet_unions easycontrols"), typed=True),
    Taken(kind="points or boxes", words=_words("point points box boxes bbox"), typed=True),
    Taken(kind="a seed", ends=_words("seed"), type="int"),
    Taken(
        kind="an image size", ends=_words("size"), words=_words("image video"), without=_words("max min"), typed=True
    ),
    Taken(kind="an aspect ratio", words=_words("aspect"), ends=_words("ratio")),
    Taken(kind="a resolution", ends=_words("resolution"), without=_words("validation octree highest")),
    Taken(kind="a number of images", words=_words("num number max"), ends=_words("images")),
    Taken(kind="a duration", ends=_words("duration"), without=_words("match threshold chunk")),
    Taken(kind="a duration", words=_words("duration"), ends=_words("seconds"), without=_words("match chunk")),
    Taken(kind="a frame rate", ends=_words("fps"), without=_words("match")),
    Taken(kind="a frame rate", ends=_words("rate"), words=_words("frame"), without=_words("validation")),
    Taken(kind="a frame rate", words=_words("frames"), ends=_words("second"), without=_words("match")),
    Taken(kind="a style", ends=_words("style styles")),
    Taken(kind="a style", words=_words("style"), ends=_words("name")),
    Taken(kind="a voice", words=_words("voice voices")),
    Taken(kind="a language", words=_words("language lang")),
)


def takes(input_: TypeFacts) -> tuple[str, ...]:
    """The kinds of input that an endpoint takes, in the order of the table.

    Args:
        input_: Its input.
    """
    fields = list(_seen(input_, frozenset(), many=False, depth=0))
    return tuple(dict.fromkeys(one.kind for one in KINDS if any(one.covers(field) for field in fields)))


def _seen(type_: TypeFacts, above: frozenset[str], *, many: bool, depth: int) -> Iterator[_Seen]:
    for facts in type_.fields:
        words = tuple(word for word in facts.wire_name.lower().split("_") if word) or ("",)
        seen = _Seen(facts, words, above | {*words}, many or facts.type.startswith("list["), depth)
        yield seen
        for below in facts.types:
            yield from _seen(below, seen.path, many=seen.many, depth=depth + 1)
