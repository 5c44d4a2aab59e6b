"""Runs the server."""

from .command import main

raise SystemExit(main())
