"""What many endpoints share is told once: in the terminal, in a pull request's body and in the changelog."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from support import INTEGER, STRING, Project, document, obj, run_cli
from support.markup import tokens

from generator.diff.compare import Difference
from generator.diff.entries import entries
from generator.diff.report import _within, as_markdown
from generator.diff.verdict import Change, Verdict
from generator.project.changelog import sections
from generator.project.releases import ReleaseNote

from .states import IT, States, taking

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[str]
NULLABLE = {**STRING, "nullable": True}
IDS = [f"fal-ai/{name}" for name in "abcde"]


def change(text: str, verdict: Verdict = Verdict.MINOR, kind: str = "wider", where: str = "input.x") -> Change:
    return Change(kind=kind, verdict=verdict, where=where, text=text)


def difference(**said: list[Change]) -> Difference:
    return Difference(endpoints={f"fal-ai/{name}": tuple(changes) for name, changes in said.items()}, types=())


def note(about: str, text: str, verdict: str = "minor", kind: str = "") -> ReleaseNote:
    return ReleaseNote(about=about, verdict=verdict, text=text, kind=kind)


def told(*notes: ReleaseNote) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(topic.abouts, topic.texts) for section in sections(notes) for topic in section.topics]


# --- what belongs together -------------------------------------------------------------------------------------------


def test_sentences_of_the_same_endpoints_stand_together() -> None:
    notes = [note(about, text) for about in ("x/b", "x/a") for text in ("One.", "Two.")]
    assert told(*notes, note("x/a", "Three."), note("", "Package."), note("", "One.")) == [
        ((), ("One.",)),
        ((), ("Package.",)),
        (("x/a", "x/b"), ("One.", "Two.")),
        (("x/a",), ("Three.",)),
    ]


def test_many_before_few_new_ones_before_them_and_documentation_last() -> None:
    notes = [
        note("x/a", "The documentation of input `a` changed.", "patch", "prose"),
        note("x/a", "Alone."),
        *(note(f"x/{name}", "Shared.") for name in "cb"),
        note("x/z", "New endpoint, reached by `fal.z`.", kind="endpoint-added"),
        note("x/b", "The fields of the input are listed in another order.", "patch", "order"),
        note("x/b", "The documentation of the endpoint changed.", "patch", "prose"),
        note("x/c", "Breaks.", "major"),
    ]
    assert told(*notes) == [
        (("x/c",), ("Breaks.",)),
        (("x/z",), ("New endpoint, reached by `fal.z`.",)),
        (("x/b", "x/c"), ("Shared.",)),
        (("x/a",), ("Alone.",)),
        (("x/b",), ("The fields of the input are listed in another order.",)),
        (("x/a", "x/b"), ("The documentation of 2 endpoints changed.",)),
    ]
    assert told(*reversed(notes)) == told(*notes)


def test_documentation_of_one_endpoint_says_where() -> None:
    notes = [note("x/a", "The documentation of input `a` changed.", "patch", "prose")]
    assert told(*notes) == [(("x/a",), ("The documentation of input `a` changed.",))]


def test_many_new_endpoints_are_one_line() -> None:
    notes = [note(f"x/{n}", f"New endpoint, reached by `fal.{n}`.", kind="endpoint-added") for n in range(1234)]
    assert [texts for _, texts in told(*notes)] == [("1,234 new endpoints.",)]
    assert len(told(*notes[:8])) == 8


def test_what_is_said_of_several_fields_is_one_sentence() -> None:
    texts = [
        "Input `a` is gone: leave it out.",
        "Input field `A.a` can now be `None`.",
        "Input `b` is gone: leave it out.",
        "Input ``c`c`` is gone: leave it out.",
        "Input `d` is now required (before, `1` was taken).",
        "Output `d` is gone.",
        "Output `e` is gone.",
        "Output `f` is gone.",
        "Input `a` was `int` and is now `str`.",
    ]
    assert told(*(note("x/a", text) for text in texts))[0][1] == (
        "Inputs `a` and `b` are gone: leave them out.",
        "Input field `A.a` can now be `None`.",
        "Input ``c`c`` is gone: leave it out.",
        "Input `d` is now required (before, `1` was taken).",
        "Outputs `d`, `e` and `f` are gone.",
        "Input `a` was `int` and is now `str`.",
    )


def test_what_must_be_given_and_is_not_none_any_more_is_one_fact(project: Project, capsys: Capture) -> None:
    project.add("fal-ai/a", input=obj({"it": NULLABLE}))
    run_cli(project, capsys, "release", "--date", "2026-01-01")
    project.add("fal-ai/a", input=obj({"it": STRING}, required=["it"]))
    said = "Input `it` is now required, and can no longer be `None`."
    assert run_cli(project, capsys, "diff").out == f"Breaking\n  fal-ai/a: {said}\n\npackage: major\n"
    assert run_cli(project, capsys, "diff", "--json").out.count('"kind"') == 2


def removed(name: str) -> Change:
    return change(f"`models.{name}` is gone: …", Verdict.MAJOR, "type-removed", f"type.models.{name}")


def added(name: str) -> Change:
    return change(f"New shared type `params.{name}`.", Verdict.MINOR, "type-added", f"type.params.{name}")


def test_shared_types_without_more_to_say_are_one_sentence() -> None:
    types = (removed("A"), removed("B"), removed("C"), added("D"), added("E"))
    found = entries(Difference(endpoints={}, types=types, moved={"models.B": "models.X"}))
    assert [(one.about, one.verdict, one.kind, one.text) for one in found] == [
        ("", "major", "type-removed", "`models.B` is gone: …"),
        ("", "major", "type-removed", "Gone, for no endpoint uses them any more: `models.A`, `models.C`."),
        ("", "minor", "type-added", "New shared types: `params.D`, `params.E`."),
    ]
    alone = Difference(endpoints={}, types=(removed("A"), added("D")))
    assert [one.text for one in entries(alone)] == ["`models.A` is gone: …", "New shared type `params.D`."]


@pytest.mark.parametrize("opened", [True, False])
def test_an_output_has_fields_and_takes_none(opened: bool, tmp_path: Path) -> None:
    closed, open_ = (document(IT, output=obj({"a": STRING}, **more)) for more in ({}, {"additionalProperties": True}))
    found = States(tmp_path).compare({IT: closed if opened else open_}, {IT: open_ if opened else closed})
    words = "may now have" if opened else "no longer has"
    assert [one.text for one in found.endpoints[IT]] == [f"The output {words} fields that are not described."]


def test_a_long_enum_does_not_name_what_else_there_is(tmp_path: Path) -> None:
    def doc(count: int) -> Any:
        return taking({**STRING, "enum": [f"v{n}" for n in range(count)]})

    (change,) = States(tmp_path).compare({IT: doc(10)}, {IT: doc(9)}).endpoints[IT]
    assert change.text == 'Input `it` no longer takes `"v9"`.'


# --- how it is written -----------------------------------------------------------------------------------------------


@pytest.fixture
def five(project: Project, capsys: Capture) -> Project:
    """Five endpoints of which all lose an input, three gain one, and two are only described in other words."""
    for one in [*IDS, "fal-ai/x", "fal-ai/y"]:
        project.add(one, input=obj({"prompt": STRING, "seed": INTEGER}))
    run_cli(project, capsys, "release", "--date", "2026-01-01")
    for one in IDS:
        more = {"style": STRING} if one < "fal-ai/d" else {}
        project.add(one, input=obj({"prompt": STRING, **more}))
    for one in ("fal-ai/x", "fal-ai/y"):
        project.add(one, input=obj({"prompt": STRING, "seed": INTEGER}), about="Other words.")
    return project


TEXT = """\
Breaking
  5 endpoints (fal-ai/a, fal-ai/b, fal-ai/c and 2 more)
    Input `seed` is gone: leave it out.

New and changed
  fal-ai/a, fal-ai/b and fal-ai/c
    New optional input `style` (`str`).

Small
  The documentation of 2 endpoints changed (fal-ai/x and fal-ai/y).

package: major
"""
HEAD = """\
**major** for the package. Of 7 endpoints: 5 breaking, 2 with small changes.

"""
LISTS = """\
### Breaking

- **5 endpoints**: Input `seed` is gone: leave it out.
  <details><summary><code>fal-ai/a</code>, <code>fal-ai/b</code>, <code>fal-ai/c</code> and 2 more</summary>

  {a}, {b}, {c}, {d} and {e}

  </details>

### New and changed

- {a}, {b} and {c}: New optional input `style` (`str`).

### Small

- The documentation of 2 endpoints changed.
  <details><summary><code>fal-ai/x</code> and <code>fal-ai/y</code></summary>

  {x} and {y}

  </details>
""".format(**{name: f"[`fal-ai/{name}`](https://fal.ai/models/fal-ai/{name})" for name in "abcdexy"})


def test_the_three_texts(five: Project, capsys: Capture) -> None:
    assert run_cli(five, capsys, "diff").out == TEXT
    assert run_cli(five, capsys, "diff", "--markdown").out == HEAD + LISTS
    done = run_cli(five, capsys, "release", "--date", "2026-01-02")
    assert done.out == "0.1.0 → 0.2.0 (major)\n\n" + TEXT.removesuffix("\npackage: major\n")
    five.regenerate()
    assert f"\n## 0.2.0 (2026-01-02)\n\n{LISTS}\n## 0.1.0" in five.tree()["CHANGELOG.md"]


def test_programs_get_every_endpoint_by_itself(five: Project, capsys: Capture) -> None:
    out = run_cli(five, capsys, "diff", "--json").out
    assert out.count("Input `seed` is gone: leave it out.") == 5


def test_it_is_markdown(five: Project, capsys: Capture) -> None:
    """Folds are closed where they should be: each heading, item and link is seen as one."""
    found = [*tokens(run_cli(five, capsys, "diff", "--markdown").out)]
    assert [one.content for n, one in enumerate(found) if n and found[n - 1].type == "heading_open"] == [
        "Breaking", "New and changed", "Small"
    ]  # fmt: skip
    assert sum(one.type == "list_item_open" for one in found) == 3
    assert sum(one.type == "link_open" for one in found) == 5 + 3 + 2
    blocks = [one.content.strip()[:9] for one in found if one.type == "html_block"]
    assert blocks == ["<details>", "</details"] * 2


def test_sentences_below_a_fold_are_items() -> None:
    notes = [note(about, text, "major") for about in IDS for text in ("One.", "Two.")] + [
        note("x/a", "Three.", "major")
    ]
    (section,) = sections(notes)
    found = [*tokens(section.markdown())]
    assert [one.content for one in found if one.type == "text" and one.level == 0 and one.content.endswith(".")] == [
        "One.", "Two.", ": Three."
    ]  # fmt: skip
    assert sum(one.type == "list_item_open" for one in found) == 4


HOSTILE = ["</summary></details><h1>x", "@team\n# x", "a`](http://x)", "a/b](http://x) <img>", "..", ""]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_from_a_file_is_no_markup(name: str) -> None:
    """releases.json is a file like any other: an id in it that is none is text."""
    notes = [note(about, "One.") for about in (name, *IDS)] + [note(name, "Two.")]
    (section,) = sections(notes)
    links = {dict(one.attrs).get("href") for one in tokens(section.markdown()) if one.type == "link_open"}
    assert links == {f"https://fal.ai/models/{one}" for one in IDS}
    html = "".join(one.content for one in tokens(section.markdown()) if one.type.startswith("html"))
    assert {*re.findall(r"</?\w+", html)} == {"<details", "<summary", "<code", "</code", "</summary", "</details"}
    assert html.count("</details>") == html.count("</summary>") == 1
    assert not [one for one in tokens(section.markdown()) if one.type == "heading_open"]


# --- how long it is --------------------------------------------------------------------------------------------------


def many(endpoints: int, sentences: int) -> Difference:
    """Each sentence is said of a third of the endpoints; each endpoint breaks in its own way."""
    said = {
        f"e{n:04}": [
            change(f"Input `own{n}` is gone: leave it out.", Verdict.MAJOR, "field-removed"),
            *(change(f"New output `o{k}` (`int`).", kind="field-added") for k in range(sentences) if (n + k) % 3 == 0),
            change("The documentation of the endpoint changed.", Verdict.PATCH, "prose"),
        ]
        for n in range(endpoints)
    }
    return difference(**said)


def test_a_topic_that_just_fits_is_not_left_out() -> None:
    found = sections(note(f"x/{n}", f"Sentence {n}.") for n in range(5))
    ((_, whole),) = _within(found, 10_000)
    ((_, fitting),) = _within(found, len(whole) + 1)
    ((_, shorter),) = _within(found, len(whole))
    assert fitting == whole
    assert shorter.splitlines()[:4] == whole.splitlines()[:4]
    assert whole.splitlines()[4] not in shorter


@pytest.mark.sampled(12)
@pytest.mark.parametrize(("endpoints", "sentences"), [(3, 2), (200, 30), (700, 100), (2000, 50)])
@pytest.mark.parametrize("most", [3000, 20_000, 60_000])
def test_a_body_is_never_longer_than_that(endpoints: int, sentences: int, most: int) -> None:
    found = many(endpoints, sentences)
    whole, body = as_markdown(found), as_markdown(found, most=most)
    assert len(body) <= most
    assert body == as_markdown(found, most=most)
    assert (body == whole) == (len(whole) <= most)
    assert body.startswith("**major** for the package. Of ")
    assert body == whole or "cut short here" in body
    # What was not left out is Markdown still.
    assert sum(one.type == "heading_open" for one in tokens(body)) == 3


def test_what_breaks_is_shortened_last() -> None:
    breaks = change("Input `a` is gone: leave it out.", Verdict.MAJOR, "field-removed")
    found = difference(**{f"e{n:03}": [breaks, change("New output `b` (`int`).")] for n in range(200)})
    body = as_markdown(found, most=len(as_markdown(found)) - 1)
    breaking, _, new = body.partition("### New and changed")
    assert (breaking.count("](https://"), new.count("](https://")) == (200, 100)


def test_the_first_ids_to_go_are_those_of_what_is_only_counted() -> None:
    new = change("New endpoint.", kind="endpoint-added", where="endpoint")
    found = difference(
        **{f"e{n:03}": [change("New output `b` (`int`).")] for n in range(200)},
        **{f"n{n:03}": [new] for n in range(20)},
    )
    body = as_markdown(found, most=len(as_markdown(found)) - 1)
    assert "20 new endpoints." in body
    assert (body.count("fal-ai/n0"), body.count("](https://")) == (0, 200)


def test_what_is_left_out_is_counted() -> None:
    body = as_markdown(many(700, 100), most=3000)
    shown = len(re.findall(r"`own\d+` is gone", body))
    assert shown > 10
    assert (
        f"- Left out here: **{700 - shown} changes** of {700 - shown} endpoints ({700 - shown} `field-removed`)."
        in body
    )
    assert re.search(r"- Left out here: \*\*\d\d,\d\d\d changes\*\* of 700 endpoints \([\d,]+ `field-added`\)\.", body)
    assert body.endswith("- The documentation of 700 endpoints changed.\n")


def test_many_endpoints_that_cannot_be_read_are_few_words() -> None:
    ids = [f"fal-ai/{n:04}" for n in range(3000)]
    body = as_markdown(difference(), ids, most=3000)
    assert "`fal-ai/0000`, `fal-ai/0001`, `fal-ai/0002` and 2,997 more" in body
    assert len(body) < 3000


def test_the_command_keeps_to_what_it_is_told(project: Project, capsys: Capture) -> None:
    for n in range(60):
        project.add(f"fal-ai/a-model-with-a-long-name/{n}", input=obj({"prompt": STRING, "seed": INTEGER}))
    run_cli(project, capsys, "release", "--date", "2026-01-01")
    for n in range(60):
        project.add(f"fal-ai/a-model-with-a-long-name/{n}", input=obj({"prompt": STRING}))
    whole = run_cli(project, capsys, "diff", "--markdown").out
    assert whole == run_cli(project, capsys, "diff", "--markdown", "--most", "0").out
    short = run_cli(project, capsys, "diff", "--markdown", "--most", "3000").out
    assert len(whole) > 5000
    assert len(short) <= 3000
    assert "- **60 endpoints**: Input `seed` is gone: leave it out.\n" in short
    assert "](https://fal.ai/models/fal-ai/a-model-with-a-long-name/0), " in short
    for wrong in ("-1", "1", "2999"):
        done = run_cli(project, capsys, "diff", "--markdown", "--most", wrong)
        assert (done.code, done.out) == (2, "")
    assert done.err == "error: --most must be at least 3,000, or 0 for all there is to say\n"
