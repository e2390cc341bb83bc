"""Names and labels of funnels in other languages: whatever they hold, it stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from salescore.funnel._stage import Stage
from salescore.funnel._transition import Transition
from salescore.render import NOTHING, Language, clip, text_width

_NO_SIGNS = str.maketrans({"\ufffe": " ", "\uffff": " "})
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})
_DOT = str.maketrans({"&": "&amp;", "\\": "\\\\", '"': '\\"'})
_MERMAID = str.maketrans(
    {letter: f"#{ord(letter)};" for letter in "!\"#$%&'*+:;<=>?@[\\]^`{|}~"},
)
_MARKDOWN = str.maketrans(
    {letter: f"\\{letter}" for letter in "\\`*_[]#|~$:@"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
)
_LIST = re.compile(r"^([0-9]*)([-+=.)])")


def one_line(text: str) -> str:
    """Return a text on one line, without signs that control, are not shown, or turn directions."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    line = text.translate(_NO_SIGNS)
    return " ".join(clip(line, text_width(line) + 1).split())


def xml_text(text: str) -> str:
    """Return a text as it stands in XML, between tags or in quotation marks."""
    return one_line(text).translate(_XML)


def dot_text(text: str) -> str:
    """Return a text as it stands in quotation marks in DOT."""
    return one_line(text).translate(_DOT)


def mermaid_text(text: str) -> str:
    """Return a text as it stands in Mermaid: signs that mean something there by their numbers."""
    return one_line(text).translate(_MERMAID)


def markdown_text(text: str) -> str:
    """Return a text as it stands in Markdown: no sign marks anything up, nor is HTML."""
    return _LIST.sub(r"\1\\\2", one_line(text).translate(_MARKDOWN))


def markdown_code(text: str) -> str:
    """Return a text as code in Markdown, fenced by more backticks than it holds."""
    line = one_line(text)
    fence = "`"
    while fence in line:
        fence += "`"
    is_edged = line.startswith("`") or line.endswith("`")
    return f"{fence} {line} {fence}" if is_edged else f"{fence}{line}{fence}"


def stage_label(stage: Stage, language: Language) -> str:
    """Return what a stage is called on one line: its label, else its key."""
    return one_line(language.pick(stage.labels)) or one_line(stage.key) or NOTHING


def transition_label(way: Transition, language: Language) -> str:
    """Return what a transition is called on one line: its label, else its event."""
    return one_line(language.pick(way.labels)) or one_line(way.event) or NOTHING


def plain_ids(
    names: Iterable[str], *, first: str, prefix: str = "", without: Iterable[str] = ()
) -> dict[str, str]:
    """
    Return ids of ASCII letters, digits and underscores, each once, by name.

    Args:
        names: Any names.
        first: What an id begins with whose name does not begin with a letter, or holds none.
        prefix: What every id begins with.
        without: What no id may be.
    """
    found: dict[str, str] = {}
    taken = set(without)
    for place, name in enumerate(dict.fromkeys(names), start=1):
        letters = (one if one.isascii() and one.isalnum() else " " for one in name)
        plain = "_".join("".join(letters).split()) or str(place)
        if not plain[0].isalpha():
            plain = f"{first}_{plain}"
        wanted = one = f"{prefix}{plain}"
        number = 1
        while one in taken:
            number += 1
            one = f"{wanted}_{number}"
        taken.add(one)
        found[name] = one
    return found
