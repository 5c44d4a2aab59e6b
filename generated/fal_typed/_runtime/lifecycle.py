"""How long fal keeps an uploaded file, and who may see it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import checks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal, Required, TypeAlias

    from typing_extensions import TypedDict

    Decision: TypeAlias = Literal["hide", "forbid", "allow"]
    ExpiresIn: TypeAlias = Literal["never", "immediate", "1h", "1d", "7d", "30d", "1y"] | int

    class AclRule(TypedDict):
        """What one user may do."""

        user: str
        decision: Decision

    class InitialAcl(TypedDict, total=False):
        """Who may see a file: everybody else by `default`, and users by rules."""

        default: Required[Decision]
        rules: Sequence[AclRule]


HEADER = "x-fal-object-lifecycle"
# The words of the official clients, in seconds; "never" is the field left out.
_SECONDS = {"immediate": 60, "1h": 3600, "1d": 86_400, "7d": 604_800, "30d": 2_592_000, "1y": 31_536_000}
_DECISIONS = ("hide", "forbid", "allow")


def lifecycle_headers(expires_in: ExpiresIn | None, initial_acl: InitialAcl | None) -> dict[str, str]:
    """The header that tells the CDN (fal docs, Object lifecycle); none where nothing was said.

    Raises:
        TypeError: A value is of the wrong type; a ValueError if it is not one that fal knows.
    """
    if expires_in is None and initial_acl is None:
        return {}
    preference: dict[str, Any] = {}
    if expires_in is not None and expires_in != "never":
        preference["expiration_duration_seconds"] = _seconds(expires_in)
    if initial_acl is not None:
        preference["initial_acl"] = _checked_acl(initial_acl)
    return {HEADER: json.dumps(preference)}


def _seconds(expires_in: ExpiresIn) -> int:
    if isinstance(expires_in, str):
        checks.choice("expires_in", expires_in, ("never", *_SECONDS))
        return _SECONDS[expires_in]
    if not checks.count("expires_in", expires_in):
        raise ValueError(f"expires_in must be more than 0 seconds, not {expires_in}")
    return expires_in


def _checked_acl(acl: Mapping[str, Any]) -> dict[str, Any]:
    copied = checks.mapping("initial_acl", acl) or {}
    if copied.keys() - {"default", "rules"} or "default" not in copied:
        raise ValueError(f"initial_acl must have 'default' and may have 'rules', not {sorted(copied)}")
    _check_decision("initial_acl['default']", copied["default"])
    rules = [checks.mapping("initial_acl['rules']", rule) or {} for rule in copied.get("rules", ())]
    for rule in rules:
        if rule.keys() != {"user", "decision"}:
            raise ValueError("each of initial_acl['rules'] must have 'user' and 'decision'")
        _check_decision("a decision of initial_acl['rules']", rule["decision"])
    return {**copied, "rules": rules} if rules else {"default": copied["default"]}


def _check_decision(name: str, value: Any) -> None:
    if value not in _DECISIONS:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, _DECISIONS))}, not {value!r}")
