"""Archives and what is like them: nothing in them is compressed, so that they are the same everywhere."""

from __future__ import annotations

import io
import json
import struct
import zipfile

from ..pictures.png import png
from . import meshes

# At multiples of it the files of a USDZ begin.
_ALIGNED = 64
_SIDE = 64


def zip_file(seed: int) -> bytes:
    """Two small pictures and a text."""
    pictures = {f"frame_{number}.png": png(_SIDE, _SIDE, seed + number) for number in range(2)}
    return _zip({**pictures, "about.txt": b"made up, %d\n" % seed})


def usdz(seed: int) -> bytes:
    """A cube."""
    return _zip({"cube.usda": meshes.usda(seed)}, _ALIGNED)


def npz(seed: int) -> bytes:
    """NumPy's: one array of floats."""
    values = [float((seed + number) % 256) for number in range(_SIDE)]
    text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({_SIDE},), }}"
    head = b"\x93NUMPY\1\0" + struct.pack("<H", 118) + text.ljust(117).encode() + b"\n"
    return _zip({"data.npy": head + struct.pack(f"<{_SIDE}f", *values)})


def safetensors(seed: int) -> bytes:
    """Weights: two small tensors."""
    one = {"dtype": "F32", "shape": [4, 4]}
    names = ("lora.down.weight", "lora.up.weight")
    tensors = {name: {**one, "data_offsets": [at * 64, at * 64 + 64]} for at, name in enumerate(names)}
    text = json.dumps({"__metadata__": {"made_up": str(seed)}, **tensors}, separators=(",", ":"))
    head = text.ljust(-(-len(text) // 8) * 8).encode()
    values = [((seed + number) % 200 - 100) / 128 for number in range(32)]
    return struct.pack("<Q", len(head)) + head + struct.pack("<32f", *values)


def _zip(files: dict[str, bytes], aligned: int = 0) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)  # of 1980
            info.create_system, info.external_attr = 3, 0o644 << 16  # else it is the system that it is written on
            if aligned:
                used = written.tell() + 30 + len(name) + 4
                gap = -used % aligned
                info.extra = struct.pack("<HH", 0x1986, gap) + bytes(gap)
            archive.writestr(info, content)
    return written.getvalue()
