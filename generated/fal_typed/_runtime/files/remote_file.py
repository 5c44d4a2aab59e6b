"""A file that a model made, and how to save it; and what takes any picture, any video or any sound.

The documents describe a picture in many ways: with or without its size, its name, its type. Each way is a class of its
own with that document's fields, and all of them are below `AnyImage`. That one never changes with the documents, so a
function annotated with it takes the files of every endpoint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..outputs.model import FalModel, origin_of

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from ..http.exchange import Steps
    from .progress import Progress


class RemoteFile(FalModel):
    """A file that fal keeps at a public URL. It can be given to any input that takes a file."""

    url: str

    @property
    def file_data(self) -> str | None:
        """File data.

        Whatever the server sent along of the file itself; None where it sent a URL alone, as is usual.
        """
        data = (self.model_extra or {}).get("file_data")
        return data if isinstance(data, str) else None

    def download(
        self,
        path: str | os.PathLike[str],
        *,
        progress: Progress | None = None,
        max_bytes: int | None = None,
        overwrite: bool = True,
        timeout: float | None = None,
    ) -> Path:
        """Save the file, and return its path. It has its name once it is whole; the key is never sent.

        Args:
            path: The file to write, or a folder, in which it gets its own name.
            progress: Called with the bytes received so far and in all (None where the server does not say).
            max_bytes: How long it may be.
            overwrite: Whether a file that is there may be replaced.
            timeout: Seconds for the whole download.

        Raises:
            FileTransferError: It is larger than `max_bytes`, or its URL leads to a place that is not https.
            OSError: It cannot be written: there is no such folder, or the file is there and `overwrite` is False.
            APIStatusError: The server does not have it.
            APIConnectionError: The server cannot be reached, or broke off.
            DeadlineExceededError: It took longer than `timeout`.
        """
        from .download_steps import download

        steps = _steps(self, path, progress=progress, max_bytes=max_bytes, overwrite=overwrite)
        return download(steps, origin_of(self).http_client, timeout)

    async def adownload(
        self,
        path: str | os.PathLike[str],
        *,
        progress: Progress | None = None,
        max_bytes: int | None = None,
        overwrite: bool = True,
        timeout: float | None = None,
    ) -> Path:
        """As `download`, awaited."""
        from .download_steps import adownload

        steps = _steps(self, path, progress=progress, max_bytes=max_bytes, overwrite=overwrite)
        return await adownload(steps, origin_of(self).http_client, timeout)


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


def _steps(file: RemoteFile, path: str | os.PathLike[str], **how: Any) -> Steps[Path]:
    from .download_steps import download_steps

    # Many files have these; those that have others may hold anything by these names.
    file_name, content_type = getattr(file, "file_name", None), getattr(file, "content_type", None)
    return download_steps(url_of(file), path, file_name=file_name, content_type=content_type, **how)


def url_of(file: RemoteFile) -> str | None:
    """A file's URL; None where the server left it out, or sent something else."""
    url = vars(file).get("url")
    return url if isinstance(url, str) else None
