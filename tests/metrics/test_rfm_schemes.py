"""Schemes of RFM: what each does with a column, what it refuses, and its JSON."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_rfm import AS_OF, bought, buyers, schemes, without_purchase

from salescore.errors import InvalidDocument, InvalidNumber, InvalidValue
from salescore.metrics import (
    MidRanks,
    QuantileCuts,
    RfmCuts,
    RfmInput,
    RfmScheme,
    Thresholds,
    rfm,
    rfm_cuts,
    rfm_scheme_from_data,
)
from salescore.plain import Node, parse_json
from salescore.stats import quantile


def decimals(*texts: str) -> tuple[Decimal, ...]:
    """Return decimals."""
    return tuple(map(Decimal, texts))


FIXED = Thresholds(
    recency=decimals("30", "90", "365"),
    frequency=decimals("2", "5"),
    monetary=decimals("100", "500.50", "500.50"),
)


def scored(scheme: RfmScheme, axis: str, *values: str) -> list[int | None]:
    """Return the scores of customers with these days, orders or revenues, all else equal."""
    some = [bought(f"c{number}", **{axis: value}) for number, value in enumerate(values)]
    found = rfm(some, AS_OF, scheme)
    letter = {"days": "r", "orders": "f", "revenue": "m"}[axis]
    return [getattr(one, letter) for one in found]


@pytest.mark.parametrize(
    ("axis", "values", "expected"),
    [
        ("days", ("0", "29", "30", "89", "90", "364", "365", "9999"), [4, 4, 3, 3, 2, 2, 1, 1]),
        ("orders", ("1", "2", "4", "5", "500"), [1, 2, 2, 3, 3]),
        (
            "revenue",
            ("-5", "99.99", "100", "500.49", "500.50", "1e9"),
            [1, 1, 2, 2, 4, 4],
        ),
    ],
)
def test_thresholds(axis: str, values: tuple[str, ...], expected: list[int]) -> None:
    """A bound belongs to what lies above it; between two equal bounds lies nothing."""
    assert scored(FIXED, axis, *values) == expected


def test_thresholds_pay_no_heed_to_the_others() -> None:
    """A fixed bound scores one customer alone as it does among many."""
    assert scored(FIXED, "days", "40") == [3]
    assert rfm_cuts([], AS_OF, FIXED) == RfmCuts(
        (Fraction(30), Fraction(90), Fraction(365)),
        (Fraction(2), Fraction(5)),
        (Fraction(100), Fraction("500.5"), Fraction("500.5")),
    )


@pytest.mark.parametrize(
    ("axis", "values", "expected"),
    [
        ("orders", ("1", "2", "3", "4", "5"), [1, 2, 3, 4, 5]),
        ("orders", ("3", "3", "3"), [3, 3, 3]),
        ("orders", ("7",), [3]),
        # f = 1/4, 1/4, 3/4, 3/4: 1 + 5f is 2.25 and 4.75
        ("orders", ("1", "1", "9", "9"), [2, 2, 4, 4]),
        # f = 1/10 … 9/10 for ten different values, two to each score
        ("revenue", tuple(map(str, range(10))), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
        ("days", ("1", "2", "3", "4", "5"), [5, 4, 3, 2, 1]),
        ("days", ("1", "1", "9", "9"), [4, 4, 2, 2]),
    ],
)
def test_mid_ranks(axis: str, values: tuple[str, ...], expected: list[int]) -> None:
    """
    The share f of customers below and half of those equal decides: 1 + ⌊5f⌋.

    Source:
        SEMANTICS 6.6.
    """
    assert scored(MidRanks(parts=5), axis, *values) == expected


@pytest.mark.parametrize(
    ("axis", "values", "expected"),
    [
        # quantiles of 1 to 6 at 20, 40, 60, 80 %: 2, 3, 4, 5; bounds 3, 4, 5, 6
        ("orders", ("1", "2", "3", "4", "5", "6"), [1, 1, 2, 3, 4, 5]),
        ("days", ("1", "2", "3", "4", "5", "6"), [5, 5, 4, 3, 2, 1]),
        # quantiles 1, 1, 1, 9: bounds 2, 2, 2, 10 leave the scores 2, 3 and 5 to nobody
        ("orders", ("1", "1", "1", "1", "9", "9"), [1, 1, 1, 1, 4, 4]),
        ("orders", ("4", "4"), [1, 1]),
        ("days", ("4", "4"), [5, 5]),
    ],
)
def test_quantile_cuts(axis: str, values: tuple[str, ...], expected: list[int]) -> None:
    """Bounds are the quantiles of those who bought, each plus 1; equal values share a score."""
    assert scored(QuantileCuts(parts=5), axis, *values) == expected


@given(
    st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=20),
    st.sampled_from([2, 4, 5, 8]),
    st.sampled_from(decimals("0", "1", "0.01")),
)
def test_cuts_are_the_quantiles_of_stats(
    values: list[Decimal], parts: int, offset: Decimal
) -> None:
    """Where a share is a decimal, a bound is the quantile that `stats` gives, plus the offset."""
    found = rfm_cuts(
        [bought(f"c{n}", revenue=str(one)) for n, one in enumerate(values)],
        AS_OF,
        QuantileCuts(parts=parts, offset=offset),
    )
    for number, cut in enumerate(found.monetary, 1):
        at_share = quantile(sorted(values), Decimal(number) / parts)
        assert at_share is not None
        assert cut == Fraction(at_share) + Fraction(offset)


def test_a_third_is_exact() -> None:
    """Quantiles at thirds are no decimals; the bounds are exact all the same."""
    some = [bought(f"c{n}", revenue=value) for n, value in enumerate(("0", "1", "10"))]
    found = rfm_cuts(some, AS_OF, QuantileCuts(parts=3, offset=Decimal(0)))
    assert found.monetary == (Fraction(2, 3), Fraction(4))
    assert scored(QuantileCuts(parts=3, offset=Decimal(0)), "revenue", "0", "1", "10") == [1, 2, 3]


def test_quantiles_of_nobody() -> None:
    """Where nobody bought there are no bounds, and nobody to score."""
    nobody = [without_purchase("c")]
    assert rfm_cuts(nobody, AS_OF, QuantileCuts()) == RfmCuts((), (), ())
    assert rfm_cuts([], AS_OF, QuantileCuts()) == RfmCuts((), (), ())


@settings(deadline=None)
@given(buyers(least=1), st.sampled_from([2, 4, 5, 8]), st.sampled_from(decimals("0", "1")))
def test_cuts_may_be_fixed(some: list[RfmInput], parts: int, offset: Decimal) -> None:
    """Quantile cuts, kept as thresholds, give the same customers the same scores."""
    scheme = QuantileCuts(parts=parts, offset=offset)
    cuts = rfm_cuts(some, AS_OF, scheme)
    days, orders, revenue = (
        [Decimal(cut.numerator) / cut.denominator for cut in axis] for axis in cuts
    )
    fixed = Thresholds(recency=days, frequency=orders, monetary=revenue)
    assert rfm(some, AS_OF, fixed) == rfm(some, AS_OF, scheme)


@pytest.mark.parametrize(
    ("bounds", "fault"),
    [
        ((), "recency of thresholds is (): give 1 to 8 bounds"),
        (decimals("30", "20"), "give 1 to 8 bounds that do not descend"),
        (decimals(*map(str, range(9))), "give 1 to 8 bounds"),
    ],
)
def test_refused_thresholds(bounds: tuple[Decimal, ...], fault: str) -> None:
    """There is at least one bound, at most eight, and none below the one before."""
    with pytest.raises(InvalidValue) as found:
        Thresholds(recency=bounds, frequency=decimals("1"), monetary=decimals("1"))
    assert fault in str(found.value)
    with pytest.raises(InvalidValue, match="monetary of thresholds"):
        Thresholds(recency=decimals("1"), frequency=decimals("1"), monetary=bounds)


@pytest.mark.parametrize("bound", [30, 30.0, "30", Decimal("NaN"), Decimal("1e40")])
def test_a_bound_is_an_exact_decimal(bound: object) -> None:
    """No float and no number beyond all measure gets into a scheme."""
    with pytest.raises(InvalidNumber):
        Thresholds(recency=decimals("1"), frequency=[bound], monetary=decimals("1"))  # type: ignore[list-item]
    with pytest.raises(InvalidNumber):
        QuantileCuts(offset=bound)  # type: ignore[arg-type]


@pytest.mark.parametrize("parts", [1, 0, -5, 10, True, 5.0, Decimal(5), "5", None])
def test_refused_parts(parts: int) -> None:
    """There are two to nine scores; the fault says so."""
    for scheme in (QuantileCuts, MidRanks):
        with pytest.raises(InvalidValue, match=r"parts is .*: it must be a whole number from 2 to"):
            scheme(parts=parts)


def test_a_negative_offset_is_refused() -> None:
    """It would lift customers over the quantile that they lie under."""
    with pytest.raises(InvalidValue, match="offset of quantile cuts"):
        QuantileCuts(offset=Decimal("-0.01"))


@pytest.mark.parametrize(
    ("scheme", "data"),
    [
        (
            FIXED,
            {
                "kind": "thresholds",
                "recency": ["30", "90", "365"],
                "frequency": ["2", "5"],
                "monetary": ["100", "500.50", "500.50"],
            },
        ),
        (QuantileCuts(), {"kind": "quantile_cuts", "parts": 5, "offset": "1"}),
        (MidRanks(parts=3), {"kind": "mid_ranks", "parts": 3}),
    ],
    ids=["thresholds", "quantile cuts", "mid-ranks"],
)
def test_a_scheme_as_data(scheme: RfmScheme, data: dict[str, object]) -> None:
    """The kind says which scheme it is; decimals are texts."""
    assert scheme.as_data() == data
    assert rfm_scheme_from_data(data) == scheme
    assert rfm_scheme_from_data(Node(data, "policy/scheme")) == scheme


@given(schemes())
def test_any_scheme_goes_through_json_and_back(scheme: RfmScheme) -> None:
    """Reading what was written gives the same scheme."""
    text = json.dumps(scheme.as_data())
    assert rfm_scheme_from_data(parse_json(text)) == scheme


@pytest.mark.parametrize(
    ("data", "path", "fault"),
    [
        (None, "scheme", "expected an object"),
        ({}, "scheme", "the key 'kind' is missing"),
        ({"kind": 5}, "scheme/kind", "expected a text"),
        ({"kind": "mid_rank"}, "scheme/kind", "did you mean 'mid_ranks'?"),
        ({"kind": "mid_ranks"}, "scheme", "the key 'parts' is missing"),
        ({"kind": "mid_ranks", "parts": "5"}, "scheme/parts", "expected a whole number"),
        ({"kind": "mid_ranks", "parts": 10}, "scheme/parts", "a whole number from 2 to 9"),
        ({"kind": "mid_ranks", "parts": 5, "offset": "1"}, "scheme/offset", "offset"),
        ({"kind": "quantile_cuts", "parts": 5}, "scheme", "the key 'offset' is missing"),
        ({"kind": "quantile_cuts", "parts": 5, "offset": 1}, "scheme/offset", "expected a text"),
        ({"kind": "quantile_cuts", "parts": 5, "offset": "-1"}, "scheme", "must not be below 0"),
        ({"kind": "thresholds", "recency": ["1"]}, "scheme", "the key 'frequency' is missing"),
        (
            {"kind": "thresholds", "recency": ["1"], "frequency": ["1", "x"], "monetary": ["1"]},
            "scheme/frequency/1",
            "'x' is not a number",
        ),
        (
            {"kind": "thresholds", "recency": ["1"], "frequency": [], "monetary": ["1"]},
            "scheme",
            "frequency of thresholds",
        ),
    ],
)
def test_refused_data(data: object, path: str, fault: str) -> None:
    """A fault is named with its place in the document."""
    with pytest.raises(InvalidDocument) as found:
        rfm_scheme_from_data(data)
    assert found.value.path == path
    assert fault in str(found.value)
