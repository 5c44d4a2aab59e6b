"""Stage render: every emitted file but the classes, by the templates in `templates/`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ..ir.docstrings import join, summary
from ..ir.limited_places import media_table
from ..ir.share import Kind
from ..literals import comment, docstring, in_docstring, literal, markdown, shown, toml, within
from ..places import SKILL
from ..project.settings import Layout, RuntimePart
from ..shapes import RefShape
from .annotations import annotation
from .around import IGNORED, Around, distribution, skill
from .fakes import ROOT, FakeTree, import_lines, keywords
from .paths import ROOTS, node_path, shared_path
from .public import EXPORTS, PUBLIC_MODULES, TYPED, part_of
from .templates import environment, in_template

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from ..ir import nodes
    from ..project.settings import Settings
    from .fakes import FakeModule

# The filters of the templates: whatever stands within quotes or in a comment comes through one of them.
WRITERS: dict[str, Callable[[str], str]] = {
    "literal": literal,
    "within": within,
    "in_docstring": in_docstring,
    "comment": comment,
    "toml": toml,
    "markdown": markdown,
    "docstring": partial(docstring, indent=4),
}
# Models that are not made from documents.
_OWN_MODELS = ("AnyAudio", "AnyImage", "AnyVideo", "FalModel", "RemoteFile")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleView:
    """What the templates of a module below `endpoints` see.

    Attributes:
        up: The relative import that leads to the package's root, e.g. `...`.
        classes: The sources of the classes that live here.
        alias: The output, where it is one of several models and so no class of its own.
        keywords: The annotation of the verbs' `**input`.
        given: The type of a whole input.
        inputs: The lines about the inputs.
        event: The annotation of what it streams.
        media: What files must be like, by their places in the input.
        narrows: Whether some class is below one of the bases for media, whose attributes it narrows.
    """

    node: nodes.TreeNode
    header: str
    up: str
    doc: str
    classes: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()
    alias: str = ""
    class_doc: str = ""
    keywords: str = ""
    given: str = ""
    inputs: tuple[str, ...] = ()
    subscribe_options: str = ""
    submit_options: str = ""
    event: str = ""
    media: str = ""
    narrows: bool = False

    @property
    def endpoint(self) -> nodes.Endpoint | None:
        """The node's endpoint."""
        return self.node.endpoint


def render(
    api: nodes.Api,
    sources: Mapping[str, list[str]],
    templates: Path,
    settings: Settings,
    fakes: Iterable[FakeModule] = (),
) -> Iterator[tuple[str, str]]:
    """Every file by its path below the output folder, with its text, one by one: who takes them may begin with each.

    Args:
        api: What is emitted.
        sources: The source of the classes, by the path of their module. What is not among them is left out.
        templates: The folder of the templates.
        settings: The project's.
        fakes: What `fake_modules` gave.
    """
    renderer = Renderer(templates, settings.shown(settings.specs))
    for path, text in renderer.package(api, sources, settings.parts):
        yield f"{api.package}/{path}", text
    if RuntimePart.TESTING in settings.parts:
        for path, text in renderer.fakes(api, fakes):
            yield f"{api.package}/{path}", text
    yield f"{api.package}/{SKILL}", renderer.text("SKILL.md.jinja", **skill(api, settings))
    if settings.layout is Layout.PROJECT:
        about = Around(api, settings.published, settings.shown(settings.output))
        context = about.context
        for path, template in about.templates.items():
            yield path, renderer.text(template, **context)
        yield "LICENSE", (templates / "LICENSE").read_text(encoding="utf-8")
        yield ".gitignore", IGNORED


class Renderer:
    """Renders the files of one API.

    Args:
        templates: The folder of the templates.
        specs: How the headers call the folder of the documents.
    """

    def __init__(self, templates: Path, specs: str) -> None:
        self._templates = templates
        self._specs = specs
        self._environment = environment(templates, {name: _strict(writer) for name, writer in WRITERS.items()})

    def package(
        self, api: nodes.Api, sources: Mapping[str, list[str]], parts: Collection[RuntimePart]
    ) -> Iterator[tuple[str, str]]:
        """Every file of the package but the stubs of fakes, by path below it.

        Args:
            api: What is emitted.
            parts: What of the runtime there is, besides what calls need.
            sources: The source of the classes, by `shared_path` or `node_path`; a module that is not there is left out.
        """
        files = {
            "__init__.py": self.text("init.py.jinja", api=api, exports=dict(sorted(EXPORTS.items())), typed=TYPED),
            "_client.py": self._client(api, ""),
            "_async_client.py": self._client(api, "Async"),
            "_registry.py": self.text("registry.py.jinja", api=api),
            "py.typed": "",
            "endpoints/__init__.py": f'# {comment(self._header())}\n"""One module for each endpoint, by its id."""\n',
        }
        for name, public in PUBLIC_MODULES.items():
            if public.part is None or public.part in parts:
                doc = docstring(public.doc, indent=0)
                files[f"{name}.py"] = self.text("public_module.py.jinja", doc=doc, module=public)
        for kind in Kind:
            files[f"{kind.value}/__init__.py"] = self._shared_init(api, kind)
        for module in api.shared:
            if (path := shared_path(module)) in sources:
                files[path] = self._shared_module(module, sources[path])
        yield from files.items()
        yield from self._tree(api, sources)
        yield from self._runtime(parts)

    def _tree(self, api: nodes.Api, sources: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
        root, *others = api.nodes
        for path, prefix in zip(ROOTS, ("", "Async"), strict=True):
            yield path, self._client(api, prefix, root)
        for node in others:
            path = node_path(node)
            is_there = node.kept or node.finished is not None
            if not is_there and (node.endpoint is None or path in sources):
                yield path, self._node(node, sources.get(path, []))

    def _runtime(self, parts: Collection[RuntimePart]) -> Iterator[tuple[str, str]]:
        folder = self._templates / "runtime"
        paths = [file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*.py"))]
        for path in paths:
            if part_of(path) in (None, *parts):
                yield f"_runtime/{path}", (folder / path).read_text(encoding="utf-8")

    def fakes(self, api: nodes.Api, modules: Iterable[FakeModule]) -> Iterator[tuple[str, str]]:
        """The stubs of the endpoints' fakes, by path below the package.

        Args:
            api: What is emitted.
            modules: Those with a document's words in them that are made anew.
        """
        for one in modules:
            yield one.path, self._fake(one)
        tree = FakeTree(api)
        yield ROOT, self.text("fakes.pyi.jinja", imports=tree.imports, classes=tree.classes)
        for path in tree.empty:
            yield path, f"# {comment(self._header())}\n"

    def _fake(self, module: FakeModule) -> str:
        classes = [
            {
                "name": cls.name,
                "keywords": keywords(cls),
                "fields": [(field.name, annotation(field.shape, cls.kind)) for field in cls.fields],
            }
            for cls in module.classes
        ]
        return self.text(
            "fake.pyi.jinja", origin=module.source.path, module=module, imports=import_lines(module), classes=classes
        )

    def _client(self, api: nodes.Api, prefix: str, root: nodes.TreeNode | None = None) -> str:
        user_agent, words = f"{distribution(api)}/{api.version}", "are awaited" if prefix else "block"
        return self.text("client.py.jinja", prefix=prefix, words=words, user_agent=user_agent, node=root)

    def _shared_init(self, api: nodes.Api, kind: Kind) -> str:
        types = {(one.module, one.cls.name) for one in api.shared if one.kind is kind}
        types |= {(one.module, one.name) for one in api.kept_types if one.kind is kind}
        listed = [{"module": module, "name": name} for module, name in sorted(types, key=lambda pair: pair[1])]
        extra = _OWN_MODELS if kind is Kind.MODELS else ()
        what = "What endpoints answer with" if kind is Kind.MODELS else "What endpoints take"
        return self.text(
            "shared_init.py.jinja",
            types=listed,
            moved=[
                one for one in api.moved if one.kind is kind and one.name not in {known["name"] for known in listed}
            ],
            extra=extra,
            exports=sorted([*extra, *(one["name"] for one in listed)]),
            doc=docstring(f"{what}: the types that endpoints share.", indent=0),
        )

    def _shared_module(self, module: nodes.SharedModule, classes: list[str]) -> str:
        what = "answer with" if module.kind is Kind.MODELS else "take"
        doc = docstring(f"`{module.cls.name}`: what endpoints {what}{_called(module.cls)}.", indent=0)
        return self.text(
            "shared_module.py.jinja",
            module=module,
            classes=classes,
            doc=doc,
            origin=module.cls.source.path,
            narrows=module.cls.media is not None,
        )

    def _node(self, node: nodes.TreeNode, classes: list[str]) -> str:
        up = "." * (len(node.path) + (1 if node.children else 0) + 1)
        if node.endpoint is None:
            doc, class_doc = (docstring(node.doc, indent=indent) for indent in (0, 4))
            view = ModuleView(node=node, header=self._header(), up=up, doc=doc, class_doc=class_doc)
            return self.text("namespace.py.jinja", view=view)
        return self.text("endpoint.py.jinja", view=self._endpoint_view(node, node.endpoint, up, classes))

    def _endpoint_view(self, node: nodes.TreeNode, endpoint: nodes.Endpoint, up: str, classes: list[str]) -> ModuleView:
        exports = {node.class_name, f"Async{node.class_name}", endpoint.output_name}
        exports |= {cls.name for cls in endpoint.classes} | {one.alias for one in endpoint.imports}
        about = f"{endpoint.id}: {endpoint.category}." if endpoint.category else f"{endpoint.id}."
        alias = "" if isinstance(endpoint.output, RefShape) else annotation(endpoint.output, Kind.MODELS)
        given = [o for o in ("logs", "on_queue_update") if o in endpoint.options]
        return ModuleView(
            node=node,
            header=self._header(endpoint.source.path),
            up=up,
            doc=docstring(about, indent=0),
            classes=tuple(classes),
            exports=tuple(sorted(exports)),
            alias=alias,
            class_doc=docstring(_class_doc(endpoint, about), indent=4),
            keywords="Any" if endpoint.untyped else f"Unpack[{endpoint.input_name}]",
            given="Mapping[str, Any]" if endpoint.untyped else endpoint.input_name,
            inputs=endpoint.inputs,
            subscribe_options="".join(f", {option}={option}" for option in given),
            event=endpoint.output_name if endpoint.typed_events else "dict[str, Any]",
            media=shown(media_table(endpoint)) if endpoint.media else "",
            narrows=any(cls.media is not None for cls in endpoint.classes),
            submit_options=", webhook_url=webhook_url" if "webhook_url" in endpoint.options else "",
        )

    def text(self, template: str, *, origin: str = "", view: ModuleView | None = None, **context: object) -> str:
        """The text of one file.

        Args:
            template: The file's template.
            origin: The document that the file is made from, where it is one.
            view: Of a module below `endpoints`.
            **context: What else the template sees.
        """
        if view is not None:
            names = ModuleView.__dataclass_fields__
            context.update({name: getattr(view, name) for name in names}, endpoint=view.endpoint)
        context.setdefault("header", self._header(origin))
        with in_template(self._templates, template):
            return self._environment.get_template(template).render(context)

    def _header(self, origin: str = "") -> str:
        return header(origin or f"{self._specs}/")


def header(origin: str) -> str:
    """What every file begins with, behind the mark of a comment.

    Args:
        origin: What it is made from.
    """
    return f"Generated from {origin} by `fal-typed-generator regenerate`; do not edit."


def _called(cls: nodes.Class) -> str:
    return "" if cls.name == cls.wire_name else f" and their documents call `{cls.wire_name}`"


def _strict(writer: Callable[[str], str]) -> Callable[[object], str]:
    return lambda value: writer(str(value))  # str() of something undefined fails, repr() would not


def _class_doc(endpoint: nodes.Endpoint, about: str) -> str:
    description = endpoint.prose.description
    link = f"Documentation: {endpoint.documentation}" if endpoint.documentation else ""
    gone = f"Deprecated: {endpoint.deprecated}" if endpoint.deprecated else ""
    streams = "It can stream its output." if endpoint.streams else ""
    return join(about, gone, description if summary(description) != endpoint.id else "", streams, link)
