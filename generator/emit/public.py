"""What users import: the package's own names, and its public modules, each with where it comes from."""

from __future__ import annotations

from typing import NamedTuple

from ..project.settings import RuntimePart

# Where emitted modules import the runtime from; nothing else of it is theirs to know.
CONTRACT = "_runtime.emitted"
# The same of a part, for the modules that are there with it alone.
TESTING = "_runtime.testing.emitted"
PLUGIN = "_runtime.testing.plugin"
CLI = "_runtime.cli.emitted"
# What jobs are done with. It comes when it is named: calls need none of it.
BATCH = "_runtime.batch.emitted"
# Its names are others in the contract: a request that is `Completed` is a state, and a call an event.
EVENTS = "_runtime.events.kinds"
_FROM_RUNTIME = """
    APIConnectionError APIStatusError APITimeoutError AnyAudio AnyImage AnyVideo AsyncRequestHandle AsyncStream
    AuthenticationError CancelStatus ClientClosedError Completed ContentPolicyError DeadlineExceededError ErrorDetail
    FalError FileInput FileOrName FileTransferError FoundRequest Hosts InProgress InputProblem InvalidInputError
    InvalidResponseError LogEntry MissingCredentialsError ModelError NotFoundError PermissionDeniedError Queued
    QueueStatus RateLimitError RequestFailedError RequestHandle ResponseInfo ResultExpiredError ServerError Stream
    UnknownEndpointError WebhookVerificationError adownload_all data_uri download_all response_info
""".split()
# Public name → the module of the package it is imported from.
EXPORTS: dict[str, str] = {
    "AsyncFal": "._async_client",
    "Fal": "._client",
    **dict.fromkeys(_FROM_RUNTIME, f".{CONTRACT}"),
}
# The same for type checkers, where they know more: the clients with their endpoints.
TYPED = {"AsyncFal": ".endpoints._async_root", "Fal": ".endpoints._root"}


class PublicModule(NamedTuple):
    """A module beside the package's own names.

    Attributes:
        doc: What it is for.
        names: What users import from it.
        source: The module that they come from.
        part: What it is a part of; None where every package has it.
        typed: Names that type checkers know more of, from `_fakes`.
        runs: Whether it is a program, too: its contract's `main`.
    """

    doc: str
    names: tuple[str, ...]
    source: str = CONTRACT
    part: RuntimePart | None = None
    typed: tuple[str, ...] = ()
    runs: bool = False

    @property
    def exports(self) -> list[str]:
        """All that users import."""
        return sorted([*self.names, *self.typed])


# Some need an extra.
PUBLIC_MODULES: dict[str, PublicModule] = {
    "webhooks": PublicModule(
        "Verifies webhook calls of fal; needs the extra `webhooks`.", ("WebhookEvent", "WebhookVerifier")
    ),
    "proxy": PublicModule(
        "A proxy that has the key, so that its clients need none.",
        ("FalProxy", "MemoryOwners", "OwnerStore", "ProxyRefusedError", "ProxyRequest", "WsgiFalProxy"),
    ),
    "events": PublicModule(
        "What a client tells `on_event` of its calls, one value for each step.",
        ("Closed", "Completed", "Event", "Failed", "Retried", "Started", "Submitted", "Updated", "Uploaded"),
        source=EVENTS,
    ),
    "batch": PublicModule(
        "Many jobs, paid once even where the process dies: journals, and what is done with them.",
        (
            "Amount",
            "AsyncJobs",
            "EndpointSummary",
            "Job",
            "JobFailedError",
            "JobMismatchError",
            "JobRecord",
            "JobState",
            "Jobs",
            "Journal",
            "JournalError",
            "LeaseLostError",
            "MapSummary",
            "OverBudgetError",
            "Price",
            "Summary",
            "TooManyErrorsError",
            "TwiceSubmittedError",
            "UnclearJobError",
            "UnknownCostError",
            "prices",
            "work",
        ),
        source=BATCH,
    ),
    "opentelemetry": PublicModule("Traces of calls, by OpenTelemetry; needs the extra `otel`.", ("Tracing",)),
    "testing": PublicModule(
        "A fal for tests, which needs no network and no key; as a program a server of it.",
        (
            *("Call", "Calls", "Delivery", "EndpointFake", "EndpointFakes", "Faults", "InvalidOutputError"),
            *("FakeHistory", "NetworkBlockedError", "ScriptError", "UploadedFile"),
            *(
                "Cassette",
                "CassetteError",
                "CassetteFileError",
                "NotRecordedError",
                "UnusedRecordingsError",
                "cassette",
            ),
        ),
        source=TESTING,
        part=RuntimePart.TESTING,
        typed=("FakeFal", "fake_fal"),
        runs=True,
    ),
    "pytest_plugin": PublicModule(
        "The fixtures `fake_fal`, `fal` and `async_fal`, which pytest finds by itself where the package is installed.",
        ("async_fal_fixture", "fake_fal_fixture", "fal_fixture", "pytest_configure"),
        source=PLUGIN,
        part=RuntimePart.TESTING,
    ),
    "cli": PublicModule(
        "The command line; needs the extra `cli`.",
        ("main",),
        source=CLI,
        part=RuntimePart.CLI,
        runs=True,
    ),
    "__main__": PublicModule(
        "The command line, for `python -m` and the package's name alone.",
        ("main",),
        source=CLI,
        part=RuntimePart.CLI,
        runs=True,
    ),
}
# What of the runtime is there with a part alone: folders, and files.
_RUNTIME = {"testing": RuntimePart.TESTING, "cli": RuntimePart.CLI}


def part_of(path: str) -> RuntimePart | None:
    """What a file of the runtime, by its path there, is a part of; None where every package has it."""
    return _RUNTIME.get(path.partition("/")[0])
