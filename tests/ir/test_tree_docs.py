"""What is said of the names that lead to endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.ir.docstrings import endpoint_doc, namespace_doc
from generator.parse.about import About, deprecation

if TYPE_CHECKING:
    from support import Project


def test_an_endpoint_says_its_category_its_first_sentence_and_its_page() -> None:
    known = About("text-to-image", "It draws.", "https://fal.ai/models/a/b")
    assert endpoint_doc("a/b", known).split("\n\n") == [
        "a/b: text-to-image.",
        "It draws.",
        "Documentation: https://fal.ai/models/a/b",
    ]
    assert endpoint_doc("a/b", About()) == endpoint_doc("a/b", None) == "a/b."
    gone = known._replace(deprecated=deprecation("a/b", "2026-09-01"))
    assert "Deprecated: fal has not listed a/b since 2026-09-01" in endpoint_doc("a/b", gone)


def test_a_namespace_says_what_is_below_it_by_category() -> None:
    below = {("dev",): "text-to-image", ("dev", "edit"): "image-to-image", ("old",): ""}
    assert namespace_doc(["flux"], below).split("\n\n") == [
        "3 endpoints below flux.",
        "image-to-image: `dev.edit`.",
        "of no category: `old`.",
        "text-to-image: `dev`.",
    ]
    assert namespace_doc(["flux"], {("dev",): "x"}).startswith("1 endpoint below flux.")


def test_many_are_counted() -> None:
    of_one = namespace_doc(["many"], {(f"e{n:02}",): "x" for n in range(25)})
    assert of_one.endswith("x: `e00`, `e01`, `e02`, `e03`, `e04`, `e05`, `e06`, `e07`, `e08`, `e09` and 15 more.")
    of_many = namespace_doc(["many"], {(f"e{n:02}",): f"c{n:02}" for n in range(25)})
    assert of_many.endswith("c11: `e11`.\n\n13 more categories.")
    owners = namespace_doc(["owners"], {("bria", "a"): "x", ("bria", "b"): "y", ("me", "c"): "x"})
    assert owners == "3 endpoints by owner.\n\n`bria`, `me`."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("It draws. And it sings.", "\n    It draws.\n"),
        ("fal-ai/one/two", "text-to-image.\n\n    Documentation"),
        ("word " * 100, " word …\n"),
        ('a """ and a \\', 'a \\"\\"\\" and a \\\\'),
    ],
)
def test_a_parent_says_it_of_what_is_below_whichever_run_made_its_module(
    words: str, said: str, project: Project
) -> None:
    project.add("fal-ai/one", about="The parent.")
    project.add("fal-ai/one/two", about="Something else.")
    project.regenerate()
    assert "Something else." in project.module("endpoints/one/__init__.py")
    project.add("fal-ai/one/two", about=words)
    project.regenerate()
    parent = project.module("endpoints/one/__init__.py")
    assert parent.count("fal-ai/one/two: text-to-image.") == parent.count(said) == 2
    assert "Something else." not in parent
    for root in ("_root", "_async_root"):
        assert "The parent." in project.module(f"endpoints/{root}.py")
