"""A cube, of a colour by the seed, as all that 3D models are written as."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

from ..pictures.paint import colours

_CORNERS = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]
# Each side's corners, against the clock as seen from outside.
_SIDES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
_TRIANGLES = [triangle for a, b, c, d in _SIDES for triangle in ((a, b, c), (a, c, d))]
_COMMENT = "made up, {}"


def glb(seed: int) -> bytes:
    """A binary glTF."""
    content = _content()
    text = json.dumps(_scene(seed, {"byteLength": len(content)}), separators=(",", ":")).encode()
    chunks = ((b"JSON", text + b" " * (-len(text) % 4)), (b"BIN\0", content))
    body = b"".join(struct.pack("<I", len(chunk)) + name + chunk for name, chunk in chunks)
    return b"glTF" + struct.pack("<II", 2, 12 + len(body)) + body


def gltf(seed: int) -> bytes:
    """A glTF that has all in itself."""
    content = _content()
    uri = "data:application/octet-stream;base64," + base64.b64encode(content).decode("ascii")
    return json.dumps(_scene(seed, {"byteLength": len(content), "uri": uri}), indent=1).encode()


def _content() -> bytes:
    return struct.pack("<24f", *sum(_CORNERS, ())) + struct.pack("<36H", *sum(_TRIANGLES, ()))


def _scene(seed: int, buffer: dict[str, Any]) -> dict[str, Any]:
    corners = {"bufferView": 0, "componentType": 5126, "count": 8, "type": "VEC3", "min": [-0.5] * 3, "max": [0.5] * 3}
    indices = {"bufferView": 1, "componentType": 5123, "count": 36, "type": "SCALAR"}
    surface = {"baseColorFactor": [*_colour(seed), 1], "metallicFactor": 0}
    return {
        "asset": {"version": "2.0", "generator": _COMMENT.format(seed)},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "cube"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": surface, "name": "made_up"}],
        "accessors": [corners, indices],
        "bufferViews": [
            {"buffer": 0, "byteLength": 96, "target": 34962},
            {"buffer": 0, "byteOffset": 96, "byteLength": 72, "target": 34963},
        ],
        "buffers": [buffer],
    }


def _colour(seed: int) -> list[float]:
    return [round(value / 255, 3) for value in colours(seed, 1)[0]]


def obj(seed: int) -> bytes:
    """Wavefront's text."""
    lines = [f"# {_COMMENT.format(seed)}", "o cube"]
    lines += ["v {} {} {}".format(*corner) for corner in _CORNERS]
    lines += ["f {} {} {}".format(*(one + 1 for one in triangle)) for triangle in _TRIANGLES]
    return _text(lines)


def mtl(seed: int) -> bytes:
    """The material of Wavefront's text."""
    return _text([f"# {_COMMENT.format(seed)}", "newmtl made_up", "Kd {} {} {}".format(*_colour(seed)), "illum 1"])


def ply(seed: int) -> bytes:
    """Stanford's text, each corner with its colour."""
    names = [f"property float {one}" for one in "xyz"] + [f"property uchar {one}" for one in ("red", "green", "blue")]
    lines = ["ply", "format ascii 1.0", f"comment {_COMMENT.format(seed)}", "element vertex 8", *names]
    lines += ["element face 12", "property list uchar int vertex_indices", "end_header"]
    lines += [" ".join(map(str, (*corner, *colours(seed, 8)[at]))) for at, corner in enumerate(_CORNERS)]
    lines += ["3 {} {} {}".format(*triangle) for triangle in _TRIANGLES]
    return _text(lines)


def stl(seed: int) -> bytes:
    """Binary; the sides' normals are left to the reader."""
    head = _COMMENT.format(seed).encode().ljust(80, b"\0") + struct.pack("<I", len(_TRIANGLES))
    corners = (sum((_CORNERS[one] for one in triangle), ()) for triangle in _TRIANGLES)
    return head + b"".join(struct.pack("<12fH", 0, 0, 0, *nine, 0) for nine in corners)


def splat(seed: int) -> bytes:
    """A Gaussian splat at each corner: place, size, colour, turn."""
    size, turn = (0.1, 0.1, 0.1), (255, 128, 128, 128)
    return b"".join(
        struct.pack("<6f8B", *corner, *size, *colours(seed, 8)[at], 255, *turn) for at, corner in enumerate(_CORNERS)
    )


def fbx(seed: int) -> bytes:
    """Autodesk's text, version 7.4."""
    # The last corner of each side is told by its complement.
    corners = ",".join(str(value) for corner in _CORNERS for value in corner)
    sides = ",".join(str(one) for a, b, c, d in _SIDES for one in (a, b, c, -d - 1))
    return _text(
        [
            "; FBX 7.4.0 project file",
            f"; {_COMMENT.format(seed)}",
            "FBXHeaderExtension:  {",
            "\tFBXHeaderVersion: 1003",
            "\tFBXVersion: 7400",
            "}",
            "Objects:  {",
            '\tGeometry: 1, "Geometry::cube", "Mesh" {',
            f"\t\tVertices: *24 {{\n\t\t\ta: {corners}\n\t\t}}",
            f"\t\tPolygonVertexIndex: *24 {{\n\t\t\ta: {sides}\n\t\t}}",
            "\t\tGeometryVersion: 124",
            "\t}",
            '\tModel: 2, "Model::cube", "Mesh" {',
            "\t\tVersion: 232",
            "\t}",
            "}",
            "Connections:  {",
            '\tC: "OO",2,0',
            '\tC: "OO",1,2',
            "}",
        ]
    )


def usda(seed: int) -> bytes:
    """Pixar's text."""
    lines = ["#usda 1.0", f'(\n    doc = "{_COMMENT.format(seed)}"', '    defaultPrim = "cube"', ")", ""]
    colour = ", ".join(map(str, _colour(seed)))
    lines += ['def Cube "cube"', "{", "    double size = 1", f"    color3f[] primvars:displayColor = [({colour})]", "}"]
    return _text(lines)


def _text(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()
