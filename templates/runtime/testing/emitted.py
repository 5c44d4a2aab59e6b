"""The contract of this part with emitted code, as `emitted.py` above is that of the client: a name, and its module.

Apart from that one, for a package without this part has no module that it names.
"""

# design: What do emitted modules import from the runtime?

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import late

if TYPE_CHECKING:
    from .cassette.cassette import Cassette as Cassette
    from .cassette.cassette import cassette as cassette
    from .cassette.errors import CassetteError as CassetteError
    from .cassette.errors import CassetteFileError as CassetteFileError
    from .cassette.errors import NotRecordedError as NotRecordedError
    from .cassette.errors import UnusedRecordingsError as UnusedRecordingsError
    from .fake import FakeFal as FakeFal
    from .fake import NetworkBlockedError as NetworkBlockedError
    from .fake import fake_fal as fake_fal
    from .scripting.calls import Call as Call
    from .scripting.calls import Calls as Calls
    from .scripting.endpoint import EndpointFake as EndpointFake
    from .scripting.faults import Faults as Faults
    from .scripting.mistakes import InvalidOutputError as InvalidOutputError
    from .scripting.mistakes import ScriptError as ScriptError
    from .scripting.script import UploadedFile as UploadedFile
    from .server.command import main as main
    from .service.platform import FakeHistory as FakeHistory
    from .tree import EndpointFakes as EndpointFakes
    from .webhooks.delivery import Delivery as Delivery

_NAMES = {
    ".cassette.cassette": (
        "Cassette",
        "cassette",
    ),
    ".cassette.errors": (
        "CassetteError",
        "CassetteFileError",
        "NotRecordedError",
        "UnusedRecordingsError",
    ),
    ".fake": (
        "FakeFal",
        "NetworkBlockedError",
        "fake_fal",
    ),
    ".scripting.calls": (
        "Call",
        "Calls",
    ),
    ".scripting.endpoint": ("EndpointFake",),
    ".scripting.faults": ("Faults",),
    ".scripting.mistakes": (
        "InvalidOutputError",
        "ScriptError",
    ),
    ".scripting.script": ("UploadedFile",),
    ".server.command": ("main",),
    ".service.platform": ("FakeHistory",),
    ".tree": ("EndpointFakes",),
    ".webhooks.delivery": ("Delivery",),
}
__getattr__, __dir__ = late(globals(), __package__, _NAMES)
