"""The hand-written part of the client: everything that is the same for every endpoint.

Private: the public names are re-exported by the package this folder is copied into. Nothing is imported here, so that
naming `Fal` stays cheap (see `client.py`).
"""
