"""The pinned endpoints: what a user calls them. Written by hand, so that it can disagree with the generator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Entry:
    """An endpoint: its id, the attribute path from a client, and the name its classes begin with."""

    id: str
    attribute: str
    name: str

    @property
    def module_name(self) -> str:
        return f"fal_typed.endpoints.{self.attribute}"

    @property
    def app(self) -> str:
        """The part of the id that status, result and cancel URLs use."""
        return "/".join(self.id.split("/")[:2])

    def member(self, suffix: str = "", prefix: str = "") -> Any:
        """A class of the endpoint's module: the endpoint itself, `Input`, `Output`, or the `Async` endpoint."""
        return getattr(import_module(self.module_name), f"{prefix}{self.name}{suffix}")

    def of(self, client: Any) -> Any:
        """The endpoint of a client, by attribute access."""
        return reduce(getattr, self.attribute.split("."), client)

    def __str__(self) -> str:
        return self.id.removeprefix("fal-ai/")


PINNED = (
    Entry("fal-ai/f-lite/standard", "f_lite.standard", "FLiteStandard"),
    Entry("fal-ai/flux-1/schnell", "flux_1.schnell", "Flux1Schnell"),
    Entry("fal-ai/hidream-i1-fast", "hidream_i1_fast", "HidreamI1Fast"),
    Entry("fal-ai/hidream-i1-full", "hidream_i1_full", "HidreamI1Full"),
    Entry("fal-ai/ideogram/v2", "ideogram.v2", "IdeogramV2"),
    Entry("fal-ai/illusion-diffusion", "illusion_diffusion", "IllusionDiffusion"),
    Entry("fal-ai/imagen4/preview", "imagen4.preview", "Imagen4Preview"),
    Entry("fal-ai/imagen4/preview/fast", "imagen4.preview.fast", "Imagen4PreviewFast"),
    Entry("fal-ai/nucleus-image", "nucleus_image", "NucleusImage"),
    Entry("fal-ai/omnigen-v2", "omnigen_v2", "OmnigenV2"),
    Entry("fal-ai/pixart-sigma", "pixart_sigma", "PixartSigma"),
    Entry("fal-ai/recraft/v2/text-to-image", "recraft.v2.text_to_image", "RecraftV2TextToImage"),
    Entry("fal-ai/stable-diffusion-v35-large", "stable_diffusion_v35_large", "StableDiffusionV35Large"),
)
BY_ID = {entry.id: entry for entry in PINNED}
each_endpoint = pytest.mark.parametrize("entry", PINNED, ids=str)
