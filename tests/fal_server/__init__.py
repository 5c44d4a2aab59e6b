"""A fal.ai on a loopback socket: the queue protocol, scripted per endpoint, with every request recorded."""

from . import faults
from .plan import Plan, Reply, Seen
from .server import FalServer, Submission
from .storage import FakeStorage
from .stream import EventPlan

__all__ = ["EventPlan", "FakeStorage", "FalServer", "Plan", "Reply", "Seen", "Submission", "faults"]
