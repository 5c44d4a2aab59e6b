"""All that is scripted and all that was asked: what the fake reads, and its service writes."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from ... import forks
from ...checks import is_array, is_object
from ...inputs.spec import EndpointSpec
from ...inputs.wire_names import python_names
from ..messages import Answer
from ..webhooks.delivery import Webhooks
from .calls import Call, Calls, Ending
from .faults import Faults
from .steps import EndpointScript
from .verbs import caller_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..clock import Clock
    from ..messages import Json, NoAnswer, Request
    from .routes import Route
    from .script import Call as Asked
    from .script import Fault, Play


class Notebook:
    """The `script.Book` of a fake. Safe to share between threads.

    Args:
        clock: That of the fake.
        usual: Makes an output that is valid by the endpoint's document.
        allowed: Whether a host that is not this machine may be reached.
        spec: What is known of an endpoint, by its id.

    Attributes:
        faults_of_all: What goes wrong with whatever request.
        webhooks: The webhook calls that wait to be delivered.
    """

    def __init__(
        self,
        clock: Clock,
        usual: Callable[[Asked], Json],
        allowed: Callable[[str], bool] = lambda host: False,  # noqa: ARG005
        spec: Callable[[str], EndpointSpec] = EndpointSpec,
    ) -> None:
        self._spec = spec
        self.webhooks: Webhooks = Webhooks(clock, allowed)
        self.faults_of_all: Faults = Faults(clock, lambda route, request: True)  # noqa: ARG005
        self._clock = clock
        self._usual = usual
        self._scripts: dict[str, EndpointScript] = {}
        self._faults: dict[str, Faults] = {}
        self._calls: list[Call[Any]] = []
        self._endings: dict[str, tuple[str, Ending]] = {}  # of which endpoint, and how, by the request's id
        self._lock = forks.ReentrantLock()
        self._now = threading.local()  # what becomes of the submission that this thread answers

    # What a fake's endpoints are made of.

    def script_of(self, spec: EndpointSpec) -> EndpointScript:
        """What an endpoint is to do, to be told more of."""
        with self._lock:
            if spec.id not in self._scripts:
                self._scripts[spec.id] = EndpointScript(
                    spec, self._usual, self._refuse, lambda call: input_of(spec, call.input)
                )
            return self._scripts[spec.id]

    def faults_of(self, spec: EndpointSpec) -> Faults:
        """What goes wrong with the requests of one endpoint."""

        def is_meant(route: Route, request: Request) -> bool:
            if route.where == "submit":
                return route.is_of(spec.path)
            if route.where == "download":
                return any(request.url in json.dumps(each.output) for each in self.calls(spec))
            endpoint_id, _ = self._endings.get(route.request_id or "", ("", None))
            return endpoint_id == spec.id

        with self._lock:
            return self._faults.setdefault(spec.id, Faults(self._clock, is_meant, spec.id))

    def calls(self, spec: EndpointSpec | None = None) -> Calls[Any]:
        """The calls of an endpoint, or of all of them."""
        with self._lock:
            found = [call for call in self._calls if spec is None or call.endpoint_id == spec.id]
        known = () if spec is None else getattr(spec.input, "__annotations__", ())
        return Calls(found, "the fake" if spec is None else spec.id, known)

    def forget(self, spec: EndpointSpec) -> None:
        """Everything about an endpoint."""
        with self._lock:
            self._scripts.pop(spec.id, None)
            self._faults.pop(spec.id, None)
            self._calls = [call for call in self._calls if call.endpoint_id != spec.id]

    def clear(self) -> None:
        """Everything about all endpoints, what goes wrong, and what waits to be delivered."""
        with self._lock:
            for kept in (self._scripts, self._faults, self._calls, self._endings):
                kept.clear()
            self.faults_of_all.clear()
            self.webhooks.clear()

    # What the service asks and tells: see script.Book.

    def script(self, endpoint_id: str) -> EndpointScript | None:
        """See script.Book."""
        return self._scripts.get(endpoint_id)

    def faults(self) -> Iterator[Fault]:
        """See script.Book."""
        yield self.webhooks.answer
        with self._lock:
            known = [self.faults_of_all, *self._faults.values()]
        for each in known:
            yield from each.planned()
        yield self._instead

    def note(self, call: Asked) -> None:
        """See script.Book."""
        verb, client = caller_of(call)
        ending = Ending()
        made: Call[Any] = Call(
            endpoint_id=call.endpoint_id,
            input=input_of(self._spec(call.endpoint_id), call.input),
            verb=verb,
            client=client,
            request_id=call.request_id,
            options=call.options,
            uploads=tuple(call.files.values()),
            at=call.at,
            _ending=ending,
        )
        with self._lock:
            self._calls.append(made)
            self._endings[call.request_id] = (made.endpoint_id, ending)

    def ended(self, call: Asked, play: Play) -> None:
        """See script.Book."""
        _, ending = self._endings[call.request_id]
        ending.play = play
        if ending.word != "refused":
            self.webhooks.note(call, play)

    def _refuse(self, call: Asked, ending: Answer | NoAnswer) -> None:
        self._now.ending = ending
        self._endings[call.request_id][1].word = "refused" if isinstance(ending, Answer) else "lost"

    def _instead(self, request: Request, usual: Callable[[], Answer]) -> Answer | None:
        """The answer to a submission whose script says that it is not accepted, or that its answer gets lost."""
        if request.method != "POST":
            return None
        self._now.ending = None
        answer = usual()
        ending: Answer | NoAnswer | None = self._now.ending
        if ending is None:
            return answer
        if isinstance(ending, Answer):
            return ending
        raise ending


def input_of(spec: EndpointSpec, input: Any) -> Any:
    """An input as it was passed: under the names that Python has for it."""
    return _named(spec.input, input, ()) if spec.renamed else input


def _named(input_type: Any, value: Any, place: tuple[str | int, ...]) -> Any:
    if is_array(value):
        return [_named(input_type, item, (*place, at)) for at, item in enumerate(value)]
    if not is_object(value):
        return value
    names = python_names(input_type, place)
    return {
        names.get(name, name): _named(input_type, item, (*place, names.get(name, name))) for name, item in value.items()
    }
