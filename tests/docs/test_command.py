"""`verify-docs`: what it prints, its exit codes, the exceptions, pages fetched, and wrong use."""

from __future__ import annotations

import json
import shutil
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from docs.support import DOCS, REPOSITORY, make_project, run_cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

Capture = pytest.CaptureFixture[str]
SCHNELL, NUCLEUS = "fal-ai/flux-1/schnell", "fal-ai/nucleus-image"
PAGE = "fal-ai__flux-1__schnell.page.txt"
LLMS = "fal-ai__nucleus-image.llms.txt"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    specs = {one: (REPOSITORY / "specs" / f"{one}.json").read_text(encoding="utf-8") for one in (SCHNELL, NUCLEUS)}
    return make_project(tmp_path_factory.mktemp("verify") / "project", specs)


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    """Two endpoints, of which one has a page and the other an `llms.txt`."""
    root = shutil.copytree(template, tmp_path / "project")
    for name in (PAGE, LLMS):
        shutil.copy(DOCS / name, root / "tests" / "docs" / "pages")
    return root


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / "tests" / "docs" / "pages" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def except_(root: Path, **entry: str) -> None:
    known = {"endpoint": NUCLEUS, "page": "llms.txt", "place": "input.num_images", "facet": "default", "reason": "Why."}
    lines = [f"{key} = {json.dumps(value)}" for key, value in {**known, **entry}.items()]
    (root / "specs" / "docs-exceptions.toml").write_text("\n".join(["[[exception]]", *lines, ""]), encoding="utf-8")


# --- the repository's own --------------------------------------------------------------------------------------------


@pytest.mark.pinned
def test_pinned_endpoints_say_what_their_pages_say(capsys: Capture, snapshot: SnapshotAssertion) -> None:
    """The table, to be read by people. A hundred percent, but for what docs-exceptions.toml lists."""
    done = run_cli(REPOSITORY, capsys, "verify-docs")
    assert done.code == 0
    assert "\n".join(line.rstrip() for line in done.out.splitlines()) == snapshot
    assert done.err == "14 pages: 0 disagreements, 2 more listed in specs/docs-exceptions.toml\n"


@pytest.mark.pinned
def test_as_json(capsys: Capture) -> None:
    done = run_cli(REPOSITORY, capsys, "verify-docs", "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert (found["agrees"], found["without_page"], found["unused_exceptions"]) == (True, [], [])
    assert len(found["pages"]) == 14
    for page in found["pages"]:
        disagreements = [one for one in page["disagreements"] if one["listed"] is None]
        assert (disagreements, page["problems"]) == ([], [])
        assert sum(facet["of"] - facet["agree"] for facet in page["facets"].values()) == len(page["disagreements"])


# --- what is found, and the exit code --------------------------------------------------------------------------------


@pytest.mark.pinned
def test_all_is_well(project: Path, capsys: Capture) -> None:
    done = run_cli(project, capsys, "verify-docs")
    assert (done.code, len(done.out.splitlines())) == (0, 3)


@pytest.mark.pinned
def test_a_disagreement_is_a_line_with_both_sides(project: Path, capsys: Capture) -> None:
    edit(project, PAGE, "Default value: 4", "Default value: 5")
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 1
    line = f"tests/docs/pages/{PAGE}:146: input.num_inference_steps: default: the page says 5, emitted is 4"
    assert done.out.splitlines()[3:] == [line]
    assert done.err.startswith("2 pages: 1 disagreement, 0 more listed")
    assert "13/14" in done.out


@pytest.mark.pinned
def test_of_long_texts_the_part_is_shown_where_they_begin_to_differ(project: Path, capsys: Capture) -> None:
    edit(project, PAGE, "directly in the response without", "directly in the answer without")
    (line,) = run_cli(project, capsys, "verify-docs").out.splitlines()[3:]
    assert "directly in the answer without" in line
    assert "directly in the response without" in line
    assert len(line) < 400


@pytest.mark.pinned
def test_a_disagreement_as_json(project: Path, capsys: Capture) -> None:
    edit(project, LLMS, "`1` to `2`", "`1` to `3`")
    found = json.loads(run_cli(project, capsys, "verify-docs", "--json").out)
    assert found["agrees"] is False
    page = next(one for one in found["pages"] if one["disagreements"])
    assert page["facets"]["range"] == {"agree": 14, "of": 15}
    assert page["disagreements"] == [
        {
            "facet": "range",
            "place": "input.num_images",
            "line": 60,
            "page": "1 to 3",
            "emitted": "1 to 2",
            "listed": None,
        }
    ]


def test_a_line_without_place_is_a_diagnostic_with_its_line(project: Path, capsys: Capture) -> None:
    edit(project, LLMS, "  - Range: `1` to `2`", "  - Limits: `1` to `2`")
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 1
    message = "cannot be read as something that is said of a field: - Limits: `1` to `2` [unreadable-page]"
    assert f"tests/docs/pages/{LLMS}:63: error: {message}\n" in done.err
    assert "a page that is none" in run_cli(project, capsys, "explain", "unreadable-page").out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ':1: error: no section "Input Schema"'),
        (b"### Input Schema\n", ": error: has no section about the output"),
        (b"\xff", ": error: is not UTF-8 text"),
        (b"### Input Schema\n", ": input: fields: the page says no fields, emitted is prompt,"),
    ],
)
def test_a_page_that_is_none(project: Path, capsys: Capture, content: bytes, message: str) -> None:
    (project / "tests" / "docs" / "pages" / LLMS).write_bytes(content)
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 1
    assert f"tests/docs/pages/{LLMS}{message}" in done.out + done.err


@pytest.mark.parametrize("heading", ["### Outputs", "### Response Schema", "## Output Format"])
def test_a_page_with_a_heading_that_is_not_known_is_not_half_compared(
    project: Path, capsys: Capture, heading: str
) -> None:
    edit(project, LLMS, "### Output Schema", heading)
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 1
    page = f"tests/docs/pages/{LLMS}"
    assert f"{page}: error: has no section about the output: only half of it could be compared" in done.err
    assert f"{page}:104: error: a heading that is not known: {heading.lstrip('# ')} [unreadable-page]\n" in done.err


def test_a_heading_that_is_not_known_beside_all_others_is_told(project: Path, capsys: Capture) -> None:
    edit(project, LLMS, "## Usage Examples", "## Nested Types\n\n- **`width`** (`integer`)\n\n## Usage Examples")
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 1
    assert f"tests/docs/pages/{LLMS}:142: error: a heading that is not known: Nested Types [" in done.err


def test_an_api_page_without_output_is_a_problem(project: Path, capsys: Capture) -> None:
    path = project / "tests" / "docs" / "pages" / PAGE
    lines = path.read_text(encoding="utf-8").splitlines()
    first, last = (
        next(i for i, line in enumerate(lines) if line.rstrip("# ") == one) for one in ("Output", "Other types")
    )
    path.write_text("\n".join([*lines[:first], *lines[last:]]), encoding="utf-8")
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 1
    assert f"tests/docs/pages/{PAGE}: error: has no section about the output" in done.err


def test_the_page_of_another_endpoint(project: Path, capsys: Capture) -> None:
    edit(project, LLMS, "- **Model ID**: `fal-ai/nucleus-image`", "- **Model ID**: `fal-ai/other`")
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 1
    said = f"tests/docs/pages/{LLMS}: error: is the page of fal-ai/other, not of fal-ai/nucleus-image"
    assert said in done.err


@pytest.mark.pinned
def test_an_endpoint_without_page_is_listed_and_a_page_without_endpoint_too(project: Path, capsys: Capture) -> None:
    folder = project / "tests" / "docs" / "pages"
    (folder / PAGE).rename(folder / "fal-ai__other.page.txt")
    (folder / "notes.md").write_text("Not a page.", encoding="utf-8")
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 0
    assert "1 endpoint has no page: fal-ai/flux-1/schnell\n" in done.err
    strange = "1 page is of an endpoint that is not emitted: tests/docs/pages/fal-ai__other.page.txt\n"
    assert strange in done.err
    assert "notes" not in done.err + done.out


@pytest.mark.pinned
def test_only_those_that_are_named(project: Path, capsys: Capture) -> None:
    edit(project, PAGE, "Default value: 4", "Default value: 5")
    assert run_cli(project, capsys, "verify-docs", NUCLEUS).code == 0
    assert run_cli(project, capsys, "verify-docs", NUCLEUS, SCHNELL).code == 1


def test_another_folder(project: Path, capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    done = run_cli(project, capsys, "verify-docs", "--docs", str(tmp_path / "pages"))
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("2 endpoints have no page: fal-ai/flux-1/schnell, fal-ai/nucleus-image\n0 pages: ")


def test_what_a_page_says_cannot_write_on_the_terminal(project: Path, capsys: Capture) -> None:
    edit(project, LLMS, "- Default: `1`", '- Default: `"\\u001b[31m\\ud800"`')
    done = run_cli(project, capsys, "verify-docs")
    assert "\x1b" not in done.out + done.err
    assert "\\u001b[31m" in done.out
    json.loads(run_cli(project, capsys, "verify-docs", "--json").out)


def test_what_is_wrong_with_a_page_is_told_up_to_a_number(project: Path, capsys: Capture) -> None:
    edit(project, LLMS, "## Usage Examples", "## Notes\n" * 500 + "## " + "x" * 5_000 + "\n## Usage Examples")
    done = run_cli(project, capsys, "verify-docs")
    told = [line for line in done.err.splitlines() if "[unreadable-page]" in line]
    assert (done.code, len(told)) == (1, 21)
    assert f"tests/docs/pages/{LLMS}:162: error: and 481 more from this line on [" in told[-1]
    found = json.loads(run_cli(project, capsys, "verify-docs", "--json").out)
    assert [len(page["problems"]) for page in found["pages"]] == [0, 21]


def test_of_a_long_line_the_beginning_is_told(project: Path, capsys: Capture) -> None:
    edit(project, LLMS, "- **`seed`** (`integer`, _optional_):", f"- **`{'s' * 5_000}`** (`integer`, _optional_):")
    done = run_cli(project, capsys, "verify-docs")
    assert "is no field that can be read: - **`ssss" in done.err
    assert len(done.out + done.err) < 4_000


@pytest.mark.pinned
def test_disagreements_are_told_up_to_a_number_and_all_as_json(project: Path, capsys: Capture) -> None:
    fields = "".join(f"- **`no_{number}`** (`string`, _optional_)\n" for number in range(120))
    edit(project, LLMS, "- **`seed`** (`integer`, _optional_):", f"{fields}\n- **`seed`** (`integer`, _optional_):")
    done = run_cli(project, capsys, "verify-docs")
    assert done.out.splitlines()[-1] == f"tests/docs/pages/{LLMS}: … and 70 more disagreements; --json has all"
    assert len(done.out.splitlines()) == 3 + 50 + 1
    assert done.err.startswith("2 pages: 120 disagreements")
    assert len(json.loads(run_cli(project, capsys, "verify-docs", "--json").out)["pages"][1]["disagreements"]) == 120


def test_a_page_with_too_much_is_one_problem(project: Path, capsys: Capture) -> None:
    path = project / "tests" / "docs" / "pages" / LLMS
    for text, message in [
        ("### Input Schema\n" + "- **`a`** (`string`)\n" * 2_001, ":2002: error: has more than 2,000 fields"),
        (
            "### Input Schema\n" + "".join(f"{' ' * i}- **`a`** (`A`)\n" for i in range(65)),
            ":66: error: has fields below",
        ),
        ("# a\n" * 50_001, ": error: has more than 50,000 lines, which no page has: it is not read"),
        ("x" * 1_048_577, ": error: is larger than 1,048,576 bytes, which no page is: it is not read"),
    ]:
        path.write_text(text, encoding="utf-8")
        done = run_cli(project, capsys, "verify-docs")
        assert done.code == 1
        assert done.err.count("[unreadable-page]") == 1
        assert f"tests/docs/pages/{LLMS}{message}" in done.err


def test_many_names_are_one_line(project: Path, capsys: Capture) -> None:
    for number in range(30):
        (project / "tests" / "docs" / "pages" / f"a__{number:02}.llms.txt").touch()
    first = ", ".join(f"tests/docs/pages/a__{number:02}.llms.txt" for number in range(10))
    said = run_cli(project, capsys, "verify-docs").err.splitlines()
    assert said[0] == f"30 pages are of endpoints that are not emitted: {first} …"
    assert said[1].startswith("2 pages: ")


@pytest.mark.pinned
def test_a_docstring_that_contradicts_its_annotation(project: Path, capsys: Capture) -> None:
    module = project / "generated" / "fal_typed" / "endpoints" / "nucleus_image.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(text.replace("Default: `1`. Range: 1 to 2.", "Default: `1`. Range: 1 to 4."), encoding="utf-8")
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 1
    said = "NucleusImageInput.num_images: the docstring has the limits 1, 4, the annotation 1, 2"
    assert done.out.splitlines()[3:] == [f"fal-ai/nucleus-image: {said}"]


# --- exceptions ------------------------------------------------------------------------------------------------------


@pytest.mark.pinned
def test_a_listed_disagreement_passes(project: Path, capsys: Capture) -> None:
    edit(project, LLMS, "Default value: `1`\n  - Default: `1`", "Default value: `2`\n  - Default: `2`")
    assert run_cli(project, capsys, "verify-docs").code == 1
    except_(project, reason="The page is wrong.")
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 0
    assert done.out.endswith("default: the page says 2, emitted is 1\n    is listed: The page is wrong.\n")


@pytest.mark.parametrize(
    "other", [{"place": "input.seed"}, {"facet": "type"}, {"page": "page.txt"}, {"endpoint": SCHNELL}]
)
def test_an_exception_lists_no_other_disagreement(project: Path, capsys: Capture, other: dict[str, str]) -> None:
    edit(project, LLMS, "Default value: `1`\n  - Default: `1`", "Default value: `2`\n  - Default: `2`")
    except_(project, **other)
    assert run_cli(project, capsys, "verify-docs").code == 1


@pytest.mark.pinned
def test_an_exception_that_no_longer_applies_fails(project: Path, capsys: Capture) -> None:
    except_(project)
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 1
    line = "specs/docs-exceptions.toml:1: no longer applies: fal-ai/nucleus-image (llms.txt) input.num_images: default"
    assert done.out.splitlines()[3:] == [line]
    assert run_cli(project, capsys, "verify-docs", SCHNELL).code == 0, "its page was not looked at"
    (project / "tests" / "docs" / "pages" / LLMS).unlink()
    assert run_cli(project, capsys, "verify-docs").code == 0, "there is no page to look at"
    except_(project, endpoint="fal-ai/gone")
    assert run_cli(project, capsys, "verify-docs").code == 1


WRONG: dict[str, tuple[str, str]] = {
    "not TOML": ("[[exception", "not TOML"),
    "another table": ("[other]\n", "only [[exception]] tables may stand here"),
    "a table": ("[exception]\n", "only [[exception]] tables may stand here"),
    "a word": ("exception = ['a']\n", ":0: an exception is a table with endpoint, page, place, facet, reason"),
    "no reason": (
        "#\n[[exception]]\nendpoint = 'a'\npage = 'page.txt'\nplace = 'x'\nfacet = 'type'\n",
        ":2: an exception needs reason",
    ),
    "an empty reason": (
        "[[exception]]\nendpoint = 'a'\npage = 'page.txt'\nplace = 'x'\nfacet = 'type'\nreason = ' '\n",
        ":1: an exception needs reason",
    ),
    "another key": ("[[exception]]\nid = 'a'\n", ":1: an exception has no 'id'"),
    "no facet": (
        "[[exception]]\nendpoint = 'a'\npage = 'page.txt'\nplace = 'x'\nfacet = 'colour'\nreason = 'y'\n",
        ":1: facet is one of fields, order",
    ),
    "no form": (
        "[[exception]]\nendpoint = 'a'\npage = 'html'\nplace = 'x'\nfacet = 'type'\nreason = 'y'\n",
        ":1: page is one of llms.txt, page.txt",
    ),
    "twice": (
        "[[exception]]\nendpoint = 'a'\npage = 'page.txt'\nplace = 'x'\nfacet = 'type'\nreason = 'y'\n" * 2,
        ":7: the same exception stands here twice",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_exceptions_file_with_a_fault(project: Path, capsys: Capture, name: str) -> None:
    text, message = WRONG[name]
    (project / "specs" / "docs-exceptions.toml").write_text(text, encoding="utf-8")
    done = run_cli(project, capsys, "verify-docs")
    assert (done.code, done.out) == (2, "")
    assert "specs/docs-exceptions.toml" in done.err
    assert message in done.err


# --- pages fetched ---------------------------------------------------------------------------------------------------


ENDLESS, PACKED = b"on and on\n" * 1_000, b"packed"
ENDED: list[str] = []
"""What the sites of these tests have sent whole."""


class _Site(BaseHTTPRequestHandler):
    answers: dict[str, tuple[int, bytes]]
    ended: list[str]

    def do_GET(self) -> None:
        status, body = self.answers.get(self.path, (404, b"no such page"))
        assert self.headers["Accept-Encoding"] == "identity"
        self.send_response(status)
        if body == PACKED:
            self.send_header("Content-Encoding", "gzip")
        if status == 302:
            self.send_header("Location", body.decode())
        if body != ENDLESS:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        with suppress(OSError):  # nobody reads on
            for _ in range(3_200 if body == ENDLESS else 0):  # which is 32 MB
                self.wfile.write(ENDLESS)
            self.ended.append(self.path)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[tuple[str, dict[str, tuple[int, bytes]]]]:
    """A site on this machine, and what it answers."""
    answers: dict[str, tuple[int, bytes]] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Site", (_Site,), {"answers": answers, "ended": ENDED}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", answers
    server.shutdown()
    thread.join()
    server.server_close()


Site = tuple[str, dict[str, tuple[int, bytes]]]


@pytest.mark.pinned
def test_fetch(project: Path, capsys: Capture, site: Site) -> None:
    url, answers = site
    path = f"/models/{NUCLEUS}/llms.txt"
    answers[path] = (200, (DOCS / LLMS).read_bytes())
    done = run_cli(project, capsys, "verify-docs", "--fetch", "--base-url", url)
    assert done.code == 0
    assert [line.split()[:2] for line in done.out.splitlines()[1:]] == [[NUCLEUS, "llms.txt"]]
    assert done.err.startswith(f"1 endpoint has no page: {SCHNELL}\n1 page: 0 disagreements")
    answers[path] = (200, (DOCS / LLMS).read_bytes().replace(b"`1` to `2`", b"`1` to `3`"))
    done = run_cli(project, capsys, "verify-docs", NUCLEUS, "--fetch", "--base-url", url + "/")
    assert done.code == 1
    assert f"{url}{path}:60: input.num_images: range: the page says 1 to 3, emitted is 1 to 2" in done.out


@pytest.mark.pinned
def test_fetch_beside_a_folder(project: Path, capsys: Capture, site: Site) -> None:
    url, answers = site
    answers[f"/models/{NUCLEUS}/llms.txt"] = (200, (DOCS / LLMS).read_bytes())
    folder = str(project / "tests" / "docs" / "pages")
    done = run_cli(project, capsys, "verify-docs", "--fetch", "--base-url", url, "--docs", folder)
    assert [line.split()[0] for line in done.out.splitlines()[1:]] == [SCHNELL, NUCLEUS, NUCLEUS]


@pytest.mark.parametrize(("status", "body"), [(500, b""), (403, b"<html>"), (429, b"")])
def test_a_site_that_does_not_answer_is_exit_3(
    project: Path, capsys: Capture, site: Site, status: int, body: bytes
) -> None:
    url, answers = site
    answers[f"/models/{NUCLEUS}/llms.txt"] = (status, body)
    done = run_cli(project, capsys, "verify-docs", NUCLEUS, "--fetch", "--base-url", url)
    assert done.code == 3
    assert f"error: {url}/models/{NUCLEUS}/llms.txt: {status} " in done.err
    assert "no page" not in done.err


def test_a_page_that_has_moved_is_followed(project: Path, capsys: Capture, site: Site) -> None:
    url, answers = site
    answers[f"/models/{NUCLEUS}/llms.txt"] = (302, b"/elsewhere")
    answers["/elsewhere"] = (200, (DOCS / LLMS).read_bytes())
    assert run_cli(project, capsys, "verify-docs", NUCLEUS, "--fetch", "--base-url", url).code == 0


def test_a_site_that_is_not_there_is_exit_3(project: Path, capsys: Capture, site: Site) -> None:
    url = site[0].rpartition(":")[0] + ":1"
    done = run_cli(project, capsys, "verify-docs", NUCLEUS, "--fetch", "--base-url", url)
    assert done.code == 3
    assert f"error: {url}/models/{NUCLEUS}/llms.txt: " in done.err


def test_what_is_fetched_may_be_anything(project: Path, capsys: Capture, site: Site) -> None:
    url, answers = site
    answers[f"/models/{NUCLEUS}/llms.txt"] = (200, b"<html>\xff</html>")
    done = run_cli(project, capsys, "verify-docs", NUCLEUS, "--fetch", "--base-url", url)
    assert done.code == 1
    assert "llms.txt: error: is not UTF-8 text [unreadable-page]" in done.err


def test_a_page_that_does_not_end_is_not_read_to_its_end(project: Path, capsys: Capture, site: Site) -> None:
    url, answers = site
    answers[f"/models/{NUCLEUS}/llms.txt"] = (200, ENDLESS)
    ENDED.clear()
    done = run_cli(project, capsys, "verify-docs", NUCLEUS, "--fetch", "--base-url", url)
    assert done.code == 1
    assert "llms.txt: error: is larger than 1,048,576 bytes, which no page is: it is not read [" in done.err
    assert ENDED == []


def test_a_packed_page_is_not_unpacked(project: Path, capsys: Capture, site: Site) -> None:
    url, answers = site
    answers[f"/models/{NUCLEUS}/llms.txt"] = (200, PACKED)
    done = run_cli(project, capsys, "verify-docs", NUCLEUS, "--fetch", "--base-url", url)
    assert done.code == 3
    assert "llms.txt: it is packed (gzip), which was not asked for" in done.err


@pytest.mark.pinned
def test_many_pages_that_cannot_be_fetched_are_told_up_to_a_number(
    project: Path, capsys: Capture, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, answers = site
    answers.update({f"/models/{one}/llms.txt": (503, b"") for one in (SCHNELL, NUCLEUS)})
    monkeypatch.setattr("generator.cli.verify_docs._MANY", 1)
    done = run_cli(project, capsys, "verify-docs", "--fetch", "--base-url", url)
    assert done.code == 3
    assert done.err.count("503 ") == 1
    assert done.err.endswith("error: … and 1 more page could not be fetched\n")


# --- wrong use -------------------------------------------------------------------------------------------------------


def test_wrong_use(project: Path, capsys: Capture) -> None:
    for arguments, message in [
        (
            ["fal-ai/flux-1/schnel"],
            "'fal-ai/flux-1/schnel' is no endpoint of the package; did you mean fal-ai/flux-1/schnell?",
        ),
        (["x"], "'x' is no endpoint of the package\n"),
        (["--docs", "/no/such/folder"], "/no/such/folder: no folder of pages; name one with --docs, or use --fetch"),
        (["--fetch", "--base-url", "fal.ai"], "--base-url must begin with https:// or http://, not 'fal.ai'"),
    ]:
        done = run_cli(project, capsys, "verify-docs", *arguments)
        assert (done.code, done.out) == (2, "")
        assert message in done.err
    shutil.rmtree(project / "tests")
    assert "tests/docs/pages: no folder of pages" in run_cli(project, capsys, "verify-docs").err


@pytest.mark.pinned
def test_a_package_that_is_not_there_or_broken(project: Path, capsys: Capture) -> None:
    module = project / "generated" / "fal_typed" / "endpoints" / "nucleus_image.py"
    module.write_text("import no_such_module\n", encoding="utf-8")
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 4
    assert "endpoints.nucleus_image cannot be imported: ModuleNotFoundError" in done.err
    assert run_cli(project, capsys, "verify-docs", SCHNELL).code == 0
    shutil.rmtree(project / "generated")
    done = run_cli(project, capsys, "verify-docs")
    assert done.code == 4
    assert "no emitted package there; run `regenerate` first" in done.err
