# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""A typed client for fal.ai's models.

    from fal_typed import Fal

    fal = Fal()  # reads FAL_KEY

Importing this package loads nothing but this file: each name comes with its module when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._runtime.emitted import AnyAudio as AnyAudio
    from ._runtime.emitted import AnyImage as AnyImage
    from ._runtime.emitted import AnyVideo as AnyVideo
    from ._runtime.emitted import APIConnectionError as APIConnectionError
    from ._runtime.emitted import APIStatusError as APIStatusError
    from ._runtime.emitted import APITimeoutError as APITimeoutError
    from ._runtime.emitted import AsyncRequestHandle as AsyncRequestHandle
    from ._runtime.emitted import AsyncStream as AsyncStream
    from ._runtime.emitted import AuthenticationError as AuthenticationError
    from ._runtime.emitted import CancelStatus as CancelStatus
    from ._runtime.emitted import ClientClosedError as ClientClosedError
    from ._runtime.emitted import Completed as Completed
    from ._runtime.emitted import ContentPolicyError as ContentPolicyError
    from ._runtime.emitted import DeadlineExceededError as DeadlineExceededError
    from ._runtime.emitted import ErrorDetail as ErrorDetail
    from ._runtime.emitted import FalError as FalError
    from ._runtime.emitted import FileInput as FileInput
    from ._runtime.emitted import FileOrName as FileOrName
    from ._runtime.emitted import FileTransferError as FileTransferError
    from ._runtime.emitted import FoundRequest as FoundRequest
    from ._runtime.emitted import Hosts as Hosts
    from ._runtime.emitted import InProgress as InProgress
    from ._runtime.emitted import InputProblem as InputProblem
    from ._runtime.emitted import InvalidInputError as InvalidInputError
    from ._runtime.emitted import InvalidResponseError as InvalidResponseError
    from ._runtime.emitted import LogEntry as LogEntry
    from ._runtime.emitted import MissingCredentialsError as MissingCredentialsError
    from ._runtime.emitted import ModelError as ModelError
    from ._runtime.emitted import NotFoundError as NotFoundError
    from ._runtime.emitted import PermissionDeniedError as PermissionDeniedError
    from ._runtime.emitted import Queued as Queued
    from ._runtime.emitted import QueueStatus as QueueStatus
    from ._runtime.emitted import RateLimitError as RateLimitError
    from ._runtime.emitted import RequestFailedError as RequestFailedError
    from ._runtime.emitted import RequestHandle as RequestHandle
    from ._runtime.emitted import ResponseInfo as ResponseInfo
    from ._runtime.emitted import ResultExpiredError as ResultExpiredError
    from ._runtime.emitted import ServerError as ServerError
    from ._runtime.emitted import Stream as Stream
    from ._runtime.emitted import UnknownEndpointError as UnknownEndpointError
    from ._runtime.emitted import WebhookVerificationError as WebhookVerificationError
    from ._runtime.emitted import adownload_all as adownload_all
    from ._runtime.emitted import data_uri as data_uri
    from ._runtime.emitted import download_all as download_all
    from ._runtime.emitted import response_info as response_info
    from .endpoints._async_root import AsyncFal as AsyncFal
    from .endpoints._root import Fal as Fal

__version__ = "0.1.0"

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AnyAudio",
    "AnyImage",
    "AnyVideo",
    "AsyncFal",
    "AsyncRequestHandle",
    "AsyncStream",
    "AuthenticationError",
    "CancelStatus",
    "ClientClosedError",
    "Completed",
    "ContentPolicyError",
    "DeadlineExceededError",
    "ErrorDetail",
    "Fal",
    "FalError",
    "FileInput",
    "FileOrName",
    "FileTransferError",
    "FoundRequest",
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
    "adownload_all",
    "data_uri",
    "download_all",
    "response_info",
    "__version__",
]

_MODULES = {
    "APIConnectionError": "._runtime.emitted",
    "APIStatusError": "._runtime.emitted",
    "APITimeoutError": "._runtime.emitted",
    "AnyAudio": "._runtime.emitted",
    "AnyImage": "._runtime.emitted",
    "AnyVideo": "._runtime.emitted",
    "AsyncFal": "._async_client",
    "AsyncRequestHandle": "._runtime.emitted",
    "AsyncStream": "._runtime.emitted",
    "AuthenticationError": "._runtime.emitted",
    "CancelStatus": "._runtime.emitted",
    "ClientClosedError": "._runtime.emitted",
    "Completed": "._runtime.emitted",
    "ContentPolicyError": "._runtime.emitted",
    "DeadlineExceededError": "._runtime.emitted",
    "ErrorDetail": "._runtime.emitted",
    "Fal": "._client",
    "FalError": "._runtime.emitted",
    "FileInput": "._runtime.emitted",
    "FileOrName": "._runtime.emitted",
    "FileTransferError": "._runtime.emitted",
    "FoundRequest": "._runtime.emitted",
    "Hosts": "._runtime.emitted",
    "InProgress": "._runtime.emitted",
    "InputProblem": "._runtime.emitted",
    "InvalidInputError": "._runtime.emitted",
    "InvalidResponseError": "._runtime.emitted",
    "LogEntry": "._runtime.emitted",
    "MissingCredentialsError": "._runtime.emitted",
    "ModelError": "._runtime.emitted",
    "NotFoundError": "._runtime.emitted",
    "PermissionDeniedError": "._runtime.emitted",
    "QueueStatus": "._runtime.emitted",
    "Queued": "._runtime.emitted",
    "RateLimitError": "._runtime.emitted",
    "RequestFailedError": "._runtime.emitted",
    "RequestHandle": "._runtime.emitted",
    "ResponseInfo": "._runtime.emitted",
    "ResultExpiredError": "._runtime.emitted",
    "ServerError": "._runtime.emitted",
    "Stream": "._runtime.emitted",
    "UnknownEndpointError": "._runtime.emitted",
    "WebhookVerificationError": "._runtime.emitted",
    "adownload_all": "._runtime.emitted",
    "data_uri": "._runtime.emitted",
    "download_all": "._runtime.emitted",
    "response_info": "._runtime.emitted",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        from ._runtime.emitted import module_hint

        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{module_hint(name)}")
    value: object = getattr(import_module(_MODULES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
