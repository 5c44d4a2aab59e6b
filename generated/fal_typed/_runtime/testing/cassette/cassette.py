"""`cassette("panda.json")`: asks the service once, and answers from the file from then on."""

# design: When does a cassette ask the service?

from __future__ import annotations

import inspect
import os
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar, cast, get_args

from ... import stand_in
from ..standing import Standing
from . import tape_file
from .deck import Deck
from .errors import CassetteError, CassetteFileError, NotRecordedError, UnusedRecordingsError
from .keeping import kept
from .matching import Player
from .redaction import Redactor
from .writer_lock import WriterLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Self

    from .exchanges import Kept
    from .redaction import Redact

Mode = Literal["once", "replay", "record", "new"]
MODE_VARIABLE = "FAL_TYPED_CASSETTE"
LARGEST_BODY = 64 * 2**20
P = ParamSpec("P")
T = TypeVar("T")


class Cassette:
    """What `cassette` gives. While it is at work, it stands in for the network in the whole process.

    Attributes:
        path: Of its file.
        mode: What it does: `once` has become `record` or `replay` when it is at work.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        mode: Mode | None,
        redact: Iterable[str] | Redact,
        *,
        strict: bool,
        repeats: bool,
        largest_body: int,
    ) -> None:
        self.path: Path = Path(path)
        self._wanted: Mode = _mode(mode)
        self.mode: Mode = self._wanted
        if isinstance(redact, str):
            raise TypeError(f'redact must be names or a function: write redact=("{redact}",)')
        self._function: Redact | None = redact if callable(redact) else None
        self._fields: tuple[str, ...] = () if callable(redact) else tuple(redact)
        self._strict = strict
        self._repeats = repeats
        self._largest_body = largest_body
        self._deck: Deck | None = None
        self._lock: WriterLock | None = None
        self._recorded: list[Kept] = []

    def __repr__(self) -> str:
        return f"cassette({str(self.path)!r}, mode={self.mode!r})"

    @property
    def unused(self) -> list[str]:
        """The exchanges that nobody asked for, each by its place, its method and its URL."""
        player = None if self._deck is None else self._deck.player
        left = [] if player is None else player.unused()
        return [f"/exchanges/{at} {one['request']['method']} {one['request']['url']}" for at, one in left]

    # design: What becomes of a recording that fails?

    def __enter__(self) -> Self:
        if self._deck is not None and stand_in.current is self._deck:
            raise RuntimeError(f"{self!r} is at work already")
        self.mode = self._wanted
        if self.mode == "once":
            self.mode = "replay" if self.path.exists() else "record"
        if self.mode == "replay" and not self.path.exists():
            raise CassetteFileError(
                f"{self.path.absolute()} is not there, and mode='replay' records nothing: record it first, with "
                f"mode='once' and a key ({MODE_VARIABLE} is {os.environ.get(MODE_VARIABLE, '')!r})"
            )
        if self.mode != "replay" and isinstance(stand_in.current, Standing):
            raise CassetteError(
                f"a fake of fal is on, and {self!r} would record from fal itself: leave the fake first, or replay"
            )
        if self.mode != "replay":
            self._make_folder()
            self._lock = WriterLock(self.path)
            if self._wanted == "once" and self.path.exists():  # somebody has just recorded it
                self._unlock()
                self.mode = "replay"
        try:
            self._deck = self._opened()
        except BaseException:
            self._unlock()
            raise
        stand_in.put(self._deck)
        return self

    def _make_folder(self) -> None:
        """Before anything is asked that costs: where the file is to be."""
        folder = self.path.absolute().parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CassetteError(f"{self.path} cannot be written: {folder}: {error.strerror}") from None

    def _opened(self) -> Deck:
        player: Player | None = None
        self._recorded = []
        if self.mode != "record" and self.path.exists():
            self._recorded = tape_file.read(self.path)
        if self._recorded or self.mode == "replay":
            live = Redactor(self._fields, self._function, is_live=True)
            player = Player(str(self.path), self._recorded, live, repeats=self._repeats)
        return Deck(
            str(self.path),
            tape_file.folder_of(self.path),
            player,
            may_send=self.mode != "replay",
            largest_body=self._largest_body,
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._deck is not None
        stand_in.take_away(self._deck)
        try:
            self._deck.close()
            self._write(error)
        finally:
            self._unlock()
        if error is None:
            self._check()
        elif self._deck.misses and not isinstance(error, NotRecordedError):
            error.add_note(str(self._deck.misses[0]))

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._deck is not None
        stand_in.take_away(self._deck)
        await self._deck.aclose()
        self.__exit__(kind, error, trace)

    def _write(self, error: BaseException | None) -> None:
        deck = self._deck
        seen = [] if deck is None or self.mode == "replay" else deck.log.seen()
        if deck is None or not seen:
            if error is not None and self.mode == "record":
                error.add_note(f"{self.path} is not recorded: to record is to ask fal, which takes a key")
            return
        if error is not None and self.mode == "record" and self.path.exists():
            error.add_note(f"{self.path} stays as it was: this recording ended with an error")
            return
        names: dict[str, str] = {} if deck.player is None else deck.player.bound()
        redactor = Redactor(self._fields, self._function, names)
        for each in self._recorded:
            redactor.note(str(each))
        tape_file.write(self.path, [*self._recorded, *kept(seen, redactor)])
        if error is not None:
            error.add_note(f"{self.path} has what was recorded up to here; mode='new' adds the rest")

    def _check(self) -> None:
        assert self._deck is not None
        if self._deck.misses:
            raise NotRecordedError(f"something caught this error and went on:\n{self._deck.misses[0]}")
        if self._strict and self.mode == "replay" and (unused := self.unused):
            listed = "\n  ".join(unused)
            raise UnusedRecordingsError(f"{self.path} has exchanges that nobody asked for:\n  {listed}")

    def _unlock(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def __call__(self, function: Callable[P, T]) -> Callable[P, T]:
        """The function with the cassette at work while it runs; of an async one, while it is awaited.

        Raises:
            TypeError: It is a generator, such as a fixture that yields: that runs on behind the decorator.
        """
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(f"{function.__qualname__} yields: put `with {self!r}:` into it, in place of the decorator")
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                async with self:
                    return await function(*args, **kwargs)

            return cast("Callable[P, T]", awaited)

        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> T:
            with self:
                return function(*args, **kwargs)

        return called


def cassette(
    path: str | os.PathLike[str],
    *,
    mode: Mode | None = None,
    redact: Iterable[str] | Redact = (),
    strict: bool = False,
    repeats: bool = False,
    largest_body: int = LARGEST_BODY,
) -> Cassette:
    """Record what fal answers, once; then answer from the file, without a key, a network or waiting.

    Keys, tokens, signatures of URLs, ids of accounts and requests, cookies, addresses and e-mails are replaced before
    anything is written, the same one by the same placeholder everywhere.

    Args:
        path: The file. Long bodies are beside it, in a folder named after it.
        mode: `once`: record if there is no file, else replay. `replay`: never ask the network. `record`: anew. `new`:
            replay what is there and record what is missing. By default `FAL_TYPED_CASSETTE`, or `once`; where that
            variable says `replay`, nothing said here is stronger.
        redact: Names of inputs and outputs whose texts are replaced too, such as `("prompt",)`; or a function that is
            given the JSON Pointer and the text of each text in a body, and gives what is written instead. It must
            give the same for the same.
        strict: Whether it is an error if something on it is not asked for.
        repeats: Whether what was recorded last answers again where an input is asked more often than it was recorded.
        largest_body: How many bytes of an answer are kept. Of a longer one nothing is, and asking for it again is an
            error.

    Returns:
        For `with`, `async with`, or as a decorator. Entering it raises `CassetteFileError` if the file cannot be read,
        and `CassetteError` if somebody else is recording it; leaving it, `NotRecordedError` if there was one that
        something caught.

    Raises:
        ValueError: There is no such mode.
    """
    return Cassette(path, mode, redact, strict=strict, repeats=repeats, largest_body=largest_body)


def _mode(mode: Mode | None) -> Mode:
    variable = os.environ.get(MODE_VARIABLE) or None
    for name, value in ((MODE_VARIABLE, variable), ("mode", mode)):
        if value is not None and value not in get_args(Mode):
            raise ValueError(f"{name} must be one of {', '.join(get_args(Mode))}, not {value!r}")
    if variable == "replay" or mode is None:
        return cast("Mode", variable or "once")
    return mode
