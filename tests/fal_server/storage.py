"""fal's storage: a token for the key, uploads to the CDN for the token, and files for everybody."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.routing import Route

from .answer import body_of
from .plan import Reply, Seen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

# What the CDN is told of a file.
_ALLOWED = ("x-fal-file-name", "x-fal-object-lifecycle")


@dataclass
class Stored:
    """A file that arrived whole."""

    name: str
    content_type: str
    lifecycle: Any
    size: int
    sha256: str
    content: bytes | None
    parts: int = 0


@dataclass
class _Parts:
    name: str
    content_type: str
    lifecycle: Any
    pieces: dict[int, bytes | int] = field(default_factory=dict[int, "bytes | int"])
    hashes: dict[int, str] = field(default_factory=dict[int, str])


class FakeStorage:
    """Storage under test.

    Attributes:
        files: What arrived, by URL.
        seen: Every request, without its body.
        leaks: Requests to the CDN with a key, a header that is none of its business, or without a token.
        first: Replies to give before anything else, by step: token, single, create, part, part 2, complete, download.
        lifetime: Seconds that a token is good for.
        hashes_only: Whether files are too long to be kept.
        most_busy: How many parts were on their way at once, at most.
        pages: What is at a path of the CDN, besides uploads.
    """

    def __init__(self, url: str, answer: Callable[[Request, Reply], Awaitable[Response]]) -> None:
        self.rest_url, self.cdn_url = f"{url}/rest", f"{url}/cdn"
        self._send = answer
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.files: dict[str, Stored] = {}
        self.seen: list[Seen] = []
        self.leaks: list[str] = []
        self.first: dict[str, list[Reply]] = {}
        self.lifetime = 3600.0
        self.hashes_only = False
        self.busy = self.most_busy = 0
        self.pages: dict[str, Reply] = {}
        self._tokens: set[str] = set()
        self._uploads: dict[str, _Parts] = {}
        self._count = 0

    def revoke(self) -> None:
        """No token that was given is good any more."""
        self._tokens.clear()

    def accept(self, token: str) -> None:
        """Take a token that was handed out by a scripted reply."""
        self._tokens.add(token)

    def steps(self) -> list[str]:
        """Method and last part of the path of each request, in order."""
        return [f"{each.method} {each.path.rpartition('/')[2]}" for each in self.seen]

    def routes(self) -> list[Route]:
        """To be served in front of the others."""
        return [
            Route("/rest/storage/auth/token", self._token, methods=["POST"]),
            Route("/cdn/files/upload", self._single, methods=["POST"]),
            Route("/cdn/files/upload/multipart", self._create, methods=["POST"]),
            Route("/cdn/files/{name}/multipart/{upload}/complete", self._complete, methods=["POST"]),
            Route("/cdn/files/{name}/multipart/{upload}/{number:int}", self._part, methods=["PUT"]),
            Route("/cdn/files/{name:path}", self._download, methods=["GET"]),
        ]

    async def _token(self, request: Request) -> Response:
        self._note(request)
        self._count += 1
        own = Reply(body=self._new_token())
        if not request.headers.get("authorization", "").startswith("Key "):
            own = Reply(401, {"detail": "no key"})
        return await self._answer(request, "token", own)

    def _new_token(self) -> dict[str, str]:
        token = f"cdn-token-{self._count}"
        self._tokens.add(token)
        expires = datetime.now(UTC) + timedelta(seconds=self.lifetime)
        return {"token": token, "token_type": "Bearer", "base_url": self.cdn_url, "expires_at": expires.isoformat()}

    async def _single(self, request: Request) -> Response:
        if (refused := await self._refused(request, "single")) is not None:
            return refused
        url, parts = self._new_file(request)
        content, size, sha256 = await self._body(request)
        if size != int(request.headers["content-length"]):
            return Response(status_code=400)
        self.files[url] = Stored(parts.name, parts.content_type, parts.lifecycle, size, sha256, content)
        return await self._answer(request, "after single", Reply(body={"access_url": url}))

    async def _create(self, request: Request) -> Response:
        if (refused := await self._refused(request, "create")) is not None:
            return refused
        url, parts = self._new_file(request)
        self._uploads[f"upload-{self._count}"] = parts
        return await self._answer(
            request, "after create", Reply(body={"access_url": url, "uploadId": f"upload-{self._count}"})
        )

    async def _part(self, request: Request) -> Response:
        number = request.path_params["number"]
        for step in (f"part {number}", "part"):
            if (refused := await self._refused(request, step)) is not None:
                return refused
        self.busy += 1
        self.most_busy = max(self.busy, self.most_busy)
        try:
            content, size, sha256 = await self._body(request)
            parts = self._uploads[request.path_params["upload"]]
            parts.pieces[number] = size if content is None else content
            parts.hashes[number] = sha256
            return await self._answer(request, "after part", Reply(200, b"", {"etag": f'"{number}-{sha256[:8]}"'}))
        finally:
            self.busy -= 1

    async def _complete(self, request: Request) -> Response:
        if (refused := await self._refused(request, "complete")) is not None:
            return refused
        parts = self._uploads[request.path_params["upload"]]
        wanted = [{"partNumber": n, "etag": f'"{n}-{parts.hashes[n][:8]}"'} for n in sorted(parts.pieces)]
        if json.loads(await request.body())["parts"] != wanted:
            return Response(b'{"detail": "parts missing or out of order"}', 400)
        name = request.path_params["name"]
        pieces = [parts.pieces[n] for n in sorted(parts.pieces)]
        whole = b"".join(each for each in pieces if isinstance(each, bytes))
        size = len(whole) + sum(each for each in pieces if isinstance(each, int))
        self.files[f"{self.cdn_url}/files/{name}"] = Stored(
            parts.name,
            parts.content_type,
            parts.lifecycle,
            size,
            hashlib.sha256(whole).hexdigest() if not self.hashes_only else "",
            None if self.hashes_only else whole,
            len(pieces),
        )
        return await self._answer(request, "after complete", Reply(body={}))

    async def _download(self, request: Request) -> Response:
        self._note(request)
        if "authorization" in request.headers or any(name.startswith("x-fal") for name in request.headers):
            self.leaks.append(f"GET {request.url.path}: {dict(request.headers)}")
        name = request.path_params["name"]
        stored = self.files.get(f"{self.cdn_url}/files/{name}")
        own = self.pages.get(name) or (
            Reply(404, {"detail": "no such file"})
            if stored is None
            else Reply(200, stored.content, {"content-type": stored.content_type})
        )
        return await self._answer(request, "download", own)

    # Parts of it.

    def _note(self, request: Request) -> None:
        path = request.scope["raw_path"].decode()
        self.seen.append(Seen(request.method, path, dict(request.query_params), dict(request.headers), b""))

    async def _refused(self, request: Request, step: str) -> Response | None:
        """The answer to a request that is scripted to fail, or that must not be as it is."""
        if not step.startswith("part "):
            self._note(request)
        given = request.headers.get("authorization", "")
        strange = [n for n in request.headers if n.startswith("x-fal") and n not in _ALLOWED] + [
            n for n in ("cookie", "x-mine") if n in request.headers
        ]
        if given.startswith("Key ") or strange:
            self.leaks.append(f"{request.method} {request.url.path}: {given[:4]} {strange}")
        scripted = self.first.get(step)
        if scripted:
            reply = scripted.pop(0)
            if reply.drop and reply.reads is None:
                reply = replace(reply, reads=1)  # in the middle of the body
            if reply.reads is not None:
                await body_of(request, reply)
            return await self._send(request, reply)
        if not step.startswith("part ") and given.removeprefix("Bearer ") not in self._tokens:
            return Response(b'{"detail": "token expired"}', 401)
        return None

    def _new_file(self, request: Request) -> tuple[str, _Parts]:
        self._count += 1
        name = request.headers["x-fal-file-name"]
        lifecycle = request.headers.get("x-fal-object-lifecycle")
        parts = _Parts(name, request.headers["content-type"], lifecycle and json.loads(lifecycle))
        return f"{self.cdn_url}/files/{self._count}_{name}", parts

    async def _body(self, request: Request) -> tuple[bytes | None, int, str]:
        content, size, digest = bytearray(), 0, hashlib.sha256()
        async for chunk in request.stream():
            size += len(chunk)
            digest.update(chunk)
            if not self.hashes_only:
                content += chunk
        return None if self.hashes_only else bytes(content), size, digest.hexdigest()

    async def _answer(self, request: Request, step: str, own: Reply) -> Response:
        scripted = self.first.get(step)
        return await self._send(request, scripted.pop(0).over(own) if scripted else own)
