"""What is a secret, by the name it stands under or by what it looks like."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Ends of names, without case, `-` and `_`, and what stands under them.
_NAME_ENDS = {
    "token": "token",
    "jwt": "token",
    "authorization": "token",
    "cookie": "cookie",
    "cookies": "cookie",
    "session": "cookie",
    "sessionid": "cookie",
    "password": "password",
    "passwd": "password",
    "passphrase": "password",
    "secret": "secret",
    "secretkey": "key",
    "privatekey": "key",
    "accesskey": "key",
    "accesskeyid": "key",
    "apikey": "key",
    "falkey": "key",
    "keyid": "key",
    "keypairid": "key",
    "accessid": "key",
    "credential": "secret",
    "credentials": "secret",
    "signature": "signature",
    "requestid": "request",
    "uploadid": "upload",
    "userid": "account",
    "useruuid": "account",
    "username": "account",
    "nickname": "account",
    "accountid": "account",
    "accountname": "account",
    "customerid": "account",
    "ownerid": "account",
    "organizationid": "account",
    "orgid": "account",
    "teamid": "account",
    "tenantid": "account",
    "workspaceid": "account",
    "email": "email",
    "emailaddress": "email",
    "ipaddress": "ip",
    "clientip": "ip",
    "realip": "ip",
    "connectingip": "ip",
    "forwardedfor": "ip",
    "remoteaddr": "ip",
}
_WHOLE_NAMES = {"user": "account", "ip": "ip", "sig": "signature", "auth": "token", "sid": "cookie"}
# Queries that are signed as a whole: S3, GCS, CloudFront and other CDNs, Azure.
_SIGNED = re.compile(r"(?:^|&)(?:x-(?:amz|goog)-signature|signature|sig|hdnea|hdnts|verify)=", re.IGNORECASE)
# A text that is so long is a secret wherever it stands, if it is one; a shorter one may be a word.
NO_WORD = 8
_WORD = re.compile(r"[A-Za-z_-]{0,19}")
_IDP = r"(?:github|gitlab|google-oauth2|google|auth0|windowslive|discord|email|sso|samlp|oauth2?)"
_SEGMENTS = r"(?:users?|accounts?|customers?|teams?|orgs?|organizations?|workspaces?)"
# What is a secret wherever it stands: the group that is one, and which kind.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("token", re.compile(r"\b(eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?(?:\.[\w-]+)*)")),
    ("key", re.compile(r"\b([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}:[0-9a-f]{16,})\b", re.IGNORECASE)),
    ("key", re.compile(r"\b((?:AKIA|ASIA|AIza|hf_|ghp_|gho_|github_pat_|sk-|sk_live_|xox[abp]-)[\w-]{12,})")),
    ("token", re.compile(r"\b(?:Bearer|Key|Basic)\s+([\w.~+/=:-]{8,})", re.IGNORECASE)),
    ("account", re.compile(rf"\b({_IDP}(?:\||%7C|_user_)[\w-]{{3,}})", re.IGNORECASE)),
    ("account", re.compile(rf"/{_SEGMENTS}/([\w.|%-]*\d[\w.|%-]*)", re.IGNORECASE)),
    ("email", re.compile(r"([\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24})")),
    ("ip", re.compile(r"(?<![\w.])((?:\d{1,3}\.){3}\d{1,3})(?!\w|\.\d)")),
    ("ip", re.compile(r"(?<![\w.:])((?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})(?![\w:])", re.IGNORECASE)),
)
# `name=value`, `name: value` and `<Name>value` within a text.
_NAMED = re.compile(r"""([A-Za-z][\w-]{1,40})["']?\s*(?:[=:>]|%3D)\s*["']?([^\s"'<>&;,{}\[\]]{8,})""")


def kind_of_name(name: str) -> str | None:
    """Which kind of secret stands under a name; None for what is none."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    if plain in _WHOLE_NAMES:
        return _WHOLE_NAMES[plain]
    return next((_NAME_ENDS[plain[at:]] for at in range(len(plain)) if plain[at:] in _NAME_ENDS), None)


def is_signed(query: str) -> bool:
    """Whether a query is a signature of its URL."""
    return _SIGNED.search(query) is not None


def is_plain_word(text: str) -> bool:
    """Whether a text could as well stand elsewhere and mean something else."""
    return len(text) < NO_WORD or _WORD.fullmatch(text) is not None


def replaced(text: str, placeholder: Callable[[str, str], str], names: Mapping[str, str]) -> str:
    """A text with placeholders for what looks like a secret.

    Args:
        text: It.
        placeholder: Makes one of a kind and a secret.
        names: Kinds of names besides the usual ones.
    """

    def put(kind: str) -> Callable[[re.Match[str]], str]:
        def one(match: re.Match[str]) -> str:
            found = match[1]
            if not _is_one(kind, found):
                return match[0]
            start, end = match.start(1) - match.start(), match.end(1) - match.start()
            return match[0][:start] + placeholder(kind, found) + match[0][end:]

        return one

    def named(match: re.Match[str]) -> str:
        kind = names.get(match[1]) or kind_of_name(match[1])
        if kind in (None, "request") or not _is_made_up(match[2]):
            return match[0]
        return match[0][: match.start(2) - match.start()] + placeholder(str(kind), match[2])

    for kind, pattern in _PATTERNS:
        text = pattern.sub(put(kind), text)
    return _NAMED.sub(named, text)


def _is_one(kind: str, found: str) -> bool:
    if found.startswith("REDACTED-"):
        return False
    if kind == "ip":
        try:
            address = ipaddress.ip_address(found)
        except ValueError:
            return False
        return not (address.is_loopback or address.is_unspecified)
    return kind != "token" or _is_made_up(found)


def _is_made_up(text: str) -> bool:
    """Whether it is no word of a sentence."""
    return len(text) >= 8 and any(one.isdigit() for one in text) and not text.isdigit()
