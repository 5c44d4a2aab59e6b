"""An offline fal: while it is on, every client of the process talks to it."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..checks import shortened, suggestion
from ..files.downloads.host_rule import HostRule
from ..files.media_type import guess
from ..http.endpoint_ids import check_endpoint_id
from .clock import FakeClock
from .scripting.notebook import Notebook
from .scripting.usual import Usual
from .service.catalog import Catalog, output_by
from .service.service import Service
from .standing import Standing
from .tree import EndpointFakes, Tree, fake_of
from .values.outputs import NoOutputError
from .webhooks.delivery import USER_ID

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from ..http.hosts import Hosts
    from .messages import Answer, Json, Request
    from .scripting import script
    from .scripting.calls import Calls
    from .scripting.endpoint import EndpointFake
    from .scripting.faults import Faults
    from .service.platform import FakeHistory
    from .webhooks.delivery import Delivery
    from .webhooks.posting import Target

_PACKAGE = __name__.removesuffix("._runtime.testing.fake")
_KEY = "fake-key-id:fake-key-secret"
_FILES = "https://v3.fal.media"


class NetworkBlockedError(AssertionError):
    """Something would have gone out to the network while a fake is on.

    No error of this package, and no OSError: code under test handles those, and its test would pass.
    """


class FakeFal:
    """A fal that is this process's own. Safe to share between threads and tasks.

    Its attributes are those of `Fal`: `fake.flux_1.schnell` says what that endpoint answers, and what it was asked.

    Args:
        allow: Hosts that may be reached all the same, as `v3.fal.media` or `*.example.com`.
        package: Whose endpoints it has.

    Attributes:
        clock: Its time, in seconds: `now()`, and `pause(seconds)` to let some pass.
    """

    def __init__(self, *, allow: str | Iterable[str] = (), package: str = _PACKAGE) -> None:
        self.clock: FakeClock = FakeClock()
        self._package = package
        self._allowed = HostRule(allow)
        self._catalog = Catalog(package)
        self._notebook = Notebook(self.clock, self._usual, self._allowed.allows, self._catalog.spec)
        self._service = Service(catalog=self._catalog, clock=self.clock, book=self._notebook, usual=Usual(self._usual))
        self._standing: Standing | None = None

    def __enter__(self) -> Self:
        if self._standing is not None:
            raise RuntimeError("this fake is on already; make another one, which the clients inside of it talk to")
        self._standing = Standing(self, self.clock, _KEY)
        self._standing.begin()
        return self

    def __exit__(self, *_: object) -> None:
        standing, self._standing = self._standing, None
        if standing is not None:
            standing.end()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()

    # Its endpoints.

    def endpoint(self, endpoint_id: str, /) -> EndpointFake[Any, Any]:
        """The fake of an endpoint by its id, also of one that was not generated."""
        return fake_of(self._notebook, self._catalog, endpoint_id)

    @property
    def endpoints(self) -> EndpointFakes:
        """Those of all generated endpoints by id, as `Fal.endpoints`."""
        return EndpointFakes(self._notebook, self._catalog)

    if not TYPE_CHECKING:  # type checkers know the names

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            try:
                return getattr(self._tree, name)
            except AttributeError:
                hint = suggestion(name, dir(self))
                raise AttributeError(
                    f"{type(self).__name__!r} object has no attribute {name!r}{hint}", name=name
                ) from None

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *dir(self._tree)})

    @cached_property
    def _tree(self) -> Tree:
        client: Any = import_module(self._package).Fal(_KEY)
        return Tree(self._notebook, client._load_root())

    # What was asked, and what goes wrong.

    @property
    def calls(self) -> Calls[Any]:
        """The calls of all endpoints, in the order in which they arrived."""
        return self._notebook.calls()

    @property
    def uploads(self) -> list[script.UploadedFile]:
        """Every file that was uploaded, in the order of their ends."""
        return self._service.files.uploads()

    @property
    def history(self) -> FakeHistory:
        """How the history of requests behaves, which `fal.requests` reads: `fake.history.lag = 5`."""
        return self._service.platform.history

    def set_price(self, endpoint_id: str, unit_price: float, *, unit: str = "image", currency: str = "USD") -> None:
        """Have a price of an endpoint's unit. None has one before.

        Raises:
            ValueError: The price is below zero, or no number that JSON has.
            TypeError: It is no number.
        """
        if isinstance(unit_price, bool) or not isinstance(unit_price, int | float):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"unit_price must be a number, not {type(unit_price).__name__}")
        if not 0 <= unit_price < float("inf"):
            raise ValueError(f"unit_price must be a finite number, zero or more, not {unit_price!r}")
        self._service.platform.set_price(check_endpoint_id(endpoint_id), unit_price, unit, currency)

    @property
    def faults(self) -> Faults:
        """What goes wrong on the way, whatever is asked."""
        return self._notebook.faults_of_all

    def put_file(self, url: str, content: bytes, content_type: str | None = None) -> None:
        """Have a file at a URL, on whichever host: it is what a download of it gives.

        Args:
            url: Where.
            content: Its bytes.
            content_type: By default that of its name's ending.

        Raises:
            ValueError: It is no URL of the web.
            TypeError: The content is no bytes.
        """
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"a file is put at an http or https URL, not at {shortened(url)}")
        if not isinstance(content, bytes | bytearray):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"the content of a file is bytes, not {type(content).__name__}")
        name = urlsplit(url).path.rpartition("/")[2]
        self._service.files.put(url, content, content_type or guess(name, content))

    def deliver_webhooks(self, to: Target = None, /, *, user_id: str = USER_ID, again: bool = False) -> list[Delivery]:
        """Post the webhook calls that were not posted yet, in the order of their submissions, signed as fal's.

        A `WebhookVerifier` in the same block takes them. The clock goes on to the end of what they are about.

        Args:
            to: An ASGI or WSGI application (called with the URL that was submitted), a client of httpx that leads to
                one, such as Starlette's `TestClient`, or a URL. By default the URL that was submitted, which must be
                of this machine.
            user_id: The fal account that it is signed for: one of your `WebhookVerifier`.
            again: Whether to post, too, what was posted before, as fal may do.

        Returns:
            What was posted, with the answers. What the application raises is raised here.
        """
        return self._notebook.webhooks.deliver(to, user_id=user_id, again=again)

    async def adeliver_webhooks(
        self, to: Target = None, /, *, user_id: str = USER_ID, again: bool = False
    ) -> list[Delivery]:
        """`deliver_webhooks` for asynchronous tests: the application is called in the running event loop."""
        return await self._notebook.webhooks.adeliver(to, user_id=user_id, again=again)

    def reset(self) -> None:
        """Forget what was scripted, what was asked, every file and every price. The clock goes on."""
        self._notebook.clear()
        self._service.clear()

    # The other end of the wire.

    def answer(self, request: Request, hosts: Hosts | None = None) -> Answer | None:
        """See Answering: what fal would say; None for what may go out.

        Raises:
            NetworkBlockedError: It may not.
        """
        host = urlsplit(request.url).hostname or ""
        if self._allowed.allows(host):
            return None
        if self._service.is_asked(request, hosts):
            return self._service.answer(request, hosts)
        raise NetworkBlockedError(
            f"{request.method} {request.url.partition('?')[0]} would go out to the network, and a fake of fal is on: "
            f"allow it by fake_fal(allow=[{host!r}]), or have a file there by fake.put_file(url, content)"
        )

    def _usual(self, call: script.Call) -> Json:
        schemas = self._catalog.schemas(call.endpoint_id) if call.endpoint_id in self._catalog else None
        if schemas is None:
            name = call.endpoint_id
            raise NoOutputError(f"{name} was not generated: say what it gives, fake.endpoint({name!r}).returns(...)")
        return output_by(schemas, call, _FILES)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.calls)} calls>"


def fake_fal(*, allow: str | Iterable[str] = ()) -> FakeFal:
    """An offline fal, for a `with` block (or `async with`): inside, every client of the process talks to it.

    Clients need no key there and reach no network, wherever and whenever they were made. Every endpoint answers with an
    output that is valid by its document, unless a test says what it answers. Blocks may be inside of each other.

        with fake_fal() as fake:
            fake.flux_1.schnell.returns(seed=7)
            assert Fal().flux_1.schnell.subscribe(prompt="a panda").seed == 7

    Args:
        allow: Hosts that may be reached all the same, as `files.example.com` or `*.example.com`.
    """
    return FakeFal(allow=allow)


# A traceback then names what users import.
NetworkBlockedError.__module__ = f"{_PACKAGE}.testing"
