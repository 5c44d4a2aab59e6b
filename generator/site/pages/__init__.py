"""The pages for people: HTML of the facts, by path. `make.py` first; the rest says what stands where."""

from .make import pages as pages
