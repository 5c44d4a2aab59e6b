"""The endpoints of the package: found by their ids, told by what their documents say, and nothing imported for it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from ..checks import suggestion
from ..http.endpoint_ids import check_endpoint_id
from .exits import UsageProblemError
from .text import PACKAGE, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..inputs.spec import EndpointSpec
    from ..schemas import Schemas


class Facts(NamedTuple):
    """What is told of an endpoint.

    Attributes:
        id: Its id.
        attribute: How it is reached from a client, e.g. `flux_1.schnell`.
        category: What it is for, e.g. `text-to-image`.
        description: What its document says of it.
    """

    id: str
    attribute: str
    category: str
    description: str


def modules() -> Mapping[str, tuple[str, str]]:
    """Each endpoint's module and class, by its id."""
    found: Mapping[str, tuple[str, str]] = import_module(f"{PACKAGE}._registry").ENDPOINTS
    return found


def facts_of(endpoint_id: str) -> Facts:
    """What is told of an endpoint of the package."""
    schemas = schemas_of(endpoint_id)
    return Facts(endpoint_id, modules()[endpoint_id][0], schemas.category or "", schemas.description or "")


def schemas_of(endpoint_id: str) -> Schemas:
    """What the document of an endpoint of the package says."""
    from ..schemas import schemas_of as read

    found = read(PACKAGE, endpoint_id)
    if found is None:
        raise UsageProblemError(f"{PACKAGE} says nothing of {endpoint_id}: generate it anew")
    return found


def spec_of(endpoint_id: str) -> EndpointSpec:
    """What the package knows of an endpoint of its own, whose module is imported for it."""
    spec: EndpointSpec = _class_of(endpoint_id)._spec
    return spec


def deprecation_of(endpoint_id: str) -> str:
    """Why an endpoint of the package should not be called any more; empty where it may."""
    return str(getattr(_class_of(endpoint_id).subscribe, "__deprecated__", ""))


def _class_of(endpoint_id: str) -> Any:
    module, name = modules()[endpoint_id]
    return getattr(import_module(f"{PACKAGE}.endpoints.{module}"), name)


def known(endpoint_id: str) -> str:
    """The id, if the package has that endpoint.

    Raises:
        UsageProblemError: It has not.
    """
    if endpoint_id in modules():
        return endpoint_id
    hint = suggestion(endpoint_id, modules())
    raise UsageProblemError(
        f"{PACKAGE} has no endpoint {visible(endpoint_id)!r}{hint or ';'} `search` finds what it has"
    )


def checked(endpoint_id: str) -> str:
    """The id, if it is one, of the package or not.

    Raises:
        UsageProblemError: It is none.
    """
    try:
        return check_endpoint_id(endpoint_id)
    except ValueError as error:
        raise UsageProblemError(str(error)) from None


def complete(incomplete: str) -> list[str]:
    """The ids that begin so, for a shell."""
    return [one for one in modules() if one.startswith(incomplete)]
