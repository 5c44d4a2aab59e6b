"""A journal as plainly as it can be said: what every store must agree with."""

from __future__ import annotations

from dataclasses import dataclass, field

OPEN = ("sending", "unclear")


@dataclass
class Job:
    """A job; `lives` says whether the lease of its owner lasts."""

    state: str = "claimed"
    owner: str | None = None
    lives: bool = False
    attempt: int = 0
    wire: int | None = None
    rid: str | None = None
    reserved: float | None = None
    units: float | None = None


@dataclass
class Model:
    """Jobs by key; ids that no job has any more; what was spent. Each method gives what comes of it, as a word."""

    jobs: dict[str, Job] = field(default_factory=dict)
    earlier: set[str] = field(default_factory=set)
    spent: float = 0

    def claim(self, key: str, owner: str, lives: bool, retry: bool, gone: str) -> str:
        job = self.jobs.get(key, Job())
        if job.state == "done" or (job.state == "failed" and not retry):
            return job.state
        if job.owner and job.lives and job.owner != gone:
            return "busy"
        if job.state == "failed":
            self.begin_anew(job)
        job.owner, job.lives, job.attempt = owner, lives, job.attempt + 1
        self.jobs[key] = job
        return {"claimed": "mine", "submitted": "pick up"}.get(job.state, "look up")

    def begin_anew(self, job: Job) -> None:
        self.earlier |= {job.rid} - {None}  # type: ignore[operator]
        job.state, job.wire, job.rid, job.reserved, job.units = "claimed", None, None, None, None

    def has(self, key: str, owner: str, attempt: int) -> bool:
        return key in self.jobs and (self.jobs[key].owner, self.jobs[key].attempt) == (owner, attempt)

    def sending(
        self, held: tuple[str, str, int], wire: int, slots: int | None, units: float | None, most: float
    ) -> str:
        if not self.has(*held):
            return "lost"
        job = self.jobs[held[0]]
        if job.state != "claimed":
            return "go" if (job.state, job.wire) == ("sending", wire) else "wrong"
        flying = sum(one.state in ("sending", "submitted") and one.lives for one in self.jobs.values() if one.owner)
        if slots is not None and flying >= slots:
            return "no slot"
        if units is not None and self.spent + units > most:
            return "over budget"
        self.spent += units or 0
        job.state, job.wire, job.reserved, job.lives = "sending", wire, units, True
        return "go"

    def submitted(self, held: tuple[str, str, int], rid: str) -> str:
        job = self.jobs.get(held[0])
        mine = self.has(*held)
        if job is None:
            self.earlier.add(rid)
            return "lost"
        if job.rid == rid:
            return "none" if mine and job.state in ("sending", "submitted") else "lost"
        if job.rid is not None:
            self.earlier.add(rid)
            return "twice"
        if job.state not in ("claimed", *OPEN):
            self.earlier.add(rid)
            return "lost"
        if any(one.rid == rid for one in self.jobs.values()):
            return "wrong"
        if mine and job.state != "sending":
            return "wrong"
        job.state, job.rid = "submitted", rid
        if mine:
            return "none"
        job.owner, job.lives = None, False
        return "lost"

    def adopt(self, held: tuple[str, str, int], rid: str) -> str:
        if not self.has(*held):
            return "lost"
        job = self.jobs[held[0]]
        if (job.state, job.rid) == ("submitted", rid):
            return "true"
        if job.state not in OPEN:
            return "wrong"
        if self.knows(rid):
            return "false"
        job.state, job.rid = "submitted", rid
        return "true"

    def knows(self, rid: str) -> bool:
        return rid in self.earlier or any(one.rid == rid for one in self.jobs.values())

    def withdraw(self, held: tuple[str, str, int]) -> str:
        if not self.has(*held):
            return "lost"
        job = self.jobs[held[0]]
        if job.state not in ("claimed", *OPEN):
            return "wrong"
        self.spent -= job.reserved or 0
        job.state, job.wire, job.reserved = "claimed", None, None
        return "none"

    def end(self, held: tuple[str, str, int], state: str, units: float | None) -> str:
        job = self.jobs.get(held[0])
        if job and (job.state, job.owner, job.attempt) == (state, None, held[2]):
            return "none"
        if job is None or not self.has(*held):
            return "lost"
        if job.state not in {"done": ("submitted",), "failed": ("sending", "submitted"), "unclear": OPEN}[state]:
            return "wrong"
        if state != "unclear":
            self.spent += 0 if units is None else units - (job.reserved or 0)
            job.units = units
        job.state, job.owner, job.lives = state, None, False
        return "none"

    def release(self, held: tuple[str, str, int]) -> str:
        if self.has(*held):
            job = self.jobs[held[0]]
            job.owner, job.lives = None, False
            if job.state == "claimed":
                del self.jobs[held[0]]
        return "none"

    def renew(self, owner: str, keys: list[str], lives: bool) -> dict[str, int]:
        mine = {key: self.jobs[key] for key in keys if key in self.jobs and self.jobs[key].owner == owner}
        for job in mine.values():
            job.lives = lives
        return {key: job.attempt for key, job in mine.items()}

    def assign(self, key: str, rid: str) -> str:
        job = self.jobs.get(key)
        if job is None:
            return "no key"
        if job.owner and job.lives:
            return "lost"
        if job.state not in OPEN or self.knows(rid):
            return "wrong"
        job.state, job.rid, job.owner = "submitted", rid, None
        return "none"

    def forget(self, key: str) -> str:
        job = self.jobs.get(key)
        if job is None:
            return "false"
        if job.owner and job.lives:
            return "lost"
        self.earlier |= {job.rid} - {None}  # type: ignore[operator]
        del self.jobs[key]
        return "true"

    def retry(self, key: str) -> str:
        job = self.jobs.get(key)
        if job is None or job.state != "failed":
            return "0"
        self.begin_anew(job)
        return "1"
