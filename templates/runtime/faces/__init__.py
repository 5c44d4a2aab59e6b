"""Clients, endpoints, handles and streams as type checkers and editors see them in emitted code: what is public.

The classes are imported for type checkers alone. At run time those of the same names in `client`, `async_client` and
`calls` are in their place, with more in them that only the package itself may call. A test holds them together.
"""
