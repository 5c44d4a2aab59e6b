"""Targets for a proxy, and what fal's own, `@fal-ai/server-proxy` 1.2.1, does with them.

That one checks the endpoints of POST requests alone, lets a URL be spelt in any way that `new URL` can read, and fails,
instead of refusing, where that cannot or `fetch` will not. (In Express 4 such a failure ends the process.)
"""

from __future__ import annotations

ALLOWED = ["fal-ai/flux-1/*", "fal-ai/veo3", "bria/**"]
RUN, QUEUE, REST = "https://fal.run", "https://queue.fal.run", "https://rest.fal.ai"

# With which methods a target is passed on.
EVERY, UNCHECKED, NONE, FAILS = "POST GET PUT DELETE", "GET PUT DELETE", "", "fails"

# As fal's clients name their places: with which methods fal's proxy passes them on, and with which ours does.
RIGHT = [
    (f"{RUN}/fal-ai/flux-1/schnell", EVERY, "POST GET"),
    (f"{RUN}/fal-ai/veo3?prompt=a+cat", EVERY, "POST GET"),
    (f"{RUN}/fal-ai/flux-1/schnell/stream", UNCHECKED, "POST GET"),
    (f"{RUN}/bria/a/b/c", EVERY, "POST GET"),
    (f"{QUEUE}/fal-ai/flux-1/schnell", EVERY, "POST GET"),
    (f"{QUEUE}/fal-ai/flux-1/requests/7", UNCHECKED, "GET"),
    (f"{QUEUE}/fal-ai/flux-1/requests/7/status?logs=1", UNCHECKED, "GET"),
    (f"{QUEUE}/fal-ai/flux-1/requests/7/status/stream?logs=1", UNCHECKED, "GET"),
    (f"{QUEUE}/fal-ai/flux-1/requests/7/cancel", UNCHECKED, "PUT"),
    (f"{REST}/storage/upload/initiate?storage_type=fal-cdn-v3", EVERY, "POST"),
    (f"{REST}/storage/upload/initiate-multipart?storage_type=fal-cdn-v3", NONE, "POST"),
    (f"{REST}/storage/upload/complete-multipart?storage_type=fal-cdn-v3", EVERY, "POST"),
    (f"{RUN}/fal-ai/veo3?", EVERY, "POST GET"),
]

# Ours passes none of these on, with any method. With which methods fal's does, and where that leads if elsewhere. A
# tuple is a header that comes more than once; bytes are those of a header that is not UTF-8.
HOSTILE: list[tuple[str | bytes | tuple[str, ...], str, str]] = [
    # The same places, spelt otherwise. (A header's bytes are one character each in Node: so fullwidth letters fail.)
    ("http://fal.run/fal-ai/veo3", EVERY, ""),
    ("HTTPS://fal.run/fal-ai/veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    ("https://FAL.RUN/fal-ai/veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    ("https://fal.run:443/fal-ai/veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    ("https://user:pw@fal.run/fal-ai/veo3", FAILS, ""),
    ("https://user@fal.run/fal-ai/veo3", FAILS, ""),
    ("https:fal.run/fal-ai/veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    ("https:////fal.run/fal-ai/veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    (r"https:\\fal.run\fal-ai\veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    ("https://fal%2erun/fal-ai/veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    (b"https://f\xaal.run/fal-ai/veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    (b"https://f\xadal.run/fal-ai/veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    ("https://ｆａｌ.run/fal-ai/veo3", FAILS, ""),
    ("https://fal。run/fal-ai/veo3", FAILS, ""),
    (f"{RUN}/fal-ai/./veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    (f"{RUN}/fal-ai/x/../veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    (f"{RUN}/fal-ai/%2e/veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    (f"{RUN}/fal-ai/veo3#at", EVERY, ""),
    (f"{RUN}/fal-ai/veo3?x#at", EVERY, ""),
    (f"{RUN}/fal-ai/veo3?x y", EVERY, f"{RUN}/fal-ai/veo3?x%20y"),
    (f'{RUN}/fal-ai/veo3?x="y"', EVERY, f"{RUN}/fal-ai/veo3?x=%22y%22"),
    (b"https://fal.run/fal-ai/veo3?x=\xe4", EVERY, f"{RUN}/fal-ai/veo3?x=%C3%A4"),
    (f"{RUN}/fal-ai\tveo3", UNCHECKED, f"{RUN}/fal-aiveo3"),
    (f"{RUN}/fal-ai\\veo3", EVERY, f"{RUN}/fal-ai/veo3"),
    (f"{RUN}/fal-ai/v%65o3", UNCHECKED, ""),
    ("ftp://fal.run/fal-ai/veo3", FAILS, ""),
    ("wss://fal.run/fal-ai/veo3", FAILS, ""),
    # Out of what is allowed.
    (f"{RUN}/fal-ai/secret", UNCHECKED, ""),
    (f"{QUEUE}/fal-ai/secret", UNCHECKED, ""),
    (f"{RUN}/fal-ai/veo3/fast", UNCHECKED, ""),
    (f"{RUN}/fal-ai/flux-1/a/b", UNCHECKED, ""),
    (f"{RUN}/FAL-AI/veo3", UNCHECKED, ""),
    (f"{RUN}/bria/../fal-ai/secret", UNCHECKED, f"{RUN}/fal-ai/secret"),
    (f"{RUN}/bria/%2e%2e/fal-ai/secret", UNCHECKED, f"{RUN}/fal-ai/secret"),
    (f"{RUN}/bria/.%2E/fal-ai/secret", UNCHECKED, f"{RUN}/fal-ai/secret"),
    (f"{RUN}/bria/..%2ffal-ai%2fsecret", EVERY, ""),
    (f"{RUN}/bria%2f..%2ffal-ai/secret", UNCHECKED, ""),
    (f"{RUN}/bria/..\\fal-ai/secret", UNCHECKED, f"{RUN}/fal-ai/secret"),
    (f"{RUN}/bria/..;/fal-ai/secret", EVERY, ""),
    (f"{RUN}/bria//secret", EVERY, ""),
    (f"{RUN}//bria/x", UNCHECKED, ""),
    (f"{RUN}//evil.example/bria/x", UNCHECKED, ""),
    (f"{RUN}/bria/x/", EVERY, ""),
    (f"{RUN}/bria/a%00b", EVERY, ""),
    (f"{RUN}/bria/a%0d%0ab", EVERY, ""),
    (f"{RUN}/bria/{{a,b}}", EVERY, f"{RUN}/bria/%7Ba,b%7D"),
    (f"{RUN}/", UNCHECKED, ""),
    (RUN, UNCHECKED, f"{RUN}/"),
    (f"{QUEUE}/fal-ai/secret/requests/7", UNCHECKED, ""),
    (f"{QUEUE}/fal-ai/secret/requests/7/cancel", UNCHECKED, ""),
    (f"{QUEUE}/fal-ai/flux-1/requests/../../secret/requests/7", UNCHECKED, f"{QUEUE}/fal-ai/secret/requests/7"),
    (f"{QUEUE}/fal-ai/flux-1/requests/%2e%2e/%2e%2e/secret/requests/7", UNCHECKED, f"{QUEUE}/fal-ai/secret/requests/7"),
    (f"{QUEUE}/fal-ai/secret/requests/7?x=/fal-ai/veo3/requests/7", UNCHECKED, ""),
    # Other hosts.
    ("https://evil.example/fal-ai/veo3", NONE, ""),
    ("https://fal.run.evil.example/fal-ai/veo3", NONE, ""),
    ("https://evilfal.run/fal-ai/veo3", NONE, ""),
    ("https://evil.fal.run/fal-ai/veo3", NONE, ""),
    ("https://fal.run:8443/fal-ai/veo3", NONE, ""),
    ("https://fal.run@evil.example/fal-ai/veo3", NONE, ""),
    ("https://fal.run\\@evil.example/fal-ai/veo3", UNCHECKED, f"{RUN}/@evil.example/fal-ai/veo3"),
    ("https://evil.example/#https://fal.run/fal-ai/veo3", NONE, ""),
    ("https://evil.example/https://fal.run/fal-ai/veo3", NONE, ""),
    ("https://evil.example?fal.run/fal-ai/veo3", NONE, ""),
    ("https://fal.run./fal-ai/veo3", NONE, ""),
    ("https://fal.run%2eevil.example/fal-ai/veo3", NONE, ""),
    ("https://127.0.0.1/fal-ai/veo3", NONE, ""),
    ("https://[::1]/fal-ai/veo3", NONE, ""),
    ("https://v3.fal.media/files/upload", NONE, ""),
    ("https://api.fal.ai/v1/models", NONE, ""),
    # What would have fal tell others of a result.
    (f"{QUEUE}/fal-ai/veo3?fal_webhook=https://evil.example", EVERY, ""),
    (f"{QUEUE}/fal-ai/veo3?fal%5Fwebhook=https://evil.example", EVERY, ""),
    (f"{QUEUE}/fal-ai/veo3?x=1;fal_webhook=https://evil.example", EVERY, ""),
    (f"{RUN}/fal-ai/veo3?FAL_WEBHOOK=https://evil.example", EVERY, ""),
    # What gives a key away.
    (f"{REST}/tokens/", NONE, ""),
    (f"{REST}/storage/auth/token?storage_type=fal-cdn-v3", NONE, ""),
    (f"{REST}/storage/upload/initiate", NONE, ""),
    (f"{REST}/storage/upload/initiate?storage_type=gcs", NONE, ""),
    (f"{REST}/storage/upload/initiate?storage_type=fal-cdn-v3&x=1", NONE, ""),
    (f"{REST}/storage/upload/../../tokens/?storage_type=fal-cdn-v3", NONE, ""),
    # No URL, or not one.
    ("", NONE, ""),
    ("fal-ai/veo3", FAILS, ""),
    ("//fal.run/fal-ai/veo3", FAILS, ""),
    ("https://", FAILS, ""),
    ("https://[", FAILS, ""),
    ("javascript:alert(1)", NONE, ""),
    ("file:///etc/passwd", NONE, ""),
    ((f"{RUN}/fal-ai/veo3", f"{RUN}/fal-ai/secret"), UNCHECKED, f"{RUN}/fal-ai/veo3,%20https://fal.run/fal-ai/secret"),
    ((f"{RUN}/fal-ai/secret", f"{RUN}/fal-ai/veo3"), UNCHECKED, f"{RUN}/fal-ai/secret,%20https://fal.run/fal-ai/veo3"),
    ((f"{RUN}/bria/x", "https://evil.example"), EVERY, f"{RUN}/bria/x,%20https://evil.example"),
    (f"{RUN}/bria/{'x' * 9000}", EVERY, ""),
    (f"{RUN}/bria{'/a' * 1500}", EVERY, ""),
    (f"{RUN}/bria{'/%2e%2e' * 1000}/fal-ai/secret", UNCHECKED, f"{RUN}/fal-ai/secret"),
]
