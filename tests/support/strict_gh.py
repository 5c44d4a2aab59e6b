"""A `gh` that refuses what GitHub refuses. Its pull requests are in the file $GH_STATE, the remote is $GH_ORIGIN.

Run as a program; $GH_FAILS is what it says in place of opening or editing anything.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

LONGEST_BODY, LONGEST_TITLE = 65_536, 256
PullRequest = dict[str, Any]


def main() -> int:
    """One call of `gh`; returns its exit code."""
    arguments = sys.argv[1:]
    if arguments[:2] == ["auth", "setup-git"]:
        return 0
    state = Path(os.environ["GH_STATE"])
    pulls: list[PullRequest] = json.loads(state.read_text(encoding="utf-8")) if state.is_file() else []
    parser = argparse.ArgumentParser()
    parser.add_argument("area", choices=["pr"])
    parser.add_argument("verb", choices=["list", "create", "edit"])
    parser.add_argument("number", nargs="?", type=int)
    for option in ("head", "state", "json", "jq", "title", "body-file"):
        parser.add_argument(f"--{option}")
    given = parser.parse_args(arguments)
    if given.verb == "list":
        assert (given.state, given.json) == ("open", "number,isCrossRepository")
        assert given.jq == ".[] | select(.isCrossRepository | not) | .number"
        ours = [one for one in pulls if one["head"] == given.head and not one["fork"]]
        sys.stdout.write("".join(f"{one['number']}\n" for one in ours))
        return 0
    body = Path(given.body_file).read_text(encoding="utf-8")
    if problem := os.environ.get("GH_FAILS") or _problem(given, body, pulls):
        sys.stderr.write(f"pull request {given.verb} failed: GraphQL: {problem}\n")
        return 1
    if given.verb == "create":
        pulls.append({"number": len(pulls) + 1, "head": given.head, "fork": False})
    (pull,) = [one for one in pulls if one["number"] == (given.number or len(pulls))]
    pull |= {"title": given.title, "body": body}
    state.write_text(json.dumps(pulls), encoding="utf-8")
    sys.stdout.write(f"https://github.com/us/ours/pull/{pull['number']}\n")
    return 0


def _problem(given: argparse.Namespace, body: str, pulls: list[PullRequest]) -> str:
    if len(body) > LONGEST_BODY:
        return f"Body is too long (maximum is {LONGEST_BODY} characters)"
    if len(given.title) > LONGEST_TITLE:
        return f"Title is too long (maximum is {LONGEST_TITLE} characters)"
    if given.verb == "edit":
        return "" if given.number in {one["number"] for one in pulls} else "Could not resolve to a PullRequest"
    if any(one["head"] == given.head and not one["fork"] for one in pulls):
        return f'a pull request for branch "{given.head}" already exists'
    if not _commit(given.head):
        return "Head sha can't be blank, Head ref must be a branch"
    return "No commits between main and " + given.head if _commit(given.head) == _commit("main") else ""


def _commit(branch: str) -> str:
    command = ["git", "-C", os.environ["GH_ORIGIN"], "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
