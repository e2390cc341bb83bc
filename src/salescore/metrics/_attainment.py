"""Attainment: what was reached of what was aimed at, target by target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import attrs

from salescore.book import Facts
from salescore.entities import Target
from salescore.errors import CurrencyMismatch, InvalidPeriod, InvalidValue, UnknownName
from salescore.metrics._catalogue import find_figure
from salescore.metrics._compute import Names, definitions_of, figures_at, must_have
from salescore.metrics._dimensions import Dimension, find_dimension
from salescore.metrics._figures import MONEY, Exclusion, Figure, FigureDefinition
from salescore.metrics._needs_facts import check_facts
from salescore.metrics._reduce import Key
from salescore.metrics._source import AnyFacts, FigureSource, source_of
from salescore.values import EXACT, Period, quotient


class Band(NamedTuple):
    """A judgement of an attainment and the share from which on it holds."""

    name: str
    at_least: Decimal
    labels: tuple[str, str]


BANDS = (
    Band("excellent", Decimal(1), ("Excellent", "优秀")),
    Band("fair", Decimal("0.7"), ("Fair", "合格")),
)
"""The usual bands, the best first; what reaches none of them needs analysis."""

NEEDS_ANALYSIS = Band("needs_analysis", Decimal("-Infinity"), ("Needs analysis", "需分析"))
"""The band of what reaches no other."""

_SCOPE = (
    *("rep", "team", "territory", "region", "product", "product_family"),
    *("customer", "segment", "channel", "source"),
)


@attrs.frozen(kw_only=True)
class Attainment:
    """
    What was reached of one target.

    Attributes:
        target_id: Id of the target.
        name: What the target is called; its id where it has no name.
        figure: Name of the figure.
        during: Period of the target; `None` where its days are no period.
        level: How ambitious it is: `base`, `stretch` or `challenge`; `None` without levels.
        scope: Key by dimension of all that it covers; empty where it covers everything.
        target: What is to be reached, in the unit of the figure; `None` when unknown.
        actual: The figure over the target's period and scope; `None` where it cannot be asked for.
        value: Attainment, a fraction: actual ÷ target, or target ÷ actual where lower is better;
            `None` when undefined.
        gap: Target less actual, in the unit of the figure; `None` when either is undefined. Below 0
            the actual is higher than the target.
        band: Name of the band that the attainment reaches; `None` when it is undefined.
        is_lower_better: Whether less is better.
        reason: Why the attainment is undefined; `None` when it is defined.
        excluded: Rows that the actual leaves out, with reasons.
    """

    target_id: str
    name: str
    figure: str
    during: Period | None
    level: str | None
    scope: tuple[tuple[str, str], ...]
    target: Decimal | None
    actual: Figure | None
    value: Decimal | None
    gap: Decimal | None
    band: str | None
    is_lower_better: bool
    reason: str | None = None
    excluded: tuple[Exclusion, ...] = ()


def attainment(
    facts: Facts,
    *,
    over: AnyFacts | None = None,
    during: Period | None = None,
    figures: Names | None = None,
    bands: Sequence[Band] = BANDS,
) -> tuple[Attainment, ...]:
    """
    Return what was reached of every target in force.

    With the actual value a and the target t the attainment is a ÷ t; where lower is better, such
    as for days, it is t ÷ a. A target that another one replaces is not in force.

    Args:
        facts: The fact tables, whose targets they are; targets in other currencies are priced by
            them.
        over: Where the actuals come from, such as dataframes of the sales; `None` for `facts`.
        during: Takes only targets whose period lies within; `None` takes all.
        figures: Takes only targets of these figures; `None` takes all. A target of a figure of
            your own needs its definition here.
        bands: Bands of judgement, the best first; each holds from its bound on.

    Returns:
        In the order of the targets. An attainment is undefined, with a reason, where target or
        actual is unknown, the target is not above 0, lower is better and the actual is not above
        0, the figure is unknown, or its facts do not know what the target covers.

    Raises:
        InvalidValue: The bounds of the bands do not descend, two have one name, or `facts` is
            another source than `Facts`.
        UnknownName: No such figure in `figures`.
        CurrencyMismatch: The actuals are in another currency than the targets.

    Source:
        Attainment = actual ÷ target, the usual definition of the field.
    """
    check_facts("attainment", facts, "hand in the dataframes as over=, beside Facts with targets")
    _check_bands(bands)
    source = source_of(facts if over is None else over)
    if source.currency != facts.currency:
        raise CurrencyMismatch(facts.currency, source.currency)
    own = {} if figures is None else {one.name: one for one in definitions_of(figures)}
    asked = [
        one
        for one in _targets(facts, source, own)
        if (figures is None or one.record.figure in own) and _lies_in(one.record, during)
    ]
    actuals = _actuals(asked, source)
    return tuple(_attained(one, actuals.get(one.record.id), bands) for one in asked)


class _Asked(NamedTuple):
    """A target, what it is of, and why its actual cannot be asked for."""

    record: Target
    definition: FigureDefinition | None
    period: Period | None
    scope: tuple[tuple[Dimension, str], ...]
    amount: Decimal | None
    fault: str | None


def _targets(
    facts: Facts, source: FigureSource, own: Mapping[str, FigureDefinition]
) -> Iterable[_Asked]:
    table = facts.table("targets")
    records: Mapping[str, Target] = facts.known.book.index("targets")
    for number, key in enumerate(table.column("id")):
        record = records[key]
        scope = _scope(record)
        definition, period, fault = None, None, None
        try:
            definition = own.get(record.figure) or find_figure(record.figure)
            period = Period.custom(record.starts_on, record.ends_on, facts.calendar.name)
            for dimension, _ in scope:
                must_have(definition, dimension, source)
        except (UnknownName, InvalidPeriod) as error:
            fault = str(error)
        column = "value"
        if definition is not None and definition.unit.startswith(MONEY):
            column = "amount"
        amount = table.column(column)[number]
        if fault is None and amount is None:
            fault = table.null_reason(column, number)
        yield _Asked(record, definition, period, scope, amount, fault)


def _scope(record: Target) -> tuple[tuple[Dimension, str], ...]:
    """Return what a target covers, as it states it; a rep's team is no further condition."""
    found: list[tuple[Dimension, str]] = []
    for name in _SCOPE:
        dimension = find_dimension(name)
        key = getattr(record, dimension.column)
        if key is not None:
            found.append((dimension, key))
    return tuple(found)


def _lies_in(record: Target, during: Period | None) -> bool:
    return during is None or (
        during.start <= record.starts_on and record.ends_on <= during.last_day
    )


def _actuals(asked: Sequence[_Asked], source: FigureSource) -> dict[str, Figure]:
    """Return the figure of each target, all of one period and kind of scope in one pass."""
    groups: dict[tuple[Period, tuple[Dimension, ...]], list[tuple[_Asked, FigureDefinition]]] = {}
    for one in asked:
        if one.fault is None and one.period is not None and one.definition is not None:
            kind = one.period, tuple(dimension for dimension, _ in one.scope)
            groups.setdefault(kind, []).append((one, one.definition))
    found: dict[str, Figure] = {}
    for (period, dimensions), members in groups.items():
        definitions = list(dict.fromkeys(definition for _, definition in members))
        keys = list(dict.fromkeys(_key(one) for one, _ in members))
        figures = figures_at(definitions, source, by=dimensions, keys=keys, during=period)
        by_key = {
            (definition.name, key): figure
            for definition, those in zip(definitions, figures, strict=True)
            for key, figure in zip(keys, those, strict=True)
        }
        found.update((one.record.id, by_key[one.record.figure, _key(one)]) for one, _ in members)
    return found


def _key(one: _Asked) -> Key:
    return tuple(key for _, key in one.scope)


def _attained(one: _Asked, actual: Figure | None, bands: Sequence[Band]) -> Attainment:
    record, definition = one.record, one.definition
    is_lower_better = record.is_lower_better
    if is_lower_better is None:
        is_lower_better = definition is not None and definition.is_lower_better
    reached = None if actual is None else actual.value
    reason = one.fault or (None if actual is None else actual.reason)
    value = None
    if reason is None and one.amount is not None and reached is not None:
        value, reason = _ratio(one.amount, reached, is_lower_better=is_lower_better)
    gap = None
    if one.amount is not None and reached is not None:
        gap = EXACT.subtract(one.amount, reached)
    return Attainment(
        target_id=record.id,
        name=record.name or record.id,
        figure=record.figure,
        during=one.period,
        level=None if record.level is None else record.level.value,
        scope=tuple((dimension.name, key) for dimension, key in one.scope),
        target=one.amount,
        actual=actual,
        value=value,
        gap=gap,
        band=None if value is None else band_of(value, bands).name,
        is_lower_better=is_lower_better,
        reason=reason,
        excluded=() if actual is None else actual.excluded,
    )


def _ratio(
    target: Decimal, actual: Decimal, *, is_lower_better: bool
) -> tuple[Decimal | None, str | None]:
    """Return the attainment, or why there is none: a share of nothing, or of a loss."""
    if target <= 0:
        return None, f"the target is {target:f}; a share needs one above 0"
    if not is_lower_better:
        return quotient(actual, target), None
    if actual <= 0:
        return None, f"the actual is {actual:f}; where lower is better a share needs one above 0"
    return quotient(target, actual), None


def band_of(value: Decimal, bands: Sequence[Band] = BANDS) -> Band:
    """
    Return the band that an attainment reaches.

    Args:
        value: Attainment, a fraction.
        bands: Bands, the best first; each holds from its bound on.

    Examples:
        >>> band_of(Decimal(1)).name, band_of(Decimal("0.7")).name
        ('excellent', 'fair')
        >>> band_of(Decimal("0.699")).name
        'needs_analysis'
    """
    return next((band for band in bands if value >= band.at_least), NEEDS_ANALYSIS)


def _check_bands(bands: Sequence[Band]) -> None:
    bounds = [band.at_least for band in bands]
    if bounds != sorted(set(bounds), reverse=True):
        raise InvalidValue("bands", tuple(map(str, bounds)), "bounds descend, the best band first")
    names = [*(band.name for band in bands), NEEDS_ANALYSIS.name]
    if len(set(names)) < len(names):
        fault = f"bands differ, also from the last, {NEEDS_ANALYSIS.name}"
        raise InvalidValue("bands", tuple(names), fault)
