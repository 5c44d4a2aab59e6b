"""One endpoint with everything that calls to it share: the pure half of endpoints and handles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..http.deadline import Deadline, Limits
from ..http.error_answers import status_error, unreadable
from ..http.requests import RequestBuilder, merged_input
from ..inputs import validate
from ..outputs import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..http.exchange import Answer, Exchange
    from ..inputs.spec import EndpointSpec
    from ..options import Options
    from ..settings import Settings


@dataclass(frozen=True, slots=True)
class CallContext:
    """An endpoint, the client's settings, and the options of the calls."""

    spec: EndpointSpec
    settings: Settings
    options: Options
    user_agent: str
    http_client: Any = None

    @property
    def builder(self) -> RequestBuilder:
        """Makes the requests."""
        return RequestBuilder(self.spec.id, self.spec.path, self.settings.hosts, self.options, self.user_agent)

    def limits(self, timeout: float | None = None) -> Limits:
        """The limits of a call that starts now."""
        options, settings = self.options, self.settings
        return Limits(
            Deadline(_first(timeout, options.timeout, settings.timeout)),
            options.http_timeout or settings.http_timeout,
            settings.max_retries if options.max_retries is None else options.max_retries,
        )

    def arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The checked input under the names of the wire; files are files yet.

        Raises:
            InvalidInputError: It does not match the document.
        """
        if self.spec.input is not None and self.settings.validate_inputs:
            given = validate.check_input(self.spec, given)
        wire = validate.wire_names(self.spec, given) if self.spec.renamed else given
        return merged_input(wire, self.options.extra_input)

    def body(self, arguments: Mapping[str, Any]) -> bytes:
        """The arguments as they go over the wire.

        Raises:
            InvalidInputError: They cannot be sent as JSON.
            HoldsFilesError: They hold files, which are to be uploaded first.
        """
        return validate.to_json(self.spec.id, arguments)

    def output(self, exchange: Exchange, answer: Answer) -> Any:
        """The output in an answer.

        Raises:
            APIStatusError: The answer is an error.
            InvalidResponseError: The answer is not JSON.
        """
        if not answer.is_success:
            raise status_error(answer, exchange)
        try:
            body = answer.json()
        except ValueError:
            raise unreadable(answer, exchange, "the output is not JSON") from None
        if self.spec.output is None:
            return body
        return parse.read_output(self.spec, body, answer, exchange.request_id, self.http_client)


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)
