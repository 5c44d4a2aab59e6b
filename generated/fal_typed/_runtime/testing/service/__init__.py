"""fal as a function of requests: runs, the queue, streams, storage and files. No I/O, and nobody sleeps."""
