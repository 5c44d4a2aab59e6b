"""Facts by hand, with everything that a page can be asked to show; no document is behind them."""

from __future__ import annotations

from generator.site.facts import (
    EndpointFacts,
    FieldFacts,
    Guide,
    ReleasedChange,
    Sample,
    SharedType,
    Sibling,
    SiteFacts,
    TypeFacts,
)

HOSTILE = "<script>alert(1)</script>"
HOSTILE_PROSE = (
    f"{HOSTILE} <img src=x onerror=alert(2)> [here](javascript:alert(3)) ![pixel](https://evil.example/p.png) "
    "\"'><b>bold</b> &amp; `code` **strong** [docs](https://docs.example/a?b=1&c=2)\n\n# A heading\n\n- one\n- two"
)
LONG_ID = "fal-ai/" + "a-very-long-name-that-goes-on-and-on" * 3 + "/image-to-video/turbo-extreme-resolution-2160p"
LANGUAGES = tuple(
    f'"{one}"' for one in "ar bg cs da de el en es et fi fr hi hu id it ja ko lt lv nl pl pt ro ru".split()
)

IMAGE = TypeFacts(
    name="Image",
    kind="models",
    module="fal_typed.models",
    shared="SizedImage",
    prose="A picture of known size.",
    fields=(
        FieldFacts(name="url", wire_name="url", type="str", required=True, prose="Where the picture is."),
        FieldFacts(name="width", wire_name="width", type="int | None", required=False, prose="In pixels."),
        FieldFacts(name="height", wire_name="height", type="int | None", required=False),
        FieldFacts(
            name="content_type",
            wire_name="content_type",
            type="str | None",
            required=False,
            default='"image/jpeg"',
            example='"image/png"',
        ),
    ),
)
SIZE = TypeFacts(
    name="ImageSize",
    kind="params",
    module="fal_typed.params",
    shared="ImageSize",
    fields=(
        FieldFacts(
            name="width",
            wire_name="width",
            type="int",
            required=False,
            default="512",
            limits=("above 0", "at most 14142"),
        ),
        FieldFacts(name="height", wire_name="height", type="int", required=False, default="512"),
    ),
)
TREE = TypeFacts(
    name="Tree",
    kind="params",
    module="fal_typed.endpoints.everything",
    prose="A tree of words.",
    fields=(
        FieldFacts(name="word", wire_name="word", type="str", required=True),
        FieldFacts(
            name="children",
            wire_name="children",
            type="list[Tree]",
            required=False,
            limits=("at most 4 items",),
            types=(
                TypeFacts(name="Tree", kind="params", module="fal_typed.endpoints.everything", again=True),
                TypeFacts(
                    name="Leaf",
                    kind="params",
                    module="fal_typed.endpoints.everything",
                    fields=(FieldFacts(name="green", wire_name="green", type="bool", required=False, types=(SIZE,)),),
                ),
            ),
        ),
    ),
)


def simple_endpoint() -> EndpointFacts:
    """As most are."""
    return EndpointFacts(
        id="fal-ai/simple/fast",
        owner="fal-ai",
        attribute="fal.simple.fast",
        category="text-to-image",
        summary="Makes a picture of words, in four steps.",
        prose="Makes a picture of words, in four steps. It is the fastest of its family.",
        documentation="https://fal.ai/models/fal-ai/simple/fast",
        thumbnail="",
        called_as="",
        deprecated="",
        streams=False,
        event="",
        untyped=False,
        input=TypeFacts(
            name="SimpleFastInput",
            kind="params",
            module="fal_typed.endpoints.simple.fast",
            fields=(
                FieldFacts(
                    name="prompt",
                    wire_name="prompt",
                    type="str",
                    required=True,
                    limits=("at least 1 character",),
                    prose="What the picture shows.",
                    example='"a red panda"',
                ),
                FieldFacts(
                    name="image_size",
                    wire_name="image_size",
                    type="ImageSize | Literal[…]",
                    required=False,
                    default='"landscape_4_3"',
                    members=('"square"', '"portrait_4_3"', '"landscape_4_3"'),
                    prose="The size of the picture.",
                    types=(SIZE,),
                ),
                FieldFacts(
                    name="num_images",
                    wire_name="num_images",
                    type="int",
                    required=False,
                    default="1",
                    limits=("1 to 4",),
                    prose="How many pictures there will be.",
                ),
                FieldFacts(name="seed", wire_name="seed", type="int | None", required=False),
            ),
        ),
        outputs=(
            TypeFacts(
                name="SimpleFastOutput",
                kind="models",
                module="fal_typed.endpoints.simple.fast",
                fields=(
                    FieldFacts(
                        name="images",
                        wire_name="images",
                        type="list[Image]",
                        required=True,
                        prose="The pictures.",
                        types=(IMAGE,),
                    ),
                    FieldFacts(
                        name="seed", wire_name="seed", type="int", required=True, prose="What it was made from."
                    ),
                ),
            ),
        ),
        output_type="SimpleFastOutput",
        samples=(
            Sample(
                label="sync",
                language="python",
                code="from fal_typed import Fal\n\nwith Fal() as fal:\n    out = "
                'fal.simple.fast.subscribe(prompt="a red panda")\n    print(out.images[0].url)\n',
            ),
            Sample(
                label="async",
                language="python",
                code="import asyncio\n\nfrom fal_typed import AsyncFal\n\n\nasync def main() -> None:\n"
                "    async with AsyncFal() as fal:\n"
                '        out = await fal.simple.fast.subscribe(prompt="a red panda")\n'
                "        print(out.images[0].url)  # a comment\n\n\nasyncio.run(main())\n",
            ),
            Sample(label="shell", language="bash", code="fal-typed run fal-ai/simple/fast --prompt 'a red panda'\n"),
        ),
        takes=("a prompt", "a seed"),
        siblings=(
            Sibling(
                id="fal-ai/simple/old",
                category="text-to-image",
                differences=("also takes `mask_url`", "`num_images` is 1, not 4"),
                count=5,
            ),
        ),
        since=ReleasedChange(version="1.0.0", date="2026-01-02", verdict="minor", text="New."),
        changes=(
            ReleasedChange(
                version="1.2.0", date="2026-03-04", verdict="major", text="`seed` may be null.\n\n- one\n- two"
            ),
        ),
    )


def odd_endpoint() -> EndpointFacts:
    """With all that is rare."""
    return EndpointFacts(
        id="fal-ai/simple/old",
        owner="fal-ai",
        attribute="fal.simple.old",
        category="text-to-image",
        summary=HOSTILE,
        prose=HOSTILE_PROSE,
        documentation="https://fal.ai/models/fal-ai/simple/old",
        thumbnail="https://pictures.example/old.webp",
        called_as="fal-ai/simple/old-2",
        deprecated="fal does not list it any more; `fal-ai/simple/fast` stands in for it.",
        streams=True,
        event="OldEvent",
        untyped=False,
        input=TypeFacts(
            name="OldInput",
            kind="params",
            module="fal_typed.endpoints.simple.old",
            prose=HOSTILE_PROSE,
            extra="str",
            fields=(
                FieldFacts(
                    name="image_url",
                    wire_name="image_url",
                    type="str | Path | Image",
                    required=True,
                    file="image",
                    file_limits=("at most 10 MB", "PNG or JPEG", "512 to 4096 pixels wide"),
                    prose=HOSTILE_PROSE,
                    example='"https://pictures.example/' + "long" * 40 + '.png"',
                ),
                FieldFacts(
                    name="language",
                    wire_name="language",
                    type="Literal[…]",
                    required=False,
                    default='"en"',
                    members=(*LANGUAGES, f'"{HOSTILE}"'),
                ),
                FieldFacts(
                    name="guidance_scale",
                    wire_name="guidance-scale",
                    type="float",
                    required=False,
                    default="3.5",
                    limits=("0 to 20",),
                    deprecated=True,
                ),
                FieldFacts(
                    name="guidance_scale_",
                    wire_name="guidance scale",
                    type="float",
                    required=False,
                    default='"' + "word " * 60 + '"',
                ),
                FieldFacts(name="tree", wire_name="tree", type="Tree", required=False, types=(TREE,)),
                FieldFacts(name="x" * 90, wire_name="x" * 90, type="dict[str, " * 8 + "str" + "]" * 8, required=False),
            ),
        ),
        outputs=(
            TypeFacts(
                name="Done",
                kind="models",
                module="fal_typed.endpoints.simple.old",
                extra="str",
                fields=(
                    FieldFacts(name="type", wire_name="type", type='Literal["done"]', required=True),
                    FieldFacts(name="image", wire_name="image", type="Image | None", required=False, types=(IMAGE,)),
                ),
            ),
            TypeFacts(
                name="Failed",
                kind="models",
                module="fal_typed.endpoints.simple.old",
                fields=(FieldFacts(name="type", wire_name="type", type='Literal["failed"]', required=True),),
            ),
        ),
        output_type="Done | Failed",
        samples=(Sample(label="with a file", language="python", code=f"# {HOSTILE}\nprint('</code></pre>')\n"),),
        takes=("an image", HOSTILE),
        siblings=(),
        since=None,
        changes=(),
    )


def bare_endpoint(endpoint_id: str = LONG_ID) -> EndpointFacts:
    """Of which nearly nothing is known."""
    return EndpointFacts(
        id=endpoint_id,
        owner=endpoint_id.split("/", maxsplit=1)[0],
        attribute="fal." + endpoint_id.partition("/")[2].replace("/", ".").replace("-", "_"),
        category="",
        summary="",
        prose="",
        documentation="",
        thumbnail="",
        called_as="",
        deprecated="",
        streams=False,
        event="",
        untyped=True,
        input=TypeFacts(name="BareInput", kind="params", module="fal_typed.endpoints.bare"),
        outputs=(),
        output_type="FalValue",
        samples=(),
        takes=(),
        siblings=(),
        since=None,
        changes=(),
    )


GUIDE = """# Batch

Intro with `code`, a [link](TESTING.md#a-section), [one out](https://docs.example/) and [one nowhere](../../nowhere.md).

## A section

```python
from fal_typed import Fal
```

| a | b |
| --- | --- |
| `one` | two |

### Deeper

1. First
2. Second
"""


def site_facts(*, thumbnails: bool = False) -> SiteFacts:
    """A whole site."""
    ids = ("fal-ai/simple/fast", "fal-ai/simple/old")
    return SiteFacts(
        title="fal_typed",
        package="fal_typed",
        install="pip install fal-typed",
        version="1.2.0",
        repository="https://code.example/fal-typed",
        thumbnails=thumbnails,
        endpoints=(bare_endpoint(), simple_endpoint(), odd_endpoint()),
        types=(
            SharedType(
                type=TypeFacts(
                    name="SizedImage",
                    kind="models",
                    module="fal_typed.models",
                    prose=IMAGE.prose,
                    fields=IMAGE.fields,
                ),
                note="Like `Image`, but `width` and `height` may be missing.",
                used_by=ids,
            ),
            SharedType(type=SIZE, note="", used_by=ids),
        ),
        guides=(
            Guide(slug="batch", title="Batch", text=GUIDE, source="generated/BATCH.md"),
            Guide(
                slug="testing",
                title="Testing",
                text="# Testing\n\n## A section\n\nText.\n",
                source="generated/TESTING.md",
            ),
        ),
        changelog="# Changelog\n\n## 1.2.0\n\n- `seed` may be null. [Batch](BATCH.md)\n",
        skipped=(("fal-ai/broken", f"its document is no OpenAPI {HOSTILE}"),),
    )
