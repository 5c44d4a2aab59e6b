"""The fake as a server of its own, for clients in other processes and languages."""
