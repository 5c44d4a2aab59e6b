# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""The fakes of all endpoints, as type checkers know them: at run time they are made when somebody asks for them."""

from collections.abc import Iterable

from .._runtime.testing.emitted import FakeFal as _FakeFal
from .f_lite__standard import FLiteStandardFake
from .flux_1__schnell import Flux1SchnellFake
from .hidream_i1_fast import HidreamI1FastFake
from .hidream_i1_full import HidreamI1FullFake
from .ideogram__v2 import IdeogramV2Fake
from .illusion_diffusion import IllusionDiffusionFake
from .imagen4__preview import Imagen4PreviewFake
from .imagen4__preview__fast import Imagen4PreviewFastFake
from .nucleus_image import NucleusImageFake
from .omnigen_v2 import OmnigenV2Fake
from .pixart_sigma import PixartSigmaFake
from .recraft__v2__text_to_image import RecraftV2TextToImageFake
from .stable_diffusion_v35_large import StableDiffusionV35LargeFake

class RecraftV2NamespaceFakes:
    @property
    def text_to_image(self) -> RecraftV2TextToImageFake: ...

class RecraftNamespaceFakes:
    @property
    def v2(self) -> RecraftV2NamespaceFakes: ...

class Imagen4PreviewFakes(Imagen4PreviewFake):
    @property
    def fast(self) -> Imagen4PreviewFastFake: ...

class Imagen4NamespaceFakes:
    @property
    def preview(self) -> Imagen4PreviewFakes: ...

class IdeogramNamespaceFakes:
    @property
    def v2(self) -> IdeogramV2Fake: ...

class Flux1NamespaceFakes:
    @property
    def schnell(self) -> Flux1SchnellFake: ...

class FLiteNamespaceFakes:
    @property
    def standard(self) -> FLiteStandardFake: ...

class FakeFal(_FakeFal):
    @property
    def f_lite(self) -> FLiteNamespaceFakes: ...
    @property
    def flux_1(self) -> Flux1NamespaceFakes: ...
    @property
    def hidream_i1_fast(self) -> HidreamI1FastFake: ...
    @property
    def hidream_i1_full(self) -> HidreamI1FullFake: ...
    @property
    def ideogram(self) -> IdeogramNamespaceFakes: ...
    @property
    def illusion_diffusion(self) -> IllusionDiffusionFake: ...
    @property
    def imagen4(self) -> Imagen4NamespaceFakes: ...
    @property
    def nucleus_image(self) -> NucleusImageFake: ...
    @property
    def omnigen_v2(self) -> OmnigenV2Fake: ...
    @property
    def pixart_sigma(self) -> PixartSigmaFake: ...
    @property
    def recraft(self) -> RecraftNamespaceFakes: ...
    @property
    def stable_diffusion_v35_large(self) -> StableDiffusionV35LargeFake: ...

def fake_fal(*, allow: str | Iterable[str] = ()) -> FakeFal: ...
