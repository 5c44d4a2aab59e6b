"""A file that a model made, and how to save it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..display.told import Family  # noqa: TC001  (who asks for the hints of a class needs it)
from ..outputs.model import FalModel, origin_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from pathlib import Path

    from ..http.exchange import Steps
    from .progress import Progress


class RemoteFile(FalModel):
    """A file that fal keeps at a public URL. It can be given to any input that takes a file."""

    __family__: ClassVar[Family | None] = "file"

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
        progress: Progress | bool | None = None,
        max_bytes: int | None = None,
        only_hosts: str | Iterable[str] | None = None,
        overwrite: bool | None = None,
        timeout: float | None = None,
    ) -> Path:
        """Save the file, and return its path. It has its name once it is whole; the key is never sent.

        A download that is cut off goes on where it was, if the server can show that it has the same file still.

        Args:
            path: The file to write, or a folder, in which it gets its own name.
            progress: Called with the bytes received so far and in all (None where the server does not say). The bytes
                go back to 0 where the server begins anew. True shows it on a terminal (see `with_options`); a notebook
                does so by itself.
            max_bytes: How long it may be, unpacked. For servers that save what others name: see `only_hosts`.
            only_hosts: The hosts that it may come from, redirects included: `"v3.fal.media"`, or `"*.fal.media"` for
                `fal.media` and all below it, or several of these. By default any, also those of a private network.
            overwrite: Whether a file that is there may be replaced. By default a file that you name is, and in a
                folder the new one gets a number: `cat-2.png`.
            timeout: Seconds for the whole download.

        Raises:
            FileTransferError: It is larger than `max_bytes`, its URL leads to a place that is not https or not in
                `only_hosts`, or what came is no whole file.
            OSError: It cannot be written: there is no such folder, or the file is there and `overwrite` is False.
            APIStatusError: The server does not have it.
            APIConnectionError: The server cannot be reached, or broke off.
            DeadlineExceededError: It took longer than `timeout`.
        """
        from .downloads.download_steps import download
        from .progress import shown

        how: Any = {"max_bytes": max_bytes, "only_hosts": only_hosts, "overwrite": overwrite}
        with shown(progress, _shown_name(self), "downloading") as report:
            return download(_steps(self, path, progress=report, **how), origin_of(self).http_client, timeout)

    async def adownload(
        self,
        path: str | os.PathLike[str],
        *,
        progress: Progress | bool | None = None,
        max_bytes: int | None = None,
        only_hosts: str | Iterable[str] | None = None,
        overwrite: bool | None = None,
        timeout: float | None = None,
    ) -> Path:
        """As `download`, awaited; `progress` is called in the event loop, and not awaited."""
        from .downloads.download_steps import adownload
        from .progress import shown

        how: Any = {"max_bytes": max_bytes, "only_hosts": only_hosts, "overwrite": overwrite}
        with shown(progress, _shown_name(self), "downloading") as report:
            steps = _steps(self, path, progress=report, **how)
            return await adownload(steps, origin_of(self).http_client, timeout)


def _steps(file: RemoteFile, path: str | os.PathLike[str], **how: Any) -> Steps[Path]:
    from .downloads.download_steps import download_steps

    file_name, content_type = facts_of(file)
    return download_steps(url_of(file), path, file_name=file_name, content_type=content_type, **how)


def facts_of(file: RemoteFile) -> tuple[object, object]:
    """A file's name and type. Many files have these; those that have others may hold anything by these names."""
    return getattr(file, "file_name", None), getattr(file, "content_type", None)


def _shown_name(file: RemoteFile) -> str:
    """What the display of progress calls it."""
    name, url = facts_of(file)[0], url_of(file) or ""
    tail = "" if url.startswith("data:") else url.partition("?")[0].rpartition("/")[2]
    return name if isinstance(name, str) and name else tail or "a file"


def url_of(file: RemoteFile) -> str | None:
    """A file's URL; None where the server left it out, or sent something else."""
    url = vars(file).get("url")
    return url if isinstance(url, str) else None


# Any picture, any video, any sound: what a function can be annotated with that takes files of every endpoint. The
# documents describe a picture in many ways, with or without its size, its name, its type; each way is a class of its
# own with that document's fields, and all of them are below one of these. They never change with the documents.


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

    __family__: ClassVar[Family | None] = "image"

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

    __family__: ClassVar[Family | None] = "video"

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

    __family__: ClassVar[Family | None] = "audio"

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
