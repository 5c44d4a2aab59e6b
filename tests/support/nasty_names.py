"""Names that somebody might give a property, a component or an endpoint, and that are no good names in Python."""

from __future__ import annotations

import builtins
import keyword

from hypothesis import strategies as st

# What would be one name if letters were normalized (NFKC), or case or punctuation did not count.
TWINS = [
    "\ufb01le", "file", "File", "FILE", "f\u0131le", "\uff46ile", "\u212a", "k", "K", "\u017felf", "self", "a-b", "a_b",
    "a.b", "a b", "A-b", "A_b", "AB", "ab", "aB", "Ab", "a_B", "a__b", "_a_b", "a_b_", "e\u0301", "\xe9", "\xaa", "a",
    "Image", "image", "IMAGE", "Image2", "image2", "ImageParam", "Image-Param", "ImageModel", "image_model", "1a",
    "n1a",
]  # fmt: skip
# What Python, pydantic, TypedDicts and the emitted modules have under a name of their own.
TAKEN = [
    *keyword.kwlist, *keyword.softkwlist, *[name for name in dir(builtins) if name.islower()],
    "__init__", "__class__", "__dict__", "__slots__", "__annotations__", "__total__", "__required_keys__", "__doc__",
    "__getattr__", "__pydantic_extra__", "model_config", "model_fields", "model_dump", "model_validate", "schema",
    "json", "copy", "dict", "construct", "keys", "items", "values", "get", "pop", "update", "download", "Field",
    "Literal", "Annotated", "Required", "TypedDict", "FalModel", "BaseModel", "X", "AsyncX", "XInput", "XOutput",
    "SPEC", "logs", "webhook_url", "cls", "input", "run", "_spec", "_", "__",
]  # fmt: skip
# What is no name, or leads somewhere else where it becomes one of a file.
ODD = [
    "", " ", "..", ".", "/", "/etc/passwd", "../../x", "C:\\x", "\\\\host\\x", "a\x00", "\x00", "con", "CON", "aux",
    "nul.txt", "COM1", "lpt9", "PRN", "x" * 10_000, "X" * 10_000, "x" * 9_999, "a/" * 5_000, "\u202e", "\u200b", "\n",
    "'", '"""', "\\", "{{ x }}", "#", "\ue000", "\U0001f600", "3d", "1", "-", "--", "\u4e2d\u6587",
]  # fmt: skip
NASTY_NAMES = [*TWINS, *TAKEN, *ODD]

# By their number: hypothesis shows what it draws from, and some of them are long.
_NASTY = st.integers(0, len(NASTY_NAMES) - 1).map(lambda number: NASTY_NAMES[number])
# Any of them, and texts of a few letters, so that many are nearly the same.
NAMES = (
    _NASTY
    | st.text(max_size=4)
    | st.text(st.sampled_from("aA1_-. \ufb01\u0130\u212a"), max_size=4)
    | st.builds(str.__add__, _NASTY, st.sampled_from(["_", "-", "1", "A", "Param", "\u0301"]))
)
