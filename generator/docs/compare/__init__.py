"""Holds a page's description of an endpoint against the emitted one."""
