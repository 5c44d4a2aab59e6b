"""The pinned endpoints in full, used as somebody who installed `fal_typed` uses them."""
