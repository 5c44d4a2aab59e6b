"""Pictures, videos and sounds made by real encoders: Pillow, ffmpeg, and the standard library's `wave`."""

from __future__ import annotations

import io
import subprocess
import tempfile
import wave
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import imageio_ffmpeg
from PIL import Image
from runtime.media.look import facts_of
from runtime.media.peek import Peek

if TYPE_CHECKING:
    from runtime.media.facts import MediaFacts

# Tags of Exif, and what turns a picture by 90 degrees.
ORIENTATION, TURNED = 0x0112, 6


@cache
def picture(form: str, width: int, height: int, *, orientation: int = 0, frames: int = 1, **options: Any) -> bytes:
    """A picture as Pillow writes it."""
    mode = "P" if form == "GIF" else "RGB"
    pictures = [Image.new(mode, (width, height), number * 80) for number in range(frames)]
    more: dict[str, Any] = {}
    if orientation:
        exif = Image.Exif()
        exif[0x010E] = "described"
        exif[ORIENTATION] = orientation
        more["exif"] = exif
    if frames > 1:
        more |= {"save_all": True, "append_images": pictures[1:], "duration": 40}
    written = io.BytesIO()
    pictures[0].save(written, form, **more, **options)
    return written.getvalue()


@cache
def ffmpeg(ending: str, *arguments: str) -> bytes:
    """What ffmpeg writes, given these arguments before the name of the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"it{ending}"
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-threads", "1", *arguments]
        subprocess.run([*command, str(path)], check=True, timeout=120)
        return path.read_bytes()


def video(
    *more: str, seconds: float = 1, rate: str = "24", size: str = "64x48", sound: bool = False, ending: str = ".mp4"
) -> bytes:
    """A video as ffmpeg writes it."""
    inputs = ["-f", "lavfi", "-i", f"testsrc=size={size}:rate={rate}:duration={seconds}"]
    inputs += ["-f", "lavfi", "-i", f"sine=duration={seconds}"] if sound else []
    return ffmpeg(ending, *inputs, "-preset", "ultrafast", "-pix_fmt", "yuv420p", *more)


def sound(seconds: float, *, rate: int = 8000, channels: int = 1, width: int = 2) -> bytes:
    """A WAV file as Python writes it."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(bytes(round(seconds * rate) * channels * width))
    return written.getvalue()


def facts(content: bytes) -> MediaFacts:
    """What a file says of itself."""
    return facts_of(Peek(len(content), lambda start, length: content[start : start + length]))
