"""The contract with emitted code: all that emitted modules import from the runtime, and the one place they import from.

So everything else here can be rearranged without touching a thousand modules. A name comes with its module when it is
first asked for: naming `Fal` imports no pydantic, and a namespace no endpoint.
"""

# design: What do emitted modules import from the runtime?

from typing import TYPE_CHECKING

from . import late

if TYPE_CHECKING:
    from .async_client import AsyncFalClient as AsyncFalClient
    from .calls.child import tree_of as tree_of
    from .calls.status import AsyncOnQueueUpdate as AsyncOnQueueUpdate
    from .calls.status import CancelStatus as CancelStatus
    from .calls.status import OnQueueUpdate as OnQueueUpdate
    from .client import FalClient as FalClient
    from .endpoints import UnknownEndpointError as UnknownEndpointError
    from .errors import APIConnectionError as APIConnectionError
    from .errors import APIStatusError as APIStatusError
    from .errors import APITimeoutError as APITimeoutError
    from .errors import AuthenticationError as AuthenticationError
    from .errors import ClientClosedError as ClientClosedError
    from .errors import ContentPolicyError as ContentPolicyError
    from .errors import DeadlineExceededError as DeadlineExceededError
    from .errors import ErrorDetail as ErrorDetail
    from .errors import FalError as FalError
    from .errors import FileTransferError as FileTransferError
    from .errors import InputProblem as InputProblem
    from .errors import InvalidInputError as InvalidInputError
    from .errors import InvalidResponseError as InvalidResponseError
    from .errors import MissingCredentialsError as MissingCredentialsError
    from .errors import ModelError as ModelError
    from .errors import NotFoundError as NotFoundError
    from .errors import PermissionDeniedError as PermissionDeniedError
    from .errors import RateLimitError as RateLimitError
    from .errors import RequestFailedError as RequestFailedError
    from .errors import ResultExpiredError as ResultExpiredError
    from .errors import ServerError as ServerError
    from .errors import WebhookVerificationError as WebhookVerificationError
    from .events.states import Completed as Completed
    from .events.states import InProgress as InProgress
    from .events.states import LogEntry as LogEntry
    from .events.states import Queued as Queued
    from .events.states import QueueStatus as QueueStatus
    from .events.tracing import Tracing as Tracing
    from .faces.clients import AsyncClientFace as AsyncClientFace
    from .faces.clients import ClientFace as ClientFace
    from .faces.endpoints import AsyncEndpoint as AsyncEndpoint
    from .faces.endpoints import AsyncNamespace as AsyncNamespace
    from .faces.endpoints import ChildNode as ChildNode
    from .faces.endpoints import Endpoint as Endpoint
    from .faces.endpoints import Namespace as Namespace
    from .faces.handles import AsyncRequestHandle as AsyncRequestHandle
    from .faces.handles import RequestHandle as RequestHandle
    from .faces.streams import AsyncStream as AsyncStream
    from .faces.streams import Stream as Stream
    from .faces.verbs import run as run
    from .faces.verbs import stream as stream
    from .faces.verbs import submit as submit
    from .faces.verbs import subscribe as subscribe
    from .files.data_uri import data_uri as data_uri
    from .files.downloads.download_all import adownload_all as adownload_all
    from .files.downloads.download_all import download_all as download_all
    from .files.file_input import NO_PATH as NO_PATH
    from .files.file_input import URL_ONLY as URL_ONLY
    from .files.file_input import FileInput as FileInput
    from .files.file_input import FileOrName as FileOrName
    from .files.file_input import LocalFile as LocalFile
    from .files.remote_file import AnyAudio as AnyAudio
    from .files.remote_file import AnyImage as AnyImage
    from .files.remote_file import AnyVideo as AnyVideo
    from .files.remote_file import RemoteFile as RemoteFile
    from .habits.names import module_hint as module_hint
    from .http.hosts import Hosts as Hosts
    from .inputs.spec import EndpointSpec as EndpointSpec
    from .inputs.types import SAME_TYPE as SAME_TYPE
    from .inputs.types import UNIQUE_ITEMS as UNIQUE_ITEMS
    from .inputs.types import OrModel as OrModel
    from .inputs.types import SequenceNotStr as SequenceNotStr
    from .moved import moved as moved
    from .outputs.model import FalModel as FalModel
    from .outputs.model import OpenModel as OpenModel
    from .outputs.model import ResponseInfo as ResponseInfo
    from .outputs.model import response_info as response_info
    from .platform.found import FoundRequest as FoundRequest
    from .proxy.owners import MemoryOwners as MemoryOwners
    from .proxy.owners import OwnerStore as OwnerStore
    from .proxy.request import ProxyRefusedError as ProxyRefusedError
    from .proxy.request import ProxyRequest as ProxyRequest
    from .proxy.shells.asgi import FalProxy as FalProxy
    from .proxy.shells.wsgi import WsgiFalProxy as WsgiFalProxy
    from .webhooks.event import WebhookEvent as WebhookEvent
    from .webhooks.verifier import WebhookVerifier as WebhookVerifier

# Module → the names that come from it. The imports above say the same to type checkers (a test holds them together).
_NAMES: dict[str, tuple[str, ...]] = {
    ".async_client": ("AsyncFalClient",),
    ".calls.async_endpoint": (
        "AsyncEndpoint",
        "AsyncNamespace",
    ),
    ".calls.async_handle": ("AsyncRequestHandle",),
    ".calls.async_stream": ("AsyncStream",),
    ".calls.child": (
        "ChildNode",
        "tree_of",
    ),
    ".calls.endpoint": (
        "Endpoint",
        "Namespace",
    ),
    ".calls.handle": ("RequestHandle",),
    ".calls.status": (
        "AsyncOnQueueUpdate",
        "CancelStatus",
        "OnQueueUpdate",
    ),
    ".calls.stream": ("Stream",),
    ".client": ("FalClient",),
    ".endpoints": ("UnknownEndpointError",),
    ".errors": (
        "APIConnectionError",
        "APIStatusError",
        "APITimeoutError",
        "AuthenticationError",
        "ClientClosedError",
        "ContentPolicyError",
        "DeadlineExceededError",
        "ErrorDetail",
        "FalError",
        "FileTransferError",
        "InputProblem",
        "InvalidInputError",
        "InvalidResponseError",
        "MissingCredentialsError",
        "ModelError",
        "NotFoundError",
        "PermissionDeniedError",
        "RateLimitError",
        "RequestFailedError",
        "ResultExpiredError",
        "ServerError",
        "WebhookVerificationError",
    ),
    ".faces.verbs": (
        "run",
        "stream",
        "submit",
        "subscribe",
    ),
    ".files.data_uri": ("data_uri",),
    ".files.downloads.download_all": (
        "adownload_all",
        "download_all",
    ),
    ".files.file_input": (
        "NO_PATH",
        "URL_ONLY",
        "FileInput",
        "FileOrName",
        "LocalFile",
    ),
    ".files.remote_file": (
        "AnyAudio",
        "AnyImage",
        "AnyVideo",
        "RemoteFile",
    ),
    ".http.hosts": ("Hosts",),
    ".habits.names": ("module_hint",),
    ".inputs.spec": ("EndpointSpec",),
    ".inputs.types": (
        "SAME_TYPE",
        "UNIQUE_ITEMS",
        "OrModel",
        "SequenceNotStr",
    ),
    ".moved": ("moved",),
    ".outputs.model": (
        "FalModel",
        "OpenModel",
        "ResponseInfo",
        "response_info",
    ),
    ".platform.found": ("FoundRequest",),
    ".proxy.owners": (
        "MemoryOwners",
        "OwnerStore",
    ),
    ".proxy.request": (
        "ProxyRefusedError",
        "ProxyRequest",
    ),
    ".proxy.shells.asgi": ("FalProxy",),
    ".proxy.shells.wsgi": ("WsgiFalProxy",),
    ".events.states": (
        "Completed",
        "InProgress",
        "LogEntry",
        "Queued",
        "QueueStatus",
    ),
    ".events.tracing": ("Tracing",),
    ".webhooks.event": ("WebhookEvent",),
    ".webhooks.verifier": ("WebhookVerifier",),
}
__getattr__, __dir__ = late(globals(), __package__, _NAMES)
