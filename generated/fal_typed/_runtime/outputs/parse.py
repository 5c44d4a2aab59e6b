"""From a decoded answer to the endpoint's output. A result that was paid for is never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, TypeAdapter, ValidationError

from . import lenient
from .mismatches import Mismatch, tell
from .model import FalModel, Origin, origin_of, read_response_info, set_origin

if TYPE_CHECKING:
    from ..http.exchange import Answer
    from ..inputs.spec import EndpointSpec

# By identity, with the type kept alive: not every annotation can be hashed.
_ADAPTERS: dict[int, tuple[Any, TypeAdapter[Any]]] = {}


def read_output(spec: EndpointSpec, body: Any, answer: Answer, request_id: str | None, http_client: Any = None) -> Any:
    """The output of a call, with what `response_info` tells about it.

    Args:
        spec: The endpoint.
        body: The decoded body.
        answer: The answer that it came in.
        request_id: The queue's id of the request.
        http_client: The caller's own client, by which the files in it are to be saved.
    """
    output = parse_output(spec.output, body, endpoint=spec.id)
    if http_client is not None:
        for file in lenient.files_in(output):
            set_origin(file, Origin(http_client=http_client))
    if isinstance(output, FalModel):
        info = read_response_info(answer.headers, request_id)
        set_origin(output, Origin(info, origin_of(output).received, http_client))
    return output


def parse_output(output_type: Any, body: Any, *, endpoint: str = "") -> Any:
    """The body as the output type, strictly where it matches, from its parts where it does not.

    Strictly, because pydantic would otherwise change what was received (`"5"` to `5`). A mismatch is logged, with its
    paths and never with its values.
    """
    wrong: list[Mismatch] = []
    try:
        output = _validate(output_type, body)
    except (ValidationError, RecursionError) as error:
        wrong = _mismatches(error)
        output = _from_parts(output_type, body)
    unknown = list(lenient.unknown_fields(output))
    if not wrong and any(each.is_name_of_another for each in unknown):
        output = _from_parts(output_type, body)  # pydantic counts the other field as received
    if wrong or unknown:
        tell(endpoint or "webhook", wrong, [each.path for each in unknown])
    return output


def _validate(output_type: Any, body: Any) -> Any:
    # by_alias: on the wire only the wire's names count; a key that happens to be a Python name is an unknown one.
    if isinstance(output_type, type) and issubclass(output_type, BaseModel):
        return output_type.model_validate(body, strict=True, by_alias=True, by_name=False)
    return _adapter(output_type).validate_python(body, strict=True, by_alias=True, by_name=False)


def _adapter(output_type: Any) -> TypeAdapter[Any]:
    known = _ADAPTERS.get(id(output_type))
    if known is None:
        known = _ADAPTERS[id(output_type)] = (output_type, TypeAdapter(output_type))
    return known[1]


def _from_parts(output_type: Any, body: Any) -> Any:
    output = lenient.build(output_type, body)
    return output if isinstance(output, BaseModel) else _held(output_type, body)


def _held(output_type: Any, body: Any) -> Any:
    """A model without fields that holds a body which is no object; where the type has no model, the body itself."""
    model = next((each for each in lenient.models_in(output_type) if issubclass(each, FalModel)), None)
    if model is None:
        return body
    holder = cast("FalModel", lenient.build_model(model, {}))
    set_origin(holder, Origin(received=body))
    return holder


def _mismatches(error: ValidationError | RecursionError) -> list[Mismatch]:
    if isinstance(error, RecursionError):
        return [Mismatch((), "too deep a nesting")]
    errors = error.errors(include_url=False, include_input=False, include_context=False)
    return list(dict.fromkeys(Mismatch(each["loc"], each["type"]) for each in errors))
