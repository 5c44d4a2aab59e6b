"""What pyright's language server offers of the client, in which order, and what it says of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .language_server import LanguageServer, Program

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.slow, pytest.mark.pinned]
PACKAGES = Path(__file__).resolve().parents[2] / "generated"
START = "from fal_typed import AsyncFal, Fal\n\nfal = Fal()\nasync_fal = AsyncFal()\n"
CLIENTS = pytest.mark.parametrize("client", ["fal", "async_fal"])
CALL = "fal.flux_1.schnell.subscribe(prompt='')"
Open = Callable[[str], Program]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LanguageServer, Path]]:
    folder = tmp_path_factory.mktemp("programs")
    with LanguageServer(folder, PACKAGES) as server:
        yield server, folder


@pytest.fixture
def at(server: tuple[LanguageServer, Path]) -> Open:
    """Opens a program that ends so."""

    def opened(end: str) -> Program:
        number = len([*server[1].iterdir()])
        return Program(server[0], server[1] / f"program_{number}.py", START + end)

    return opened


def own(offered: list[str]) -> list[str]:
    """Without what every object has."""
    return [name for name in offered if not (name.startswith("__") and name.endswith("__"))]


@CLIENTS
def test_a_client_lists_its_endpoints_first_and_nothing_private(at: Open, client: str) -> None:
    offered = own(at(f"{client}.").offered())
    close = "close" if client == "fal" else "aclose"
    assert offered[-6:] == sorted([close, "endpoint", "endpoints", "request", "requests", "storage"])
    assert offered[0] == "f_lite"
    assert offered[-7] == "stable_diffusion_v35_large"
    assert not [name for name in offered if name.startswith("_")]


@CLIENTS
def test_a_beginning_finds_endpoints_and_nothing_private(at: Open, client: str) -> None:
    for beginning in ("f", "_"):
        offered = own(at(f"{client}.{beginning}").offered())
        assert {"flux_1", "f_lite"} <= {*offered}
        assert not [name for name in offered if name.startswith("_")]


@CLIENTS
def test_below_a_client_there_is_nothing_private_either(at: Open, client: str) -> None:
    verbs = ["run", "submit", "subscribe", "input_schema", "map", "output_schema", "request", "with_options"]
    assert own(at(f"{client}.flux_1.schnell.").offered()) == verbs
    assert own(at(f"{client}.imagen4.preview.").offered()) == ["fast", *verbs]
    assert own(at(f"{client}.flux_1.").offered()) == ["schnell"]


@CLIENTS
def test_handles_streams_and_endpoints_by_id_have_nothing_private(at: Open, client: str) -> None:
    handle = ["cancel", "request_id", "result", "status", "to_dict", "updates"]
    endpoint = f"{client}.endpoint('a/b')"
    close = "close" if client == "fal" else "aclose"
    assert sorted(own(at(f"{client}.flux_1.schnell.request('id').").offered())) == handle
    assert sorted(own(at(f"{endpoint}.request('id').").offered())) == handle
    assert sorted(own(at(f"{client}.request({{}}).").offered())) == handle
    assert sorted(own(at(f"{endpoint}.stream().").offered())) == sorted([close, "last", "output", "request_id"])
    described = ["input_schema", "output_schema"]
    verbs = sorted([*described, "map", "request", "run", "stream", "submit", "subscribe", "with_options"])
    assert sorted(own(at(f"{endpoint}.").offered())) == verbs


@CLIENTS
@pytest.mark.parametrize("shown", ["hover", "completion"])
def test_an_endpoint_says_what_it_does(at: Open, client: str, shown: str) -> None:
    hovered = shown == "hover"
    text = at(f"{client}.flux_1.schnell").hover() if hovered else at(f"{client}.flux_1.").about("schnell")
    assert "fal-ai/flux-1/schnell: text-to-image." in text
    assert "turbo mode for next generation text-to-image model FLUX." in text
    assert "https://fal.ai/models/fal-ai/flux-1/schnell/api" in text


def test_a_namespace_says_what_is_below_it(at: Open) -> None:
    for text in (at("fal.recraft").hover(), at("fal.").about("recraft")):
        assert "1 endpoint below recraft." in text
        assert "text-to-image: `v2.text_to_image`." in text


def test_the_clients_own_members_say_what_they_do(at: Open) -> None:
    assert "Every endpoint by its id" in at("fal.endpoints").hover()
    assert "Uploads files" in at("fal.storage").hover()
    assert "credentials: The key" in at("fal = Fal").hover()
    assert "text-to-image" in at("fal.endpoints['fal-ai/flux-1/schnell']\nfal.flux_1.schnell").hover()


def test_inputs_enums_nested_dicts_ids_and_outputs_complete(at: Open) -> None:
    call = "fal.flux_1.schnell.subscribe("
    assert {"prompt=", "image_size=", "logs="} <= {*at(call).offered()}
    assert '"square_hd"' in at(f'{call}image_size="').offered()
    assert own(at(f'{call}image_size={{"').offered()) == ['"height"', '"width"']
    assert '"fal-ai/flux-1/schnell"' in at('fal.endpoints["').offered()
    assert {"run", "subscribe"} <= {*at('fal.endpoints["fal-ai/flux-1/schnell"].').offered()}
    assert {"images", "seed"} <= {*at(f"{CALL}.").offered()}
    assert {"url", "download"} <= {*at(f"{CALL}.images[0].").offered()}
