"""A fal.ai on a loopback socket: the queue protocol, scripted per endpoint, with every request recorded."""

from .plan import Plan, Reply, Seen
from .server import FalServer

__all__ = ["FalServer", "Plan", "Reply", "Seen"]
