"""A fake fal.ai that speaks https, with a certificate authority of its own, for clients that insist on it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import trustme

from .server import FalServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "key-id:very-secret"


@contextmanager
def one_authority(folder: Path) -> Iterator[None]:
    """Clients trust one certificate authority: to read in the usual 140 takes 23 ms, longer than most tests."""
    path = folder / "one.pem"
    if not path.is_file():
        trustme.CA().cert_pem.write_to_path(str(path))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(path))
        yield


@dataclass(frozen=True)
class Deployment:
    """A server, and the variables that point `fal_typed` and the official client at it."""

    server: FalServer
    variables: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """What a process sees that is to talk to it."""
        return {**os.environ, **self.variables}


@contextmanager
def deployed(folder: Path) -> Iterator[Deployment]:
    """A running deployment, whose certificates are in a folder."""
    authority, chain, key = folder / "ca.pem", folder / "chain.pem", folder / "key.pem"
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(authority))
    issued = ca.issue_cert("127.0.0.1")
    issued.private_key_pem.write_to_path(str(key))
    for each in issued.cert_chain_pems:
        each.write_to_path(str(chain), append=True)
    with FalServer((str(chain), str(key))) as server:
        bare = server.url.removeprefix("https://")
        hosts = {"FAL_RUN_HOST": f"{bare}/run", "FAL_QUEUE_RUN_HOST": f"{bare}/queue"}
        yield Deployment(server, {**hosts, "FAL_KEY": KEY, "SSL_CERT_FILE": str(authority)})
