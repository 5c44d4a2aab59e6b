"""Whether a file is on a disk of this machine: there are no locks, and no shared memory, between machines."""

# design: How is a journal kept in a database?

from __future__ import annotations

import os
from pathlib import Path

from ..errors import JournalError

_MOUNTS = Path("/proc/self/mounts")
# How the kernel calls what other machines write to as well.
_OF_MANY = frozenset(
    "afs beegfs ceph cifs fuse.ceph fuse.gcsfuse fuse.glusterfs fuse.s3fs fuse.sshfs gfs2 glusterfs gpfs lustre ncpfs "
    "nfs nfs4 ocfs2 orangefs smb3 smbfs".split()
)


def check_place(path: str) -> None:
    """Refuse a file that several machines may have open. Where the system does not tell, nothing is refused.

    Raises:
        JournalError: It is on a file system of the network.
    """
    kind = _kind(path)
    if kind in _OF_MANY:
        raise JournalError(
            f"{path} is on a file system of the network ({kind}), where SQLite cannot keep a journal safely: "
            "put it on a disk of this machine, or use postgresql://… for several machines"
        )


def _kind(path: str) -> str:
    """The kind of the file system that a path is on; nothing where that is not to be found out."""
    try:
        lines = os.fsdecode(_MOUNTS.read_bytes()).splitlines()
    except OSError:
        return ""
    mounts = [(fields[1], fields[2]) for fields in map(str.split, lines) if len(fields) > 2]
    above = [(_unescaped(place), kind) for place, kind in mounts]
    within = [(place, kind) for place, kind in above if path.startswith(place.rstrip("/") + "/")]
    return max(reversed(within), key=lambda one: len(one[0]), default=("", ""))[1]  # what was mounted last is seen


def _unescaped(place: str) -> str:
    """A place as the kernel writes it, which has escapes for blanks."""
    for escape, meant in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        place = place.replace(escape, meant)
    return place
