"""The generator's own version. That of the client it makes is in `specs/releases.json`."""

VERSION = "0.1.0"
