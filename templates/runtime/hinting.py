"""Methods that say of an argument which they do not take what it is called; the words are loaded when it happens."""

# design: Who hints at the right spelling?

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


_COROUTINE = 0x80  # inspect.CO_COROUTINE: importing inspect would double what naming a client costs


def hinting(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method whose complaints about its arguments name the public class, and what is meant."""

    @wraps(method)
    def told(self: object, /, *args: Any, **named: Any) -> Any:
        try:
            return method(self, *args, **named)
        except TypeError as error:
            if _is_of_its_own(error):
                raise
            raise _explained(error, method, self, named) from None

    @wraps(method)
    async def told_async(self: object, /, *args: Any, **named: Any) -> Any:
        try:
            called = method(self, *args, **named)
        except TypeError as error:
            if _is_of_its_own(error):
                raise
            raise _explained(error, method, self, named) from None
        return await called

    return told_async if method.__code__.co_flags & _COROUTINE else told


def _is_of_its_own(error: TypeError) -> bool:
    """Whether the method itself raised it: then there are more frames than that of the call."""
    return error.__traceback__ is None or error.__traceback__.tb_next is not None


def _explained(error: TypeError, method: Callable[..., Any], owner: object, named: dict[str, Any]) -> TypeError:
    """What is said of a method that could not be called so."""
    public = f"{type(owner).__name__}.{method.__name__}"
    code = method.__code__
    known = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    unknown = [name for name in named if name not in known]
    if not unknown:
        return TypeError(str(error).replace(method.__qualname__, public, 1))
    from .habits.calls import argument_error

    return argument_error(public, unknown[0], known)
