"""The server: a fake fal.ai that also has a catalogue. `/openapi` answers by id, `/v1/models` is the Platform API."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fal_server import FalServer, Reply
from starlette.routing import Route

from .documents import shuffled
from .faults import UNAUTHORIZED, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

KEY = "key-id:very-secret"


@dataclass
class Model:
    """One endpoint of the catalogue.

    Attributes:
        document: What its document says; an error object stands for itself.
        metadata: What the Platform API tells about it; None for a model without metadata.
        is_listed: Whether the Platform API knows it.
        is_private: Whether it takes a key to see it.
        replies: What to answer by id instead, one after another.
        always: What to answer by id each time.
    """

    document: Any
    metadata: dict[str, Any] | None = field(default_factory=lambda: {"category": "text-to-image", "status": "active"})
    is_listed: bool = True
    is_private: bool = False
    replies: list[Reply] = field(default_factory=list[Reply])
    always: Reply | None = None


class CatalogServer(FalServer):
    """A catalogue under test.

    Attributes:
        models: The endpoints by id.
        platform_replies: What the Platform API answers instead, one after another.
        platform_always: What it answers each time.
        platform_rule: What it answers to a query, if not what it has.
        after_page: Is called behind each page of its list.
        listed_again: Endpoints that its list has once more, at its end.
        holds: Whether what the Platform API is asked waits until this is False again.
        largest_page: How many models a page has at most that has documents, or was asked for by ids.
        largest_list: How many a page has at most that has none.
        shuffles: Whether keys come in another order each time.
    """

    def __init__(self, certificate: tuple[str, str] | None = None) -> None:
        self.models: dict[str, Model] = {}
        self.platform_replies: list[Reply] = []
        self.platform_always: Reply | None = None
        self.platform_rule: Callable[[Any], Reply | None] | None = None
        self.after_page: Callable[[], None] | None = None
        self.listed_again: list[str] = []
        self.holds = False
        self.largest_page = 50
        self.largest_list = 1000
        self.shuffles = True
        self._chance = random.Random(7)
        super().__init__(certificate)
        self.openapi_url, self.platform_url = f"{self.url}/openapi", f"{self.url}/v1"

    def add(self, endpoint_id: str, document: Any, /, **fields: Any) -> Model:
        """Have one more endpoint, or another document for one."""
        self.models[endpoint_id] = model = Model(document, **fields)
        return model

    def have(self, documents: dict[str, Any]) -> None:
        """Have these and no others."""
        self.models = {one: Model(document) for one, document in documents.items()}

    def asked(self, path: str) -> int:
        """How many requests there were for a path."""
        return len([seen for seen in list(self.seen) if seen.path == path])

    def environment(self) -> dict[str, str]:
        """The variables that point the generator here."""
        return {"FAL_TYPED_OPENAPI_URL": self.openapi_url, "FAL_TYPED_PLATFORM_URL": self.platform_url}

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self.models.clear()
        self.platform_replies.clear()
        self.platform_always = self.platform_rule = self.after_page = None
        self.listed_again.clear()
        self.holds = False
        self.largest_page = 50
        self.largest_list = 1000

    def _app(self) -> Starlette:
        app = super()._app()
        app.router.routes[:0] = [Route("/openapi", self._openapi), Route("/v1/models", self._models)]
        return app

    async def _openapi(self, request: Request) -> Response:
        model = self.models.get(request.query_params.get("endpoint_id", ""))
        if model is None:
            return await self._reply(request, UNKNOWN)
        own = Reply(body=self._sent(model)) if self._may_see(request, model) else UNAUTHORIZED
        scripted = model.replies.pop(0) if model.replies else model.always
        return await self._reply(request, own if scripted is None else scripted.over(own))

    async def _models(self, request: Request) -> Response:
        own = Reply(body=self._page(request))
        scripted = self.platform_replies.pop(0) if self.platform_replies else self.platform_always
        if scripted is None and self.platform_rule is not None:
            scripted = self.platform_rule(request.query_params)
        if self.after_page is not None and "endpoint_id" not in request.query_params:
            self.after_page()
        response = await self._reply(request, own if scripted is None else scripted.over(own))
        while self.holds:
            await asyncio.sleep(0.01)
        return response

    def _page(self, request: Request) -> dict[str, Any]:
        query = request.query_params
        wanted = set(query.getlist("endpoint_id"))
        shown = {one: model for one, model in self.models.items() if model.is_listed and self._may_see(request, model)}
        ids = [one for one, model in shown.items() if (one in wanted if wanted else _passes(model, query))]
        ids += [] if wanted else self.listed_again
        expands = "openapi-3.0" in query.getlist("expand")
        size = min(int(query.get("limit", 10)), self.largest_page if expands or wanted else self.largest_list)
        page = int(query.get("cursor", "page-0").removeprefix("page-"))
        chosen, more = ids[page * size : (page + 1) * size], len(ids) > (page + 1) * size
        return {
            "models": [self._described(one, expands=expands) for one in chosen],
            "next_cursor": f"page-{page + 1}" if more else None,
            "has_more": more,
        }

    def _described(self, endpoint_id: str, *, expands: bool) -> dict[str, Any]:
        model = self.models[endpoint_id]
        described: dict[str, Any] = {"endpoint_id": endpoint_id}
        if model.metadata is not None:
            described["metadata"] = model.metadata
        if expands:
            described["openapi"] = self._sent(model)
        return described

    def _sent(self, model: Model) -> Any:
        return shuffled(model.document, self._chance) if self.shuffles else json.loads(json.dumps(model.document))

    @staticmethod
    def _may_see(request: Request, model: Model) -> bool:
        return not model.is_private or request.headers.get("authorization") == f"Key {KEY}"


def _passes(model: Model, query: Any) -> bool:
    """Whether a model passes the filters of a listing; one without metadata passes none."""
    return all(query.get(name) in {None, (model.metadata or {}).get(name)} for name in ("category", "status"))
