"""What a notebook shows of outputs, files and lists of files; and that no stranger's text becomes markup, or is run."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import pytest
from html_read import read
from hypothesis import given
from hypothesis import strategies as st
from runtime.display.media import file_of, link, loadable_data
from runtime.display.page import MOST_DATA, page
from runtime.files.remote_file import AnyAudio, AnyImage, AnyVideo, RemoteFile
from runtime.outputs.carriers import JsonArray, JsonObject, JsonText
from runtime.outputs.model import FalModel
from runtime.outputs.parse import parse_output
from runtime_sample import SchnellOutput
from runtime_twin import OUTPUT

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
CDN = "https://v3.fal.media/files/"


def output(**fields: Any) -> SchnellOutput:
    return parse_output(SchnellOutput, {**OUTPUT, **fields})


def test_an_output_shows_its_pictures_and_tells_all_else() -> None:
    out = output(
        images=[{"url": f"{CDN}a.png", "content_type": "image/png", "file_size": 1_234_567, "width": 64, "height": 48}],
        main={"url": PIXEL},
        prompt="a <b>red</b> panda\n& more",
        timings={"inference": 0.5},
    )
    shown = read(page(out))
    assert shown.sources("img") == [f"{CDN}a.png", PIXEL]
    assert shown.links() == [f"{CDN}a.png"] * 2
    for told in ("SchnellOutput", "images", "a.png · image/png · 64 × 48 · 1.2 MB", "main", "image/gif · 23 bytes"):
        assert told in shown.text
    for told in ("seed7", "prompta <b>red</b> panda\n& more", "{'inference': 0.5}"):
        assert told in shown.text
    assert "by_name" not in shown.text  # there is none
    assert read(page(out.images)).sources() == [f"{CDN}a.png"]
    assert read(page(out.images[0])).sources() == [f"{CDN}a.png"]


@pytest.mark.parametrize(
    ("kind", "fields", "shows_in"),
    [
        (RemoteFile, {"url": f"{CDN}a.png"}, "img"),
        (RemoteFile, {"url": f"{CDN}a.MP4?x=1#y"}, "video"),
        (RemoteFile, {"url": f"{CDN}a", "file_name": "a.mp3"}, None),
        (RemoteFile, {"url": f"{CDN}a", "content_type": "Audio/MPEG; rate=1"}, "audio"),
        (RemoteFile, {"url": f"{CDN}a.png", "content_type": "application/zip"}, None),
        (RemoteFile, {"url": f"{CDN}a.png", "content_type": "application/octet-stream"}, "img"),
        (RemoteFile, {"url": f"{CDN}a.glb"}, None),
        (RemoteFile, {"url": f"{CDN}a", "content_type": "image/svg+xml"}, "img"),
        (AnyImage, {"url": f"{CDN}a"}, "img"),
        (AnyImage, {"url": f"{CDN}a.tiff"}, None),
        (AnyImage, {"url": f"{CDN}a", "content_type": "image/x-exr"}, None),
        (AnyImage, {"url": f"{CDN}a", "content_type": 5}, "img"),
        (AnyVideo, {"url": f"{CDN}a"}, "video"),
        (AnyVideo, {"url": f"{CDN}a.gif", "content_type": "image/gif"}, "img"),
        (AnyAudio, {"url": f"{CDN}a"}, "audio"),
        (AnyAudio, {"url": "data:audio/wav;base64,UklGRg=="}, "audio"),
        (AnyVideo, {"url": "data:video/mp4;base64,AAAA"}, "video"),
        (AnyImage, {"url": "data:application/pdf;base64,AAAA", "content_type": "image/png"}, None),
    ],
)
def test_each_kind_of_file_has_what_shows_it(kind: Any, fields: dict[str, Any], shows_in: str | None) -> None:
    shown = read(page(parse_output(kind, fields)))
    assert shown.sources(shows_in) == ([fields["url"]] if shows_in else [])
    assert shown.links() == ([] if fields["url"].startswith("data:") else [fields["url"]] * (1 + (shows_in == "img")))


def test_a_file_is_told_with_name_kind_and_size() -> None:
    fields = {"url": f"{CDN}x/%E7%8C%AB.glb", "content_type": "model/gltf-binary", "file_size": 999, "seed": 3}
    shown = read(page(parse_output(RemoteFile, fields)))
    assert "猫.glb · model/gltf-binary · 999 bytes" in shown.text
    assert "seed3" in shown.text  # what else was sent of it
    clip = {"url": f"{CDN}a.mp4", "file_name": "clip.mp4", "duration": 5.04, "width": 640, "height": 360}
    assert "clip.mp4 · 640 × 360 · 5.04 s" in read(page(parse_output(AnyVideo, clip))).text


def test_data_is_shown_while_it_is_small() -> None:
    large = "data:image/png;base64," + "A" * MOST_DATA
    half = "data:image/png;base64," + "A" * (MOST_DATA // 2)
    shown = read(page(output(images=[{"url": url} for url in (large, half, half, PIXEL)])))
    assert shown.sources() == [half, PIXEL]
    assert shown.text.count("too large to show here") == 2
    assert "image · image/png · 1.9 MB · too large" in shown.text.replace("image/jpeg", "image/png")
    assert len(page(output(prompt=large, main=large))) < 5_000


def test_what_else_a_file_has_is_told() -> None:
    url = f"{CDN}a.png"
    file = {"url": url, "content_type": "image/png", "width": 8, "height": 9, "seed": 77, "caption": "a <b>"}
    shown = read(page(output(images=[file, file], main=file))).text
    assert shown.count("a.png · image/png · 8 × 9 · seed: 77 · caption: 'a <b>'") == 3
    many = {"url": url, **{f"field_{at}": "x" * 900 for at in range(30)}}
    for value in (output(images=[many]), JsonObject(images=[many])):
        shown = read(page(value)).text
        assert "field_7: 'xxx" in shown
        assert "field_8" not in shown
        assert "… 22 more fields" in shown
    # A file may hold files.
    shown_files = read(page(output(images=[{**file, "mask": {"url": f"{CDN}m.png"}}]))).sources()
    assert shown_files == [url, f"{CDN}m.png"]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("width", "12px", "12px"),
        ("width", 5, "5"),
        ("height", -3, "-3"),
        ("content_type", 7, "7"),
        ("content_type", "no type", "no type"),
        ("content_type", "image/png; a=b", "image/png; a=b"),
        ("file_name", ["x"], "['x']"),
        ("file_size", -1, "-1"),
        ("file_size", True, "True"),
        ("file_size", 10**30, str(10**30)),
        ("duration", "long", "long"),
        ("file_data", "QUJD", "QUJD"),
    ],
)
def test_what_no_caption_can_say_is_told_all_the_same(name: str, value: Any, told: str) -> None:
    file = {"url": f"{CDN}a.png", "seed": 1, name: value}
    assert f"{name}{told}" in read(page(parse_output(AnyImage, file))).text
    captions = {f"{name}: {told}", f"{name}: {told!r}"}
    for several in (output(images=[file]), JsonObject(images=[file])):
        assert any(one in read(page(several)).text for one in captions)


def test_what_is_counted_is_what_is_written() -> None:
    """Escaped, and as often as it stands there: Jupyter counts that, too."""
    svg = "data:image/svg+xml,<svg>" + "<a b='&'/>" * (MOST_DATA // 10) + "</svg>"
    assert read(page(output(images=[{"url": svg[: MOST_DATA - 9]}]))).sources() == []
    long = [{"url": f"{CDN}{at}.png?" + "&a=1" * 1_900} for at in range(48)]
    links = [f"{CDN}x?{'&' * 7_900}"] * 50
    hostile = {f"f{at}": "<\ud800>" * 700 for at in range(50)}
    for value in (output(images=long), JsonArray([*links]), JsonObject(hostile), JsonArray([[*long], *links])):
        assert len(page(value).encode()) < MOST_DATA + 60_000
    assert 0 < len(read(page(output(images=long * 20))).sources()) <= 48
    half = "data:image/png;base64," + "A" * (MOST_DATA // 2)
    assert len(page(output(images=[{"url": half}] * 3))) < MOST_DATA


def test_files_are_found_behind_everything_else() -> None:
    fields = {f"field_{at}": at for at in range(70)}
    shown = read(page(JsonObject(**fields, images=[{"url": f"{CDN}a.png"}])))
    assert shown.sources() == [f"{CDN}a.png"]
    assert "20 more" in shown.text
    each = {f"field_{at}": {"url": f"{CDN}{at}.png"} for at in range(5_000)}
    written = page(JsonObject(each))
    assert "4,952 more files" in written
    assert len(written) < 60_000


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"{CDN}it's.png", f"{CDN}it's.png"),
        (f"{CDN}a b.png", f"{CDN}a%20b.png"),
        ("https://x.test/a.png' onerror='alert(1)", "https://x.test/a.png'%20onerror='alert(1)"),
        ("data:image/svg+xml;utf8,<svg a='b'>é</svg>", "data:image/svg+xml;utf8,<svg a='b'>é</svg>"),
        ("data:image/png;base64,iVBO\nRw0K\r\n", "data:image/png;base64,iVBORw0K"),
    ],
)
def test_what_is_harmless_once_it_is_escaped_is_shown(url: str, shown: str) -> None:
    found = read(page(parse_output(AnyImage, {"url": url})))
    assert link(f"{url} ") is None
    assert found.sources("img") == [shown]
    assert found.links() == ([shown] * 2 if shown.startswith("https") else [])
    assert not any(name.startswith("on") for _, given in found.elements for name in given)


def test_outputs_without_a_document_show_too() -> None:
    body = {"images": [{"url": f"{CDN}a.png", "content_type": "image/png"}], "video": {"url": f"{CDN}a.mp4"}, "n": 1}
    shown = read(page(JsonObject(body)))
    assert (shown.sources("img"), shown.sources("video")) == ([f"{CDN}a.png"], [f"{CDN}a.mp4"])
    assert "n1" in shown.text
    assert read(page(JsonArray(body["images"]))).sources() == [f"{CDN}a.png"]
    for other in ({"url": "https://fal.ai/models"}, {"url": 5}, {"link": f"{CDN}a.png"}):
        assert file_of(other) is None
    # A field that the document does not know yet may hold a picture, too; and one may be deep inside.
    assert read(page(output(extra={"deep": [{"er": {"url": f"{CDN}b.webp"}}]}))).sources("img")[1:] == [f"{CDN}b.webp"]


def test_files_are_looked_for_six_deep() -> None:
    def nested(depth: int) -> Any:
        value: Any = {"url": f"{CDN}b.webp"}
        for _ in range(depth):
            value = [value]
        return page(output(extra=value, images=[]))

    found = [bool(read(nested(depth)).sources("img")) for depth in range(10)]
    assert found == [True] * 7 + [False] * 3


def test_a_link_may_be_eight_thousand_characters_long() -> None:
    for length in (8_000, 8_001):
        assert bool(link(CDN + "x" * (length - len(CDN)))) == (length == 8_000)


def test_long_names_are_cut_at_eighty_characters() -> None:
    for length in (80, 81):
        shown = read(page(output(**{"n" * length: 1}))).text
        assert ("n" * length in shown, "n" * 79 in shown) == (length == 80, True)


def test_nothing_is_without_an_end() -> None:
    many = [{"url": f"{CDN}{at}.png"} for at in range(500)]
    shown = read(page(output(images=many, **{f"field_{at}": "x" * 90_000 for at in range(500)})))
    assert len(shown.sources()) == 48
    assert "452 more files" in shown.text
    assert "88,000 more characters" in shown.text
    assert len(page(JsonArray([[[JsonArray(many)] * 9] * 9] * 9))) < 200_000
    deep: Any = 1
    for _ in range(900):
        deep = [deep]
    assert "images" in read(page(output(extra=deep))).text


def test_a_notebook_is_told_only_what_it_wants() -> None:
    out = output()
    for value in (out, out.images, out.images[0], JsonObject(a=1), JsonArray([1])):
        assert value._repr_mimebundle_() == {"text/plain": repr(value), "text/html": page(value)}
        assert value._repr_mimebundle_(include={"text/html"}).keys() == {"text/html"}
        assert value._repr_mimebundle_(include=[], exclude=["text/html"]).keys() == {"text/plain"}
        assert value._repr_mimebundle_(include={"image/png"}) == {}
    assert not hasattr(JsonText("x"), "_repr_mimebundle_")


# Strangers.

HOSTILE_URLS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://",
    " https://x.test/a.png",
    "https:x.test/a.png",
    "https:/x.test/a.png",
    "https:\\\\x.test\\a.png",
    "https://",
    "https:///a.png",
    "https://fal.media@evil.test/a.png",
    "https://[x/a.png",
    "https://x.test:port/a.png",
    'https://x.test/a.png" onerror="alert(1)',
    "https://x.test' onerror='alert(1)/a.png",
    "https://x .test/a.png",
    "https://x.test/<script>alert(1)</script>.png",
    "https://x.test/a.png\n.jpg",
    "https://x.test/\u202egnp.exe",
    "https://x.test/" + "a" * 9_000 + ".png",
    "http://x.test/a.png",
    "//x.test/a.png",
    "/etc/passwd.png",
    "a.png",
    "file:///etc/passwd.png",
    "blob:https://x.test/1.png",
    "filesystem:https://x.test/1.png",
    "vbscript:x.png",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;x=image/png,<script>alert(1)</script>",
    "data:,image/png",
    "data:;base64,AAAA",
    "data:application/xhtml+xml;base64,AAAA",
    "data:image/png text/html,x",
    'data:image/png"onerror=alert(1);base64,AAAA',
    "data:image/png;base64",
    "data:image/svg+xml;charset=\u0141,<svg/>",
    "data:image/png,\n<svg>",
    "",
    "\ud800",
]


@pytest.mark.parametrize("url", HOSTILE_URLS)
@pytest.mark.parametrize("kind", [AnyImage, AnyVideo, AnyAudio, RemoteFile])
def test_no_browser_is_sent_to_what_is_no_public_file(url: str, kind: Any) -> None:
    assert link(url) is None
    assert loadable_data(url) is None
    shown = read(page(parse_output(kind, {"url": url, "content_type": "image/png"})))
    assert shown.sources() == shown.links() == []
    assert "not linked" in shown.text or url.startswith("data:")
    shown = read(page(JsonArray([{"url": f"{url}.png"}, url])))
    assert shown.sources() == []
    assert url not in shown.links()


def test_svg_stands_where_it_cannot_run() -> None:
    """A browser runs no script of what it shows as a picture; a link to it, or its text in the page, would."""
    svg = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    shown = read(page(parse_output(AnyImage, {"url": svg})))
    assert shown.sources("img") == [svg]
    assert shown.links() == []
    assert [name for name, _ in shown.elements if name in ("svg", "object", "embed", "iframe")] == []


NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<!-- x -->",
    "<![CDATA[x]]>",
    "</div></td></table>",
    "&lt;script&gt;&#60;",
    "$\\href{javascript:alert(1)}{x}$",
    "{0} {} %s",
    "\x00\x1b[31m\u202eevil\u2066\ud800",
]


def test_no_text_of_a_stranger_becomes_markup() -> None:
    for text in NASTY:
        file = {"url": f"{CDN}a.png", "file_name": text, "content_type": text, text: text, "width": text}
        body = {"images": [file, {**file, "url": text}], "prompt": text, "more": {text: [text, file]}, text: {text: 1}}
        for value in (parse_output(SchnellOutput, {**OUTPUT, **body}), JsonObject(body), JsonArray([body, file, text])):
            shown = read(page(value))
            assert set(shown.sources()) == set(shown.links()) == {f"{CDN}a.png"}
            assert not any(one in shown.text for one in "\x00\x1b\u202e\u2066\ud800")
            assert "alert" not in text or "alert(1)" in shown.text  # told, as text


def test_a_prompt_begins_no_formula() -> None:
    """MathJax runs over what a notebook shows, and its links may hold scripts."""
    name, given = read(page(output(prompt="$x$"))).elements[0]
    assert name == "div"
    assert {"tex2jax_ignore", "mathjax_ignore"} <= set(given["class"].split())


_texts = st.sampled_from([*NASTY, *HOSTILE_URLS, PIXEL, f"{CDN}a.png"]) | st.text()
_values = st.recursive(
    _texts | st.integers() | st.floats() | st.none() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            _texts | st.sampled_from("url content_type file_name file_size width height duration images main".split()),
            inner,
            max_size=8,
        )
    ),
    max_leaves=25,
)


@given(_values)
def test_whatever_is_sent_can_be_shown(body: Any) -> None:
    for kind in (SchnellOutput, AnyImage, AnyVideo, list[AnyAudio]):
        read(page(parse_output(kind, body)))
    read(page(JsonArray([body])))
    json.dumps(page(JsonArray([body]))).encode()


@given(st.text() | st.builds("https://{}".format, st.text()) | st.sampled_from(HOSTILE_URLS))
def test_a_link_is_https_and_nothing_else(url: str) -> None:
    found = link(url)
    assert found is None or (found == url.replace(" ", "%20") and url.isprintable() and not set(' <>"`\\') & set(found))


def test_a_class_says_what_it_is_once() -> None:
    class Mask(AnyImage):
        __family__: ClassVar[Any] = "file"

    assert read(page(parse_output(Mask, {"url": f"{CDN}a"}))).sources() == []
    assert read(page(parse_output(FalModel, {"a": 1}))).text == "FalModela1"
