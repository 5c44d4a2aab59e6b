"""Any picture, any video, any sound: what a function can be annotated with that takes files of every endpoint.

The documents describe a picture in many ways: with or without its size, its name, its type. Each way is a class of its
own with that document's fields, and all of them are below one of these three. They never change with the documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from .remote_file import RemoteFile


class AnyMedia(RemoteFile):
    """A file that is a picture, a video or a sound; see the three below."""

    if TYPE_CHECKING:  # no fields: a class has those of its document, and shows and dumps no others

        @property
        def content_type(self) -> str | None:
            """Its media type, such as `image/png`."""

        @property
        def file_name(self) -> str | None:
            """Its name."""

        @property
        def file_size(self) -> int | None:
            """How many bytes it has."""

    else:
        _known: ClassVar[frozenset[str]] = frozenset({"content_type", "file_name", "file_size"})

        def __getattr__(self, name: str) -> object:
            """Only asked for what is no field, nor anything else that the server sent."""
            try:
                return super().__getattr__(name)
            except AttributeError:
                if name in self._known:
                    return None
                raise


class AnyImage(AnyMedia):
    """A picture, whichever endpoint made it: the files of all of them that are pictures are below this class.

    Its `url` is always there. All else is what the server said of it, and None where it said nothing: `content_type`,
    `file_name` and `file_size` in bytes, `width` and `height` in pixels.

        def thumbnail(image: AnyImage) -> Path:
            return image.download("thumbnails", max_bytes=2**20)
    """

    if TYPE_CHECKING:

        @property
        def width(self) -> int | None:
            """Its width in pixels."""

        @property
        def height(self) -> int | None:
            """Its height in pixels."""

    else:
        _known = AnyMedia._known | {"width", "height"}


class AnyVideo(AnyMedia):
    """A video, whichever endpoint made it: the files of all of them that are videos are below this class.

    Its `url` is always there. All else is what the server said of it, and None where it said nothing: `content_type`,
    `file_name` and `file_size` in bytes, `width` and `height` in pixels, `duration` in seconds, `fps`.
    """

    if TYPE_CHECKING:

        @property
        def width(self) -> int | None:
            """Its width in pixels."""

        @property
        def height(self) -> int | None:
            """Its height in pixels."""

        @property
        def duration(self) -> float | None:
            """How long it is, in seconds."""

        @property
        def fps(self) -> float | None:
            """How many frames it shows in a second."""

    else:
        _known = AnyMedia._known | {"width", "height", "duration", "fps"}


class AnyAudio(AnyMedia):
    """A sound, whichever endpoint made it: the files of all of them that are sounds are below this class.

    Its `url` is always there. All else is what the server said of it, and None where it said nothing: `content_type`,
    `file_name` and `file_size` in bytes, `duration` in seconds, `sample_rate` in hertz, `channels`.
    """

    if TYPE_CHECKING:

        @property
        def duration(self) -> float | None:
            """How long it is, in seconds."""

        @property
        def sample_rate(self) -> int | None:
            """How many samples a second of it has."""

        @property
        def channels(self) -> int | None:
            """1 for mono, 2 for stereo."""

    else:
        _known = AnyMedia._known | {"duration", "sample_rate", "channels"}
