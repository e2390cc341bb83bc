"""Configuration of the documentation; every warning is an error."""

import re
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, get_origin

from docutils.nodes import Element, TextElement
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.pycode import ModuleAnalyzer

import salescore

project = "salescore"
author = "The salescore maintainers"
project_copyright = "2026, The salescore maintainers"
release = version = installed_version("salescore")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "salescore"
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["tables.css", "column.css"]

autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": False}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # attributes stand once, with the words of the record's docstring
napoleon_use_rtype = False  # hints carry the types; a colon in "Returns" is punctuation
napoleon_custom_sections = [("Laws", "notes_style"), ("Source", "notes_style")]

nitpicky = True
OUTSIDE = (
    r"(abc|argparse|attrs?|collections|contextlib|csv|dataclasses|datetime|dateutil|decimal|enum"
    r"|fractions|functools|hypothesis|io|itertools|json|numbers|os|pathlib|pendulum|_?pytest|re|sqlite3|types|typing"
    r"|zoneinfo)"
    r"(\.\w+)*"
)
nitpick_ignore_regex = [
    # The standard library, the core dependencies and hypothesis: their pages lie outside this
    # site, and the build asks nobody on the network (no intersphinx).
    (r"py:.*", OUTSIDE),
    # Names of the standard library as short hints print them.
    (r"py:class", r"(Callable|Iterable|Iterator|Mapping|Sequence|Path|Decimal|Fraction|date)"),
    # Strategies that `composite` makes keep their hints as they are written.
    (r"py:class", r"st\.SearchStrategy"),
    # A text in English and Chinese, as short hints print it.
    (r"py:class", r"Words"),
    # Ids say themselves.
    (r"py:class", r"salescore\.entities\.(_\w+\.)?\w+Id"),
    # Private types have no page.
    (r"py:class", r"salescore\.book\.(_known\.Known|_pricing\.Pricing)"),
    (r"py:class", r"salescore\.forecast\._pipeline_window\.Window"),
    (r"py:class", r"salescore\.(\w+\.)*_[A-Z]\w*"),
    # The parts of a profile are described as JSON, in the profile format.
    (r"py:class", r"salescore\.exchange\._layout\.\w+"),
    # Type variables have no page.
    (r"py:.*", r"(.*\.)?_?[A-Z](_co|_contra)?"),
]

PRIVATE = re.compile(r"\._\w+(?=\.)")


def find_behind_the_door(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: TextElement
) -> Element | None:
    """
    Resolve a name that hints spell otherwise than the page of its room does.

    Hints name a class by the private module that defines it, and an alias by its bare name.
    """
    if node["refdomain"] != "py":
        return None
    python = env.domains.python_domain
    target = PRIVATE.sub("", node["reftarget"])
    if target not in python.objects:
        named = [name for name in python.objects if name.rpartition(".")[2] == target]
        if len(named) != 1:
            return None
        (target,) = named
    return python.resolve_xref(env, node["refdoc"], app.builder, "obj", target, node, content)


def carry_words_through_doors(app: Sphinx) -> None:  # noqa: ARG001 - the signature is Sphinx's
    """Let a room show the words that stand under an alias in one of its private modules."""
    house = Path(salescore.__file__).parent
    for door in house.glob("*/__init__.py"):
        room = ModuleAnalyzer.for_module(f"salescore.{door.parent.name}")
        room.analyze()
        for path in sorted(door.parent.glob("_[!_]*.py")):
            inside = ModuleAnalyzer.for_module(f"salescore.{door.parent.name}.{path.stem}")
            inside.analyze()
            for (owner, name), words in inside.attr_docs.items():
                if not owner:
                    room.attr_docs.setdefault((owner, name), words)


def keep_colons(
    app: Sphinx,  # noqa: ARG001 - the signature is Sphinx's
    what: str,
    name: str,  # noqa: ARG001
    obj: object,  # noqa: ARG001
    options: object,  # noqa: ARG001
    lines: list[str],
) -> None:
    """Say that an attribute's words open with no type, so that a colon in them is punctuation."""
    if what in {"attribute", "data", "property"} and lines and ":" in lines[0]:
        lines[0] = f": {lines[0]}"


def leave_labels_out(
    app: Sphinx,  # noqa: ARG001 - the signature is Sphinx's
    obj: object,
    bound_method: bool,  # noqa: ARG001, FBT001
) -> None:
    """Show the type alone of a record's field; its labels and units stand among the records."""
    hints: dict[str, object] = getattr(obj, "__annotations__", {})
    for name, hint in hints.items():
        if get_origin(hint) is Annotated:
            hints[name] = hint.__origin__  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    """Let aliases keep their words, and the names in hints find their public page."""
    app.connect("autodoc-before-process-signature", leave_labels_out)
    app.connect("builder-inited", carry_words_through_doors)
    app.connect("autodoc-process-docstring", keep_colons, priority=400)  # before napoleon
    app.connect("missing-reference", find_behind_the_door)
