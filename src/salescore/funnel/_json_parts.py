"""What the JSON forms of funnels, status tables and policies of leads have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from salescore.errors import SalesCoreError
from salescore.funnel._stage import Criterion
from salescore.plain import Node
from salescore.rules import read_rule, rule_to_data

T = TypeVar("T")

_NO_LABELS = ("", "")


def add_labels(
    found: dict[str, object], labels: tuple[str, str], name: str = "labels"
) -> dict[str, object]:
    """Add labels, unless there are none, and return what they were added to."""
    if labels != _NO_LABELS:
        found[name] = list(labels)
    return found


def add_texts(found: dict[str, object], name: str, texts: Sequence[str]) -> None:
    """Add texts, unless there are none."""
    if texts:
        found[name] = list(texts)


def add_each(found: dict[str, object], name: str, data: list[dict[str, object]]) -> None:
    """Add parts, unless there are none."""
    if data:
        found[name] = data


def criterion_data(criterion: Criterion) -> dict[str, object]:
    """Return a criterion as plain data."""
    found = add_labels({"key": criterion.key}, criterion.labels)
    found["rule"] = rule_to_data(criterion.rule)
    return found


def read_some(keys: dict[str, Node], **readers: Callable[[Node], Any]) -> dict[str, Any]:
    """Return what stands under keys that may be left out."""
    return {name: read(keys[name]) for name, read in readers.items() if name in keys}


def made(node: Node, kind: Callable[..., T], values: dict[str, Any]) -> T:
    """Return a part of a document; what it refuses is refused with the place."""
    try:
        return kind(**values)
    except SalesCoreError as error:
        node.refuse(str(error))


def read_labels(node: Node) -> tuple[str, str]:
    """Return an English and a Chinese label, which may be empty."""
    return node.labels(empty=True)


def read_any_text(node: Node) -> str:
    """Return a text that may be empty."""
    return node.text(empty=True)


def read_criteria(node: Node) -> list[Criterion]:
    """Return the criteria of a list."""
    return [_read_criterion(one) for one in node.items()]


def _read_criterion(node: Node) -> Criterion:
    keys = node.object(("key", "labels", "rule"), ("key", "rule"))
    values = read_some(keys, labels=read_labels)
    values["key"], values["rule"] = keys["key"].text(), read_rule(keys["rule"])
    return made(node, Criterion, values)
