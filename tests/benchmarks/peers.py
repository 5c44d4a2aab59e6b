"""The generators that people would use instead, in an environment of their own: their pins are not ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PEERS = Path(__file__).resolve().parents[2] / ".venv" / "peers"


def peer(tool: str, package: str) -> Path:
    """A peer's command, installed on first use."""
    if not (PEERS / "bin" / tool).exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True, capture_output=True)
        done = subprocess.run([PEERS / "bin" / "pip", "install", "-q", package], check=False, capture_output=True)
        if done.returncode:
            pytest.skip(f"{package} cannot be installed here")
    return PEERS / "bin" / tool


def peer_version(package: str) -> str:
    """Which version of a peer is installed."""
    code = f"from importlib.metadata import version; print(version({package!r}))"
    done = subprocess.run([PEERS / "bin" / "python", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def peer_commands(path: Path, to: Path) -> dict[str, list[str]]:
    """What others are called with to make a client of one document, by package.

    Args:
        path: The document.
        to: A folder: openapi-python-client makes `o` in it, datamodel-code-generator `m.py` and the package `c`.
    """
    codegen = Path(sys.executable).parent / "datamodel-codegen"
    return {
        "openapi-python-client": [
            str(peer("openapi-python-client", "openapi-python-client")),
            *("generate", "--path", str(path), "--output-path", str(to / "o"), "--overwrite"),
        ],
        "datamodel-code-generator": [
            *(str(codegen), "--input", str(path), "--input-file-type", "openapi", "--output", str(to / "m.py")),
            *("--output-model-type", "pydantic_v2.BaseModel", "--generate-client", "httpx2"),
            *("--client-model-package", "m", "--client-output", str(to / "c"), "--client-package", "c"),
        ],
    }
