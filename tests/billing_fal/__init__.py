"""A fal.ai in a process of its own that bills what it accepts: for tests whose clients are killed."""

from .control import Accepted, BillingFal, hosts_of
from .settings import Settings

__all__ = ["Accepted", "BillingFal", "Settings", "hosts_of"]
