"""Bits in a row: texts of 0 and 1, which repeat at no cost, and the bytes that they are."""

from __future__ import annotations


def number(value: int, width: int) -> str:
    """A number of so many bits, the highest first; no bits for a width of 0."""
    return f"{value:0{width}b}" if width else ""


def low_first(value: int, width: int) -> str:
    """A number of so many bits, the lowest first; no bits for a width of 0."""
    return number(value, width)[::-1]


def into_bytes(bits: str, fill: str = "0") -> bytes:
    """The bytes that bits are, each filled from its highest bit on."""
    whole = bits + fill * (-len(bits) % 8)
    return int(whole, 2).to_bytes(len(whole) // 8, "big") if whole else b""


def into_bytes_low_first(bits: str) -> bytes:
    """The bytes that bits are, each filled from its lowest bit on."""
    whole = bits + "0" * (-len(bits) % 8)
    return int(whole[::-1], 2).to_bytes(len(whole) // 8, "little") if whole else b""
