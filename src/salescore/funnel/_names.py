"""Several names: fields, roles, keys; one text is refused by the name of what it was given as."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from salescore.errors import InvalidValue
from salescore.plain import ID_LIMIT


def check_text(name: str, value: object) -> None:
    """Refuse what is no text, an empty one, or one longer than an id."""
    if not isinstance(value, str) or not value.strip():
        raise InvalidValue(name, value, "expected a text that is not empty")
    if len(value) > ID_LIMIT:
        fault = f"it has {len(value):,} characters; at most {ID_LIMIT:,} are allowed"
        raise InvalidValue(name, f"{value[:40]}…", fault)


def names_of(field: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return names as a tuple; one text is refused, for it would be taken letter by letter."""
    given = cast("object", values)
    if isinstance(given, tuple) and not given:
        return ()
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidValue(field, given, "expected several texts, such as a tuple of one")
    found = tuple(values)
    for one in found:
        check_text(f"one of the {field}", one)
    return found


def names_once(field: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return names as a tuple, each of them once: documents refuse one that stands there twice."""
    found = names_of(field, values)
    return tuple(dict.fromkeys(found)) if len(found) > 1 else found


def as_clears(values: Iterable[str]) -> tuple[str, ...]:
    """Return clears as a tuple, each once."""
    return names_once("clears", values)


def as_former(values: Iterable[str]) -> tuple[str, ...]:
    """Return former as a tuple, each once."""
    return names_once("former", values)


def as_override_roles(values: Iterable[str]) -> tuple[str, ...]:
    """Return override roles as a tuple, each once."""
    return names_once("override_roles", values)


def as_required(values: Iterable[str]) -> tuple[str, ...]:
    """Return required as a tuple, each once."""
    return names_once("required", values)


def as_roles(values: Iterable[str]) -> tuple[str, ...]:
    """Return roles as a tuple, each once."""
    return names_once("roles", values)


def as_sources(values: Iterable[str]) -> tuple[str, ...]:
    """Return sources as a tuple."""
    return names_of("sources", values)
