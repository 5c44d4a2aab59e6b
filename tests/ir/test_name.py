"""Stage name: every Python name, from the id or the wire name alone."""

from __future__ import annotations

import json
import keyword

import pytest
from corpus.folder import CORPUS, IS_HERE, WHY_SKIPPED
from hypothesis import given
from hypothesis import strategies as st

from generator.diagnostics import Findings
from generator.ir.identifiers import RESERVED_CLASSES, class_name, field_names, module_name
from generator.ir.name import endpoint_name, name_endpoints

# id → attribute path, class
ENDPOINTS = {
    "fal-ai/flux-1/schnell": ("flux_1.schnell", "Flux1Schnell"),
    "fal-ai/imagen4/preview": ("imagen4.preview", "Imagen4Preview"),
    "fal-ai/imagen4/preview/fast": ("imagen4.preview.fast", "Imagen4PreviewFast"),
    "fal-ai/stable-diffusion-v35-large": ("stable_diffusion_v35_large", "StableDiffusionV35Large"),
    "bria/text-to-image/3.2": ("owners.bria.text_to_image.n3_2", "TextToImage32"),
    "fal-ai/sana/v1.5/1.6b": ("sana.v1_5.n1_6b", "SanaV1516b"),
    "fal-ai/switti/512": ("switti.n512", "Switti512"),
    "fal-ai/sam-3/3d-objects": ("sam_3.n3d_objects", "Sam33dObjects"),
    "async/tts-pro/v1.0": ("owners.async_.tts_pro.v1_0", "TtsProV10"),
    "fal-ai/flux-pro/kontext/max/text-to-image": ("flux_pro.kontext.max.text_to_image", "FluxProKontextMaxTextToImage"),
    "fal-ai/hunyuan_world/image-to-world": ("hunyuan_world.image_to_world", "HunyuanWorldImageToWorld"),
    "fal-ai/flux-lora/stream": ("flux_lora.stream_", "FluxLoraStream"),
    "fal-ai/x/run": ("x.run_", "XRun"),
    "fal-ai/x/with-options": ("x.with_options_", "XWithOptions"),
    "fal-ai/map": ("map_", "Map"),
    "fal-ai/x/map": ("x.map_", "XMap"),
    "fal-ai/x/map/y": ("x.map_.y", "XMapY"),
    "fal-ai/x/input-schema": ("x.input_schema_", "XInputSchema"),
    "once/requests": ("owners.once_.requests_", "Requests"),
    "fal-ai/x/maps": ("x.maps", "XMaps"),
    "fal-ai/owners/x": ("owners_.x", "OwnersX"),
    "fal-ai/close": ("close_", "Close"),
    "fal-ai/x/close": ("x.close", "XClose"),
    "fal-ai/x/class": ("x.class_", "XClass"),
    "fal-ai/x/aux": ("x.aux_", "XAux"),
    "fal-ai/3d": ("n3d", "N3d"),
    "CassetteAI/music-generator": ("owners.cassetteai.music_generator", "MusicGenerator"),
}


@pytest.mark.parametrize("endpoint_id", ENDPOINTS)
def test_endpoint(endpoint_id: str) -> None:
    name = endpoint_name(endpoint_id)
    assert (".".join(name.path), name.class_name) == ENDPOINTS[endpoint_id]


def test_every_known_id() -> None:
    if not IS_HERE:
        pytest.skip(WHY_SKIPPED)
    ids: list[str] = json.loads((CORPUS / "endpoint_ids.json").read_text(encoding="utf-8"))
    findings = Findings()
    named = name_endpoints(ids, {i: f"specs/{i}.json" for i in ids}, findings)
    clashes = [d.message for d in findings.all()]
    assert clashes == [
        "CassetteAI/music-generator and cassetteai/music-generator would both be owners.cassetteai.music_generator"
    ]
    assert len({name.path for name in named.values()}) == len(ids) - 1
    for name in named.values():
        assert all(part.isidentifier() and not keyword.iskeyword(part) for part in (*name.path, name.class_name))
    # A name follows from the id alone, so nothing moves when the half of them goes.
    half = sorted(ids)[::2]
    assert all(
        named[i] == one for i, one in name_endpoints(half, dict.fromkeys(half, ""), Findings()).items() if i in named
    )


def test_two_ids_with_one_path_are_a_finding_that_names_both() -> None:
    findings = Findings()
    ids = ["fal-ai/a.b", "fal-ai/a-b", "fal-ai/a_b/c"]
    named = name_endpoints(ids, {i: f"specs/{i}.json" for i in ids}, findings)
    assert sorted(named) == ["fal-ai/a-b", "fal-ai/a_b/c"]
    assert [d.render({}) for d in findings.all()] == [
        (
            "specs/fal-ai/a.b.json: error: fal-ai/a.b and fal-ai/a-b would both be a_b; "
            "keep one of the two among the endpoints [name-clash]"
        )
    ]


def test_of_ids_that_differ_in_case_the_lower_one_has_the_path_unless_the_other_had_it() -> None:
    ids = ["Own/Tool", "own/tool"]
    for order in (ids, ids[::-1]):
        assert list(name_endpoints(order, dict.fromkeys(ids, ""), Findings())) == ["own/tool"]
        assert list(name_endpoints(order, dict.fromkeys(ids, ""), Findings(), known=["Own/Tool"])) == ["Own/Tool"]


# component → class, module
COMPONENTS = {
    "Image": ("Image", "image"),
    "LoRAInput": ("LoRAInput", "lo_ra_input"),
    "RGBColor": ("RGBColor", "rgb_color"),
    "IPAdapter": ("IPAdapter", "ip_adapter"),
    "fal-ai_flux-2-klein_LoRAInput": ("FalAiFlux2KleinLoRAInput", "fal_ai_flux2_klein_lo_ra_input"),
    "Audio-Output": ("AudioOutput", "audio_output"),
    "SanaV151.6bInput": ("SanaV1516bInput", "sana_v1516b_input"),
    "registry__image__fast_sdxl__models__Image": (
        "RegistryImageFastSdxlModelsImage",
        "registry_image_fast_sdxl_models_image",
    ),
    "Field": ("FieldType", "field_type"),
    "Literal": ("LiteralType", "literal_type"),
    "None_": ("NoneType", "none_type"),
    "3DModel": ("N3DModel", "n3_dmodel"),
    "Ünïcode": ("NCode", "n_code"),
    "!": ("Unnamed", "unnamed"),
}


@pytest.mark.parametrize("wire", COMPONENTS)
def test_component(wire: str) -> None:
    name = class_name(wire)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert name not in RESERVED_CLASSES
    assert (name, module_name(name)) == COMPONENTS[wire]


# property → field of an input, field of an output
FIELDS = {
    "prompt": ("prompt", "prompt"),
    "class": ("class_", "class_"),
    "None": ("None_", "None_"),
    "guidance-scale": ("guidance_scale_x58813753", "guidance_scale_x58813753"),
    "2d": ("n2d_xf86b4d30", "n2d_xf86b4d30"),
    "__init__": ("init_x759f8df0", "init_x759f8df0"),
    "_private": ("private_x3ce6c249", "private_x3ce6c249"),
    "": ("field_xe3b0c442", "field_xe3b0c442"),
    "!": ("field_xbb7208bc", "field_xbb7208bc"),
    "copy": ("copy", "copy_"),
    "json": ("json", "json_"),
    "schema": ("schema", "schema_"),
    "model_dump": ("model_dump", "model_dump_"),
    "model_config": ("model_config", "model_config_"),
    "model_url": ("model_url", "model_url"),
    "download": ("download", "download_"),
    "int": ("int_", "int_"),
    "Image": ("Image", "Image_"),
    "type": ("type", "type"),
    "TAPose": ("TAPose", "TAPose"),
    "self": ("self", "self"),
    "class_": ("class_xf5bfee73", "class_xf5bfee73"),
    "copy_": ("copy_", "copy_x3acec235"),
    "match": ("match", "match"),
    "keys": ("keys", "keys"),
    "con": ("con", "con"),
    "_": ("field_xd2e2adf7", "field_xd2e2adf7"),
    "\ufb01": ("field_xb6554cce", "field_xb6554cce"),
    "\xaa": ("field_xc8682ecf", "field_xc8682ecf"),
    "\uff41": ("field_x4b23692c", "field_x4b23692c"),
    "..": ("field_x5ec1f7e7", "field_x5ec1f7e7"),
    "/etc/passwd": ("etc_passwd_x74acf318", "etc_passwd_x74acf318"),
    "a\x00": ("a_xffe9aaea", "a_xffe9aaea"),
    "__dict__": ("dict_x92eb897d", "dict_x92eb897d"),
    "\ud800": ("field_x91a681b9", "field_x91a681b9"),
}


@pytest.mark.parametrize("wire", FIELDS)
def test_field(wire: str) -> None:
    assert field_names([wire], model=False)[wire] == FIELDS[wire][0]
    assert field_names([wire], model=True, classes=["Image"])[wire] == FIELDS[wire][1]


def test_a_field_with_a_good_name_keeps_it_whoever_comes_first() -> None:
    names = field_names(["a-b", "a_b", "a.b"], model=False)
    assert names == {"a-b": "a_b_xd44362d6", "a_b": "a_b", "a.b": "a_b_x2e7336dc"}


def test_a_name_that_looks_hashed_is_hashed() -> None:
    """Else a document could give one property the name of another."""
    names = field_names(["a-b", "a_b_xd44362d6"], model=False)
    assert names["a-b"] == "a_b_xd44362d6"
    assert names["a_b_xd44362d6"].startswith("a_b_xd44362d6_x")


def test_two_hashes_that_begin_alike_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    digests = iter(["0" * 64, "0" * 8 + "1" * 56, "0" * 8 + "1" * 56])

    class Alike:
        def hexdigest(self) -> str:
            return next(digests)

    monkeypatch.setattr("generator.ir.identifiers.hashlib.sha256", lambda _: Alike())
    assert field_names(["a-b", "a.b"], model=False) == {"a-b": "a_b_x00000000", "a.b": "a_b_x0000000011111111"}


WIRES = st.text(max_size=6) | st.sampled_from([*FIELDS, "copy_", "class_", "a-b", "a.b", "a_b", "A_b", "x" * 10_000])


@given(wires=st.lists(WIRES, unique=True), more=WIRES, model=...)
def test_a_name_more_moves_no_other(wires: list[str], more: str, model: bool) -> None:
    before = field_names(wires, model=model, classes=["Image"])
    after = field_names([more, *wires], model=model, classes=["Image"])
    assert {wire: after[wire] for wire in wires} == before


@given(wires=st.lists(WIRES, unique=True), model=...)
def test_distinct_wire_names_have_distinct_legal_names(wires: list[str], model: bool) -> None:
    names = field_names(wires, model=model, classes=["Image"])
    assert list(names) == wires
    assert len(set(names.values())) == len(wires)
    for name in names.values():
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert not name.startswith("_")
    assert names == {wire: field_names(sorted(wires), model=model, classes=["Image"])[wire] for wire in wires}


@given(st.text(min_size=1) | st.sampled_from(["A" * 10_000, "a/" * 5_000, "Aa" * 60]))
def test_any_component_has_a_legal_class_and_module(wire: str) -> None:
    name = class_name(wire)
    assert name.isidentifier()
    assert name not in RESERVED_CLASSES
    assert module_name(name).isidentifier()
    assert len(f"_{module_name(name)}_9999.py") < 255
    assert not keyword.iskeyword(module_name(name))


def test_long_components_stay_apart() -> None:
    assert class_name("A" * 9_999) != class_name("A" * 10_000)
    assert class_name("A" * 100) == "A" * 100


def test_every_member_of_pydantics_models_and_ours_is_reserved_for_outputs() -> None:
    from pydantic import BaseModel
    from runtime.files.remote_file import RemoteFile
    from runtime.outputs.model import FalModel

    members = {name for kind in (BaseModel, FalModel, RemoteFile) for name in dir(kind) if not name.startswith("_")}
    assert all(name != wire for wire, name in field_names(members, model=True).items())


def test_every_public_member_of_endpoints_and_clients_is_reserved_for_ids() -> None:
    from runtime.async_client import AsyncFalClient
    from runtime.calls.async_endpoint import AsyncEndpoint
    from runtime.calls.endpoint import Endpoint
    from runtime.client import FalClient

    def members(*kinds: type) -> set[str]:
        return {name for kind in kinds for name in dir(kind) if not name.startswith("_")}

    taken = {"run", "subscribe", "submit", *members(Endpoint, AsyncEndpoint)}
    assert {endpoint_name(f"fal-ai/x/{name}").path[-1] for name in taken}.isdisjoint(taken)
    taken = members(FalClient, AsyncFalClient)
    assert {endpoint_name(f"fal-ai/{name}/x").path[0] for name in taken}.isdisjoint(taken)


def test_a_class_name_of_a_hundred_characters_is_kept_and_a_longer_one_shortened() -> None:
    assert class_name("A" * 100) == "A" * 100
    shortened = class_name("A" * 101)
    assert shortened == "A" * 60 + "AAC76DAB", "a class may not be called otherwise tomorrow"
    assert shortened != class_name("A" * 102)
