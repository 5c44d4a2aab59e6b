"""Tests over 360 real documents of fal.ai, which are not part of the repository: without them, over our own."""
