"""What a namespace has below it."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, get_type_hints

import pytest
from runtime.calls.child import ChildNode, children


class Leaf:
    def __init__(self, session: object) -> None:
        self._session = session


@pytest.fixture
def parent(monkeypatch: pytest.MonkeyPatch) -> type:
    """A node of a package with a module below it."""
    package, below = ModuleType("tree_of_tests"), ModuleType("tree_of_tests.leaf")
    package.__package__, package.__path__ = "tree_of_tests", []
    vars(below)["Leaf"] = Leaf
    monkeypatch.setitem(sys.modules, "tree_of_tests", package)
    monkeypatch.setitem(sys.modules, "tree_of_tests.leaf", below)
    body: dict[str, Any] = {"__module__": "tree_of_tests", "leaf": ChildNode("Leaf"), "_own": ChildNode("Leaf")}
    return type("Parent", (), body)


def test_it_leads_to_the_class_of_the_module_of_its_name_for_the_same_client(parent: type) -> None:
    node = parent()
    node._session = object()
    assert type(node.leaf) is Leaf
    assert node.leaf._session is node._session
    assert isinstance(parent.leaf, ChildNode)  # type: ignore[attr-defined]


def test_it_cannot_be_set(parent: type) -> None:
    with pytest.raises(AttributeError, match="'Parent' object: 'leaf' cannot be set"):
        parent().leaf = 1


def test_it_cannot_be_deleted(parent: type) -> None:
    with pytest.raises(AttributeError, match="'Parent' object: 'leaf' cannot be deleted"):
        del parent().leaf


def test_what_type_checkers_read_beside_it_is_no_hint_at_run_time() -> None:
    body = {"__module__": __name__, "__annotations__": {"leaf": "ChildNode[Nowhere]", "x": "int"}}
    parent = type("Parent", (), {**body, "leaf": ChildNode("Leaf"), "x": 1})
    assert get_type_hints(parent) == {"x": int}


def test_children_are_those_of_bases_too_and_of_trees_made_by_hand(parent: type) -> None:
    below = type("Below", (parent,), {"__module__": "tree_of_tests", "other": property(Leaf), "x": 1})
    assert children(parent) == ["leaf"]
    assert children(below) == ["leaf", "other"]
