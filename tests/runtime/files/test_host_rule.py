"""`only_hosts`: which hosts a download may reach, however their names are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Reply, faults
from runtime.errors import FileTransferError
from runtime.files.downloads import download_steps
from runtime.files.downloads.host_rule import HostRule
from runtime_sample import Image
from saving import save, save_all

if TYPE_CHECKING:
    from pathlib import Path

    from runtime_twin import Twin

checked: Any = download_steps._checked  # pyright: ignore[reportPrivateUsage]


def follows(url: str, rule: HostRule) -> bool:
    try:
        return bool(checked(url, "https://v3.fal.media/before", rule))
    except FileTransferError:
        return False


@pytest.mark.parametrize(
    ("only_hosts", "host"),
    [
        ("*.fal.media", "v3.fal.media"),
        ("*.fal.media", "a.b.fal.media"),
        ("*.fal.media", "fal.media"),
        ("*.fal.media", "V3.Fal.Media"),
        ("*.fal.media", "v3.fal.media."),
        ("*.fal.media", "v3.fal.media:8443"),
        ("*.FAL.media.", "v3.fal.media"),
        ("v3.fal.media", "v3.fal.media"),
        (["storage.googleapis.com", "*.fal.media"], "storage.googleapis.com"),
        (("*.fal.media",), "v3.fal.media"),
        ("*.bücher.example", "a.bücher.example"),
        ("*.bücher.example", "a.xn--bcher-kva.example"),
        ("*.xn--bcher-kva.example", "bücher.example"),
        ("::1", "[::1]"),
        ("[2001:db8::1]", "[2001:DB8::1]"),
        ("127.0.0.1", "127.0.0.1"),
        ("*.fal.media", "evil.example\\@v3.fal.media"),  # to httpx all before the @ is a user's name
        (None, "anything.example"),
    ],
)
def test_a_host_that_is_allowed(only_hosts: Any, host: str) -> None:
    assert follows(f"https://{host}/a.png", HostRule(only_hosts))


@pytest.mark.parametrize(
    "host",
    [
        "evilfal.media",
        "fal.media.evil.example",
        "v3.fal.media@evil.example",
        "v3.fal.media:x@evil.example",
        "evil.example\\.fal.media",
        "evil.example#.fal.media",
        "evil.example?.fal.media",
        "evil.example/.fal.media",
        "evil.example%2f.fal.media",
        "evil.example\t.fal.media",
        "evil.example\n.fal.media",
        "a.storage.example",
        "xstorage.example",
        "10.0.0.1",
        "169.254.169.254",
        "[::ffff:10.0.0.1]",
        "0x7f000001",
        "localhost",
        "fal．media.evil.example",
        "",
    ],
)
def test_a_host_that_is_not(host: str) -> None:
    """What is judged is what would be connected to: `@`, `\\` and the like mean something else to every reader."""
    rule = HostRule(["*.fal.media", "storage.example"])
    url = f"https://{host}/a.png"
    assert not follows(url, rule)


@pytest.mark.parametrize(
    ("only_hosts", "error"),
    [
        ("", ValueError),
        ("*", ValueError),
        ("*.", ValueError),
        ("v*.fal.media", ValueError),
        ("*.*.media", ValueError),
        ("https://v3.fal.media", ValueError),
        ("v3.fal.media:443", ValueError),
        ("v3.fal.media/files", ValueError),
        (".fal.media", ValueError),
        ("fal media", ValueError),
        (["*.fal.media", ""], ValueError),
        ([3], TypeError),
        (3, TypeError),
        (b"fal.media", TypeError),
    ],
)
def test_what_is_no_host(twin: Twin, tmp_path: Path, only_hosts: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        save(twin, "data:,x", tmp_path / "a", only_hosts=only_hosts)
    with pytest.raises(error):
        save_all(twin, [Image(url="data:,x")], tmp_path / "folder", only_hosts=only_hosts)
    assert [*tmp_path.rglob("*.*")] == []


def test_it_holds_for_downloads_and_each_redirect(twin: Twin, tmp_path: Path) -> None:
    storage = twin.server.storage
    storage.pages["a.png"] = Reply(200, b"a")
    url = f"{storage.cdn_url}/files/a.png"
    assert save(twin, url, tmp_path / "a", only_hosts="127.0.0.1").read_bytes() == b"a"
    with pytest.raises(FileTransferError, match=r"only_hosts allows \*\.fal\.media, 127\.0\.0\.2"):
        save(twin, url, tmp_path / "b", only_hosts=["*.fal.media", "127.0.0.2"])
    with pytest.raises(FileTransferError, match="only_hosts allows no host"):
        save(twin, url, tmp_path / "b", only_hosts=[])
    assert len(storage.seen) == 1
    storage.first["download"] = [faults.redirect(url.replace("127.0.0.1", "localhost"))]
    with pytest.raises(FileTransferError, match=r"localhost.* is not downloaded: only_hosts allows 127\.0\.0\.1"):
        save(twin, url, tmp_path / "b", only_hosts="127.0.0.1")
    assert len(storage.seen) == 2
    assert save(twin, "data:,x", tmp_path / "c", only_hosts=[]).read_bytes() == b"x"
