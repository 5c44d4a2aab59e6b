# Generated from specs/ by `python -m generator regenerate`; do not edit.
"""A typed client for fal.ai's models.

    from fal_typed import Fal

    fal = Fal()  # reads FAL_KEY

Importing this package loads nothing but this file: each name comes with its module when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._client import AsyncFal as AsyncFal
    from ._client import Fal as Fal
    from ._runtime.async_handle import AsyncRequestHandle as AsyncRequestHandle
    from ._runtime.async_stream import AsyncStream as AsyncStream
    from ._runtime.data_uri import data_uri as data_uri
    from ._runtime.errors import APIConnectionError as APIConnectionError
    from ._runtime.errors import APIStatusError as APIStatusError
    from ._runtime.errors import APITimeoutError as APITimeoutError
    from ._runtime.errors import AuthenticationError as AuthenticationError
    from ._runtime.errors import ContentPolicyError as ContentPolicyError
    from ._runtime.errors import DeadlineExceededError as DeadlineExceededError
    from ._runtime.errors import ErrorDetail as ErrorDetail
    from ._runtime.errors import FalError as FalError
    from ._runtime.errors import FileTransferError as FileTransferError
    from ._runtime.errors import InputProblem as InputProblem
    from ._runtime.errors import InvalidInputError as InvalidInputError
    from ._runtime.errors import InvalidResponseError as InvalidResponseError
    from ._runtime.errors import MissingCredentialsError as MissingCredentialsError
    from ._runtime.errors import ModelError as ModelError
    from ._runtime.errors import NotFoundError as NotFoundError
    from ._runtime.errors import PermissionDeniedError as PermissionDeniedError
    from ._runtime.errors import RateLimitError as RateLimitError
    from ._runtime.errors import RequestFailedError as RequestFailedError
    from ._runtime.errors import ResultExpiredError as ResultExpiredError
    from ._runtime.errors import ServerError as ServerError
    from ._runtime.errors import WebhookVerificationError as WebhookVerificationError
    from ._runtime.file_input import FileInput as FileInput
    from ._runtime.handle import RequestHandle as RequestHandle
    from ._runtime.hosts import Hosts as Hosts
    from ._runtime.response_info import ResponseInfo as ResponseInfo
    from ._runtime.response_info import response_info as response_info
    from ._runtime.status import CancelStatus as CancelStatus
    from ._runtime.status import Completed as Completed
    from ._runtime.status import InProgress as InProgress
    from ._runtime.status import LogEntry as LogEntry
    from ._runtime.status import Queued as Queued
    from ._runtime.status import QueueStatus as QueueStatus
    from ._runtime.stream import Stream as Stream
    from ._runtime.table import UnknownEndpointError as UnknownEndpointError

__version__ = "0.1.0"

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncFal",
    "AsyncRequestHandle",
    "AsyncStream",
    "AuthenticationError",
    "CancelStatus",
    "Completed",
    "ContentPolicyError",
    "DeadlineExceededError",
    "ErrorDetail",
    "Fal",
    "FalError",
    "FileInput",
    "FileTransferError",
    "Hosts",
    "InProgress",
    "InputProblem",
    "InvalidInputError",
    "InvalidResponseError",
    "LogEntry",
    "MissingCredentialsError",
    "ModelError",
    "NotFoundError",
    "PermissionDeniedError",
    "QueueStatus",
    "Queued",
    "RateLimitError",
    "RequestFailedError",
    "RequestHandle",
    "ResponseInfo",
    "ResultExpiredError",
    "ServerError",
    "Stream",
    "UnknownEndpointError",
    "WebhookVerificationError",
    "data_uri",
    "response_info",
    "__version__",
]

_MODULES = {
    "APIConnectionError": "._runtime.errors",
    "APIStatusError": "._runtime.errors",
    "APITimeoutError": "._runtime.errors",
    "AsyncFal": "._client",
    "AsyncRequestHandle": "._runtime.async_handle",
    "AsyncStream": "._runtime.async_stream",
    "AuthenticationError": "._runtime.errors",
    "CancelStatus": "._runtime.status",
    "Completed": "._runtime.status",
    "ContentPolicyError": "._runtime.errors",
    "DeadlineExceededError": "._runtime.errors",
    "ErrorDetail": "._runtime.errors",
    "Fal": "._client",
    "FalError": "._runtime.errors",
    "FileInput": "._runtime.file_input",
    "FileTransferError": "._runtime.errors",
    "Hosts": "._runtime.hosts",
    "InProgress": "._runtime.status",
    "InputProblem": "._runtime.errors",
    "InvalidInputError": "._runtime.errors",
    "InvalidResponseError": "._runtime.errors",
    "LogEntry": "._runtime.status",
    "MissingCredentialsError": "._runtime.errors",
    "ModelError": "._runtime.errors",
    "NotFoundError": "._runtime.errors",
    "PermissionDeniedError": "._runtime.errors",
    "QueueStatus": "._runtime.status",
    "Queued": "._runtime.status",
    "RateLimitError": "._runtime.errors",
    "RequestFailedError": "._runtime.errors",
    "RequestHandle": "._runtime.handle",
    "ResponseInfo": "._runtime.response_info",
    "ResultExpiredError": "._runtime.errors",
    "ServerError": "._runtime.errors",
    "Stream": "._runtime.stream",
    "UnknownEndpointError": "._runtime.table",
    "WebhookVerificationError": "._runtime.errors",
    "data_uri": "._runtime.data_uri",
    "response_info": "._runtime.response_info",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_MODULES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
