"""fal's catalogue on a loopback socket: documents by id, the Platform API, and each way they can misbehave."""

from . import faults
from .documents import example_documents, real_documents
from .server import CatalogServer, Model

__all__ = ["CatalogServer", "Model", "example_documents", "faults", "real_documents"]
