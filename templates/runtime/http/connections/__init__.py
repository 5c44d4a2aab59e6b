"""The connections below httpx: pools, networks, and what becomes of them when a process forks."""
