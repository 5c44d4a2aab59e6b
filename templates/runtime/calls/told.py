"""Where help on endpoints and their verbs is made when somebody asks for it, and not before."""

# design: When is the signature of a verb made?

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from inspect import Signature

    from ..inputs.spec import EndpointSpec

_PACKAGE = __name__.removesuffix("._runtime.calls.told")


class VerbTold:
    """Stands between a verb and the function that it wraps, where `inspect` looks for a signature.

    Args:
        spec: What is known of the endpoint.
        verb: The function.
    """

    def __init__(self, spec: EndpointSpec, verb: Callable[..., Any]) -> None:
        self._spec = spec
        self._signature: Signature | None = None
        self.__wrapped__ = verb

    def stand_behind(self, wrapper: Any) -> None:
        """Let people who ask about the function that callers call be told by this."""
        wrapper.__wrapped__ = self
        wrapper.getdoc = self.page  # IPython's name for it

    @property
    def __signature__(self) -> Signature:
        if self._signature is None:
            from ..inputs_told.signatures import signature_of

            self._signature = signature_of(_PACKAGE, self._spec, self.__wrapped__)
        return self._signature

    def page(self) -> str:
        """The verb's docstring with a table of the inputs."""
        from ..inputs_told.page import page_of

        return page_of(_PACKAGE, self._spec, self.__wrapped__.__doc__ or "")


class NoSignature:
    """What `inspect` finds in place of the signature of something that only says that it is not callable."""

    @property
    def __signature__(self) -> Signature:
        raise ValueError("it is not callable")


class PageTold:
    """The docstring of an endpoint's class: with a table of the inputs, made when it is read.

    Args:
        spec: What is known of the endpoint.
        docstring: What was written.
    """

    def __init__(self, spec: EndpointSpec, docstring: str) -> None:
        self._spec = spec
        self._docstring = docstring
        self._page = ""

    @classmethod
    def take_place(cls, owner: Any, spec: EndpointSpec) -> None:
        """Put one in the place of a class's docstring, if it has one; under `-OO` it has none."""
        if owner.__doc__ is not None:
            owner.__doc__ = cls(spec, owner.__doc__)

    def __get__(self, instance: object, owner: object = None) -> str:
        if not self._page:
            from ..inputs_told.page import page_of

            self._page = page_of(_PACKAGE, self._spec, self._docstring)
        return self._page
