"""The queue protocol as a whole: beside the official client, under faults, and with many callers."""
