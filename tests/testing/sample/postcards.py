"""Postcards: a service that has them painted by fal, and is called back when they are done."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fal_typed import (
    APIConnectionError,
    AsyncFal,
    ContentPolicyError,
    FalError,
    RateLimitError,
    ServerError,
    WebhookVerificationError,
)
from fal_typed.endpoints.flux_1.schnell import Flux1SchnellOutput
from fal_typed.webhooks import WebhookVerifier
from fastapi import Body, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

FAL_USER = "postcards"  # the id of the account at fal that pays
WEBHOOK_URL = "https://postcards.example/fal/webhook"

app = FastAPI()
fal = AsyncFal()
verifier = WebhookVerifier(user_ids={FAL_USER})
postcards: dict[str, Flux1SchnellOutput | FalError | None] = {}  # None is not painted yet


class Postcard(BaseModel):
    """A postcard, and its picture once it is painted."""

    id: str
    state: str
    picture: str | None = None


@app.exception_handler(FalError)
async def fal_failed(request: Request, error: FalError) -> Response:
    """Say whether it was the prompt, or fal."""
    if isinstance(error, ContentPolicyError):
        return JSONResponse({"detail": "This prompt was refused"}, 422)
    if isinstance(error, (APIConnectionError, RateLimitError, ServerError)):
        return JSONResponse({"detail": "Nothing can be painted at the moment"}, 503)
    return JSONResponse({"detail": "This cannot be painted"}, 502)


@app.post("/postcards", status_code=202)
async def order(prompt: Annotated[str, Body(embed=True)]) -> Postcard:
    """Have a postcard painted."""
    handle = await fal.flux_1.schnell.submit(prompt=prompt, image_size="landscape_4_3", webhook_url=WEBHOOK_URL)
    postcards[handle.request_id] = None
    return Postcard(id=handle.request_id, state="ordered")


@app.post("/fal/webhook", status_code=204)
async def webhook(request: Request) -> None:
    """Take what fal has painted. It may come more than once."""
    try:
        event = await verifier.averify(request.headers, await request.body())
    except WebhookVerificationError:
        raise HTTPException(401) from None
    find(event.request_id)
    try:
        postcards[event.request_id] = event.output(Flux1SchnellOutput)
    except FalError as error:
        postcards[event.request_id] = error


@app.get("/postcards/{id}")
async def show(id: str) -> Postcard:
    """How far a postcard is."""
    out = find(id)
    if out is None:
        return Postcard(id=id, state="ordered")
    return Postcard(id=id, state="painted", picture=out.images[0].url)


@app.post("/postcards/{id}/thumbnail")
async def thumbnail(id: str) -> Response:
    """The picture itself."""
    out = find(id)
    if out is None:
        raise HTTPException(409, "This postcard is not painted yet")
    with TemporaryDirectory() as folder:
        path = await out.images[0].adownload(Path(folder), only_hosts="*.fal.media", max_bytes=10_000_000)
        return Response(path.read_bytes(), media_type=out.images[0].content_type)


def find(id: str) -> Flux1SchnellOutput | None:
    """What was painted for this postcard, or the error that kept it from being painted."""
    if id not in postcards:
        raise HTTPException(404, "No such postcard")
    out = postcards[id]
    if isinstance(out, FalError):
        raise out
    return out
