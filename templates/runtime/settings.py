"""What the constructor of a client sets."""

from __future__ import annotations

from . import checks
from .http.hosts import Hosts, check_proxy_url, hosts_from_environment
from .value import Value


class Settings(Value):
    """A client's settings, without its credentials: they can be shown and pickled."""

    _fields = ("timeout", "http_timeout", "max_retries", "validate_inputs", "hosts", "proxy_url")
    timeout: float | None
    http_timeout: float
    max_retries: int
    validate_inputs: bool
    hosts: Hosts
    proxy_url: str | None

    def __init__(
        self,
        *,
        timeout: float | None,
        http_timeout: float,
        max_retries: int,
        validate_inputs: bool,
        hosts: Hosts | None,
        proxy_url: str | None = None,
    ) -> None:
        for name, value in (("http_timeout", http_timeout), ("max_retries", max_retries)):
            if value is None:  # pyright: ignore[reportUnnecessaryComparison]
                raise TypeError(f"{name} must be a number, not None")
        if validate_inputs is None:  # pyright: ignore[reportUnnecessaryComparison]
            raise TypeError("validate_inputs must be True or False, not None")
        if hosts is not None and not isinstance(hosts, Hosts):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"hosts must be a Hosts, not {type(hosts).__name__}")
        self.__dict__.update(
            timeout=checks.seconds("timeout", timeout),
            http_timeout=checks.seconds("http_timeout", http_timeout),
            max_retries=checks.count("max_retries", max_retries),
            validate_inputs=bool(checks.flag("validate_inputs", validate_inputs)),
            hosts=hosts_from_environment() if hosts is None else hosts,
            proxy_url=None if proxy_url is None else check_proxy_url(proxy_url),
        )
