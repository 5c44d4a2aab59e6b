"""What IPython and jedi complete, and what IPython's `?` shows."""

from __future__ import annotations

import re
import subprocess
import sys
import typing
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fal_typed._registry import ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[3]
CONFIG: Any = pytest.importorskip("traitlets.config", reason="IPython is not installed")
IPYTHON: Any = pytest.importorskip("IPython.core.interactiveshell", reason="IPython is not installed")
JEDI: Any = pytest.importorskip("jedi", reason="jedi is not installed")
BEGIN = "from fal_typed import Fal, AsyncFal; fal = Fal('id:secret'); afal = AsyncFal('id:secret')"
OPTIONS = {"run": set[str](), "subscribe": {"logs", "on_queue_update"}, "submit": {"webhook_url"}}


class Shell:
    """IPython, as it is when somebody has imported the package."""

    def __init__(self, folder: Path) -> None:
        config = CONFIG.Config({"HistoryManager": {"enabled": False}})
        self._shell: Any = IPYTHON.InteractiveShell.instance(config=config, ipython_dir=str(folder))
        self._shell.run_cell(BEGIN)

    def run(self, code: str) -> None:
        self._shell.run_cell(code)

    def close(self) -> None:
        """Give back what it took: `__main__`, the hooks of `sys`."""
        self._shell.restore_sys_module_state()
        IPYTHON.InteractiveShell.clear_instance()

    def completions(self, text: str, *, jedi: bool = True) -> list[str]:
        completer = self._shell.Completer
        completer.use_jedi = jedi
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a provisional interface of IPython's
            return [one.text for one in completer.completions(text, len(text))]

    def arguments(self, text: str, *, jedi: bool = True) -> set[str]:
        return {one.removesuffix("=") for one in self.completions(text, jedi=jedi) if one.endswith("=")}

    def page(self, name: str) -> str:
        """What `name?` shows, without its colours."""
        return re.sub("\x1b\\[[\\d;]*m", "", self._shell.object_inspect_mime(name)["text/plain"])


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    # A class enters IPython's list when it is made, which is before this in most tests.
    known = {name: sys.modules.pop(name) for name in [*sys.modules] if name.partition(".")[0] == "fal_typed"}
    shell = Shell(tmp_path_factory.mktemp("ipython"))
    yield shell
    shell.close()
    for name in [*sys.modules]:
        if name.partition(".")[0] == "fal_typed":
            del sys.modules[name]
    sys.modules.update(known)


def path_of(endpoint_id: str) -> str:
    module, _ = ENDPOINTS[endpoint_id]
    return module


def inputs_of(endpoint_id: str) -> set[str]:
    spec: Any = import_module(f"fal_typed.endpoints.{path_of(endpoint_id)}").SPEC
    return {*typing.get_type_hints(spec.input)}


# In the cell that makes the client nothing was executed yet: jedi reads what it finds of the class.
@pytest.mark.parametrize("kind", ["Fal", "AsyncFal"])
@pytest.mark.parametrize(
    "made", ["new = {kind}()\nnew.", "{kind}().", "def f(new: {kind}):\n    new.", "class A({kind}): ...\nA()."]
)
def test_a_client_made_in_the_same_cell_completes_its_endpoints(shell: Shell, kind: str, made: str) -> None:
    begin = made.format(kind=kind)
    close = "close" if kind == "Fal" else "aclose"
    assert {"flux_1", "recraft", "endpoints", close} <= {*shell.completions(begin)}
    assert shell.completions(f"{begin}flux_1.") == ["schnell"]
    assert shell.completions(f"{begin}flux_1.schnell.") == [
        "input_schema",
        "map",
        "output_schema",
        "request",
        "run",
        "submit",
        "subscribe",
        "with_options",
    ]
    assert shell.arguments(f"{begin}flux_1.schnell.subscribe(") == OPTIONS["subscribe"]


@pytest.mark.parametrize("client", ["fal", "afal"])
@pytest.mark.parametrize("endpoint_id", ENDPOINTS)
def test_ipython_completes_all_inputs(endpoint_id: str, client: str, shell: Shell) -> None:
    wanted = inputs_of(endpoint_id)
    for verb, options in OPTIONS.items():
        assert shell.arguments(f"{client}.{path_of(endpoint_id)}.{verb}(") == wanted | options


@pytest.mark.parametrize("endpoint_id", ENDPOINTS)
def test_so_does_it_without_jedi(endpoint_id: str, shell: Shell) -> None:
    found = shell.arguments(f"fal.{path_of(endpoint_id)}.subscribe(", jedi=False)
    assert found == inputs_of(endpoint_id) | OPTIONS["subscribe"]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("client", ["Fal", "AsyncFal"])
@pytest.mark.parametrize("endpoint_id", ENDPOINTS)
def test_jedi_completes_all_inputs(endpoint_id: str, client: str) -> None:
    package: Any = import_module("fal_typed")
    spaces = [{"fal": getattr(package, client)("id:secret")}]
    for verb, options in OPTIONS.items():
        text = f"fal.{path_of(endpoint_id)}.{verb}("
        found = JEDI.Interpreter(text, spaces).complete(1, len(text))
        wanted = inputs_of(endpoint_id) | options
        assert {one.name_with_symbols.removesuffix("=") for one in found if one.name.endswith("=")} == wanted
        (signature,) = JEDI.Interpreter(text, spaces).get_signatures(1, len(text))
        assert {one.name for one in signature.params} == wanted


@pytest.mark.parametrize("jedi", [True, False])
def test_what_is_typed_narrows_and_what_is_given_is_left_out(shell: Shell, jedi: bool) -> None:
    assert shell.arguments("fal.flux_1.schnell.run(pr", jedi=jedi) == {"prompt"}
    given = shell.arguments("fal.flux_1.schnell.run(prompt='a', num_", jedi=jedi)
    assert given == {"num_images", "num_inference_steps"}


@pytest.mark.parametrize("jedi", [True, False])
@pytest.mark.parametrize("client", ["fal", "afal"])
def test_ids_are_completed(client: str, jedi: bool, shell: Shell) -> None:
    assert shell.completions(f"{client}.endpoints['fal-ai/fl", jedi=jedi) == ["fal-ai/flux-1/schnell"]
    assert {*shell.completions(f'{client}.endpoints["', jedi=jedi)} >= {*ENDPOINTS}


@pytest.mark.parametrize("jedi", [True, False])
def test_attributes_are_completed(shell: Shell, jedi: bool) -> None:
    assert {*shell.completions("fal.flux", jedi=jedi)} & {"flux_1", ".flux_1"}
    assert {*shell.completions("fal.flux_1.schnell.su", jedi=jedi)} & {"subscribe", ".subscribe"}


def test_jedi_goes_on_from_the_output(shell: Shell) -> None:
    assert "images" in "".join(shell.completions("fal.flux_1.schnell.run(prompt='a').ima"))


@pytest.mark.parametrize("name", ["fal.flux_1.schnell", "afal.flux_1.schnell", "fal.flux_1.schnell.subscribe"])
def test_the_page_of_a_question_mark(name: str, shell: Shell) -> None:
    page = shell.page(name)
    assert "\n    num_inference_steps       int, 1 to 12, default 4\n" in page
    assert '"square_hd" | "square" | "portrait_4_3"' in page
    assert ("Signature:" in page) == name.endswith("subscribe")


def test_the_page_of_a_step_says_what_is_below(shell: Shell) -> None:
    page = shell.page("fal.flux_1")
    assert "<Flux1Namespace>" in page
    assert "1 endpoint below flux_1." in page


@pytest.mark.parametrize("client", ["fal", "afal"])
def test_the_question_mark_of_the_table_shows_its_ids(client: str, shell: Shell) -> None:
    page = shell.page(f"{client}.endpoints")
    assert f"<{len(ENDPOINTS)} endpoints>" in page
    assert "All endpoints by id" in page
    assert {*ENDPOINTS} <= {line.strip() for line in page.splitlines()}
    assert shell.completions(f"{client}.endpoints['fal-ai/fl", jedi=False) == ["fal-ai/flux-1/schnell"]


def test_what_is_in_a_list_of_files_is_completed(shell: Shell) -> None:
    shell.run("from fal_typed._runtime.outputs.carriers import JsonArray; files = JsonArray([{}, 'a'])[1:]")
    assert ".upper" in shell.completions("files[0].upp", jedi=False)


def test_items_of_somebodys_own_client_are_not_looked_at(shell: Shell) -> None:
    """What its `__getitem__` does nobody knows; the attributes are ours."""
    shell.run("class Mine(Fal):\n    def __getitem__(self, name): return name\nmine = Mine('id:secret')")
    assert shell.completions("mine.flux_1.sch", jedi=False) == [".schnell"]
    assert ".upper" not in shell.completions("mine['a'].upp", jedi=False)


def test_ipython_is_told_nothing_where_it_decides_otherwise() -> None:
    """Another IPython may keep no such list."""
    code = (
        "import sys, types\n"
        "sys.modules['IPython.core.completer'] = types.ModuleType('IPython.core.completer')\n"
        "sys.modules['IPython.core.guarded_eval'] = other = types.ModuleType('IPython.core.guarded_eval')\n"
        "from fal_typed import Fal\n"
        "other.EVALUATION_POLICIES = {'limited': None}\n"
        "print(Fal('a:b').endpoints['fal-ai/flux-1/schnell'])"
    )
    where = REPOSITORY / "generated"
    done = subprocess.run([sys.executable, "-c", code], cwd=where, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("<Flux1Schnell fal-ai/flux-1/schnell>\n", "")
