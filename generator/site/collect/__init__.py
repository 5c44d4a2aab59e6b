"""From what the pipeline understood to the facts that every page, text and index of the site reads.

    fields.py (types) ──────────────────┐
    given.py ─> samples.py (calls) ─────┼─> everything.py ─> SiteFacts
    takes.py, history.py, skipped.py ───┘        └─ siblings.py

Read `everything.py` first.
"""

from .everything import collect as collect
