"""The fields of a policy as plain JSON data."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from salescore.errors import InvalidDocument, SalesCoreError
from salescore.grading._card_json import card_to_data, read_card
from salescore.grading._fields import (
    AbcField,
    CustomerField,
    CustomerFigure,
    DerivedField,
    RfmFields,
    ScoreField,
    TableFields,
)
from salescore.metrics import Cut, Measure, SegmentBounds, rfm_scheme_from_data
from salescore.plain import Node
from salescore.rules import read_rule, read_table, rule_to_data, table_to_data


def field_to_data(field: CustomerField) -> dict[str, object]:
    """Return a field as plain data: an object whose one key says of which kind it is."""
    match field:
        case CustomerFigure():
            found: dict[str, object] = {"name": field.name, "labels": list(field.labels)}
            found |= _given(months=field.months, unit=field.unit)
            return {"figure": {**found, "measure": field.measure.as_data()}}
        case DerivedField():
            found = {"name": field.name, "labels": list(field.labels), **_given(unit=field.unit)}
            return {"derived": {**found, "of": rule_to_data(field.of)}}
        case AbcField():
            cuts = [[cut.name, format(cut.below, "f")] for cut in field.cuts]
            labels = list(field.labels)
            return {"abc": {"name": field.name, "labels": labels, "by": field.by, "cuts": cuts}}
        case RfmFields():
            found = {"name": field.name, **_given(months=field.months)}
            found["scheme"] = field.scheme.as_data()
            return {"rfm": {**found, "segments": [one.as_data() for one in field.segments]}}
        case ScoreField():
            return {"score": {"name": field.name, "card": card_to_data(field.card)}}
        case TableFields():
            return {"table": table_to_data(field.table)}
        case _:
            assert_never(field)


def _given(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def read_field(node: Node) -> CustomerField:
    """Return the field that plain data describe."""
    keys = node.object(tuple(_READERS))
    if len(keys) != 1:
        node.refuse(f"expected one of {', '.join(_READERS)}")
    ((kind, given),) = keys.items()
    try:
        return _READERS[kind](given)
    except InvalidDocument:
        raise
    except SalesCoreError as error:
        given.refuse(str(error))


def _read_figure(node: Node) -> CustomerFigure:
    keys = node.object(
        ("name", "labels", "months", "unit", "measure"), ("name", "labels", "measure")
    )
    return CustomerFigure(
        name=keys["name"].text(),
        labels=keys["labels"].labels(empty=True),
        months=keys["months"].whole() if "months" in keys else None,
        unit=keys["unit"].text() if "unit" in keys else None,
        measure=Measure.from_data(keys["measure"]),
    )


def _read_derived(node: Node) -> DerivedField:
    keys = node.object(("name", "labels", "unit", "of"), ("name", "labels", "of"))
    return DerivedField(
        name=keys["name"].text(),
        labels=keys["labels"].labels(empty=True),
        unit=keys["unit"].text() if "unit" in keys else None,
        of=read_rule(keys["of"]),
    )


def _read_abc(node: Node) -> AbcField:
    keys = node.object(("name", "labels", "by", "cuts"), ("name", "labels", "by", "cuts"))
    return AbcField(
        name=keys["name"].text(),
        labels=keys["labels"].labels(empty=True),
        by=keys["by"].text(),
        cuts=[_read_cut(cut) for cut in keys["cuts"].items()],
    )


def _read_cut(node: Node) -> Cut:
    parts = node.items()
    if len(parts) != 2:  # noqa: PLR2004 - name and bound
        node.refuse("expected a class and its bound")
    return Cut(parts[0].text(), parts[1].decimal())


def _read_rfm(node: Node) -> RfmFields:
    keys = node.object(("name", "months", "scheme", "segments"), ("name", "scheme", "segments"))
    return RfmFields(
        name=keys["name"].text(),
        months=keys["months"].whole() if "months" in keys else None,
        scheme=rfm_scheme_from_data(keys["scheme"]),
        segments=[SegmentBounds.from_data(one) for one in keys["segments"].items()],
    )


def _read_score(node: Node) -> ScoreField:
    keys = node.object(("name", "card"), ("name", "card"))
    return ScoreField(name=keys["name"].text(), card=read_card(keys["card"]))


def _read_table_fields(node: Node) -> TableFields:
    return TableFields(table=read_table(node))


_READERS: dict[str, Callable[[Node], CustomerField]] = {
    "figure": _read_figure,
    "derived": _read_derived,
    "abc": _read_abc,
    "rfm": _read_rfm,
    "score": _read_score,
    "table": _read_table_fields,
}
