"""Strategies for every public type: its own where it has one, else read off its annotations."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Collection, Hashable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, TypeVar, Union, cast

import attrs
from hypothesis import reject

from salescore.errors import InvalidValue, SalesCoreError
from salescore.testing._hypothesis import st
from salescore.testing._instances_answers import answer_of
from salescore.testing._instances_own import OWN, Strategy
from salescore.testing._values import days, decimals, instants, texts

T = TypeVar("T")

_MOST = 3
_PLAIN: Mapping[Any, Callable[[], Strategy]] = {
    str: texts,
    bool: st.booleans,
    int: lambda: st.integers(0, 40),
    float: lambda: st.floats(allow_nan=False, allow_infinity=False),
    Decimal: decimals,
    date: days,
    datetime: instants,
    Fraction: lambda: st.fractions(0, 1),
    timedelta: lambda: st.timedeltas(timedelta(0), timedelta(days=400)),
    object: lambda: st.one_of(st.none(), texts(), decimals()),
    type(None): st.none,
}


@cache
def instances(kind: type[T]) -> st.SearchStrategy[T]:
    """
    Return instances of a public type of this library: of a record, a value, a rule, a setting.

    What a type demands of its fields together is kept; whether an instance makes sense beside
    others, such as an id that refers to a record, is not: `books` draws records that fit.

    Args:
        kind: An attrs class or an enumeration that a room's door offers.

    Raises:
        InvalidValue: A type of answers, with what to draw and ask in its place; or no such type.

    Examples:
        >>> from salescore.values import Finding
        >>> isinstance(instances(Finding).example(), Finding)  # doctest: +SKIP
        True
    """
    answer = answer_of(kind)
    if answer is not None:
        raise InvalidValue("kind", kind.__name__, answer)
    is_known = kind in OWN or attrs.has(cast("Any", kind)) or _is_enumeration(kind)
    if not is_known:
        fault = "it must be an attrs class or an enumeration"
        raise InvalidValue("kind", getattr(kind, "__name__", kind), fault)
    return cast("st.SearchStrategy[T]", _instance(kind))


@st.composite
def _instance(draw: st.DrawFn, kind: Any) -> Any:  # noqa: ANN401 - any type
    """Return an instance; shown as a call, because what it is drawn from fills pages."""
    return draw(_strategy(kind))


@cache
def _strategy(kind: Any) -> Strategy:  # noqa: ANN401 - any type
    if kind in OWN:
        return OWN[kind]()
    return st.sampled_from(kind) if _is_enumeration(kind) else _derived(kind)


def _is_enumeration(kind: Any) -> bool:  # noqa: ANN401 - any type
    return inspect.isclass(kind) and issubclass(kind, Enum)


def _derived(kind: Any) -> Strategy:  # noqa: ANN401 - any attrs class
    """Return instances whose fields are what their annotations say."""
    hints = typing.get_type_hints(kind)
    fields = {one.alias: _later(hints[one.name]) for one in attrs.fields(kind) if one.init}
    by_place = [one.alias for one in attrs.fields(kind) if one.init and not one.kw_only]

    def made(values: dict[str, Any]) -> Any:  # noqa: ANN401 - an instance
        first = [values.pop(name) for name in by_place]
        try:
            return kind(*first, **values)
        except (SalesCoreError, ValueError, TypeError):
            reject()

    return st.fixed_dictionaries(fields).map(made)


def _later(hint: Hashable) -> Strategy:
    """Return what an annotation allows, found when it is first drawn, so that types may recur."""

    def found() -> Strategy:
        return _of_hint(hint)

    return st.deferred(found)


@cache
def _of_hint(hint: Hashable) -> Strategy:  # noqa: C901 - a case per form of annotation
    """Return what an annotation allows."""
    if hint in OWN:
        return OWN[hint]()
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _of_hint(parts[0])
    if origin in (Union, types.UnionType):
        return st.one_of(*map(_of_hint, sorted(parts, key=lambda one: one is not type(None))))
    if origin is typing.Literal:
        return st.sampled_from(parts)
    if origin is tuple and parts[-1] is Ellipsis:
        return st.lists(_of_hint(parts[0]), max_size=_MOST).map(tuple)
    if origin is tuple:
        return st.tuples(*map(_of_hint, parts))
    if origin is frozenset:
        return st.frozensets(_of_hint(parts[0]), max_size=_MOST)
    if origin in (list, Collection) or getattr(origin, "__name__", "") == "Sequence":
        return st.lists(_of_hint(parts[0]), max_size=_MOST)
    if isinstance(hint, typing.NewType):
        return texts(least=1)
    if hint in _PLAIN:
        return _PLAIN[hint]()
    return instances(cast("Any", hint))
