"""Calls that somebody listens to, in a process of its own: `listening_worker.py HOW VERB NUMBER`.

Prints the processor time of a call, in seconds. HOW is `nobody`, `handler` (an `on_event` that does nothing), `log`
(all lines, into nothing), `tracing` (without a provider of spans) or `spans` (with one, which drops them).
"""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

from fal_typed import Fal


def listener(how: str) -> Any:
    """The `on_event` of a client."""
    if how == "handler":
        return lambda _event: None
    if how not in ("tracing", "spans"):
        return None
    from fal_typed.opentelemetry import Tracing

    if how == "tracing":
        return Tracing()
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

    provider = TracerProvider()
    provider.add_span_processor(SpanProcessor())
    return Tracing(provider)


def main() -> None:
    how, verb, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if how == "log":
        logging.getLogger("fal_typed").addHandler(logging.NullHandler())
        logging.getLogger("fal_typed").setLevel(logging.DEBUG)
    heard = listener(how)
    # As it was before there was anything to listen to, too.
    call = getattr((Fal() if heard is None else Fal(on_event=heard)).flux_1.schnell, verb)
    call(prompt="warm")
    start = time.process_time()
    for i in range(number):
        call(prompt=f"cat {i}", num_images=1)
    sys.stdout.write(str((time.process_time() - start) / number))


if __name__ == "__main__":
    main()
