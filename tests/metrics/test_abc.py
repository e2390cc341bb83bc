"""ABC: the few that make most of it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.metrics import ABC_CUTS, Cut, Figure, Slice, abc

HALF, NINE_TENTHS = Decimal("0.5"), Decimal("0.9")


def slices_of(*values: tuple[str | None, str | None]) -> list[Slice]:
    """Return slices with keys and values."""
    return [
        Slice(
            keys=(key,),
            labels=(f"<{key}>",),
            figure=Figure(
                name="revenue", unit="USD", value=None if value is None else Decimal(value)
            ),
        )
        for key, value in values
    ]


def grades(*values: str) -> str:
    """Return the classes of items with these values, in the order of their rank."""
    found = abc(slices_of(*((f"k{number}", value) for number, value in enumerate(values))))
    return "".join(item.grade for item in found.items)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("100",), "A"),
        (("80", "15", "5"), "ABC"),
        (("79.99", "15.01", "5"), "AAC"),
        (("50", "30", "10", "5", "5"), "AABBC"),
        (("25", "25", "25", "25"), "AAAA"),
        (("100", "0", "-10"), "ACC"),
        (("1e30", "1"), "AC"),
    ],
)
def test_the_share_before_an_item_decides(values: tuple[str, ...], expected: str) -> None:
    """
    An item is A while the share before it is under 80 %, B while under 95 %, then C.

    Source:
        SEMANTICS 6.6.
    """
    assert grades(*values) == expected


def test_a_worked_example() -> None:
    """Items carry share and share before, classes what they hold; both sum to the total."""
    found = abc(slices_of(("b", "30"), ("a", "50"), ("d", "5"), ("c", "15")))
    assert [
        (one.key, one.label, one.value, one.share, one.share_before, one.grade)
        for one in found.items
    ] == [
        ("a", "<a>", 50, Decimal("0.5"), 0, "A"),
        ("b", "<b>", 30, Decimal("0.3"), Decimal("0.5"), "A"),
        ("c", "<c>", 15, Decimal("0.15"), Decimal("0.8"), "B"),
        ("d", "<d>", 5, Decimal("0.05"), Decimal("0.95"), "C"),
    ]
    assert [(one.grade, one.n, one.value, one.share) for one in found.classes] == [
        ("A", 2, 80, Decimal("0.8")),
        ("B", 1, 15, Decimal("0.15")),
        ("C", 1, 5, Decimal("0.05")),
    ]
    assert (found.total, found.left_out, found.reason) == (100, 0, None)


def test_ties_stand_in_the_order_of_their_keys() -> None:
    """Equal values are ranked by key, whatever the order of the slices."""
    found = abc(slices_of(("c", "1"), ("a", "1"), ("b", "1")))
    assert [item.key for item in found.items] == ["a", "b", "c"]


def test_long_numbers_are_ranked_and_cut_exactly() -> None:
    """Two values that differ in the 38th digit are no tie, and 80 % of a long total is exact."""
    low, high = "1" + "0" * 36 + "1", "1" + "0" * 36 + "2"
    assert [item.key for item in abc(slices_of(("a", low), ("b", high))).items] == ["b", "a"]
    whole = 10**30 + 10
    assert grades(str(whole * 8 // 10 - 1), str(whole * 2 // 10 - 1), "2") == "AAC"


def test_what_has_no_key_or_no_value_is_left_out() -> None:
    """It is counted, and is no part of the total."""
    found = abc(slices_of(("a", "10"), (None, "90"), ("b", None)))
    assert ([item.key for item in found.items], found.total, found.left_out) == (["a"], 10, 2)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "there are no items"),
        ([(None, "5"), ("a", None)], "there are no items"),
        ([("a", "0")], "the total is 0; shares need a total above 0"),
        ([("a", "5"), ("b", "-7.5")], "the total is -2.5; shares need a total above 0"),
    ],
)
def test_no_analysis_without_a_total_above_0(
    values: list[tuple[str | None, str | None]], reason: str
) -> None:
    """There are no shares of nothing; the reason says so, and nothing is lost."""
    found = abc(slices_of(*values))
    assert (found.items, found.classes, found.reason) == ((), (), reason)


def test_own_cuts() -> None:
    """Cuts are data; what lies behind the last is C."""
    cuts = (Cut("gold", HALF), Cut("silver", NINE_TENTHS))
    found = abc(slices_of(("a", "60"), ("b", "35"), ("c", "5")), cuts)
    assert [item.grade for item in found.items] == ["gold", "silver", "C"]
    assert [one.grade for one in abc(slices_of(("a", "1")), ()).items] == ["C"]


@pytest.mark.parametrize(
    "cuts",
    [
        (Cut("A", NINE_TENTHS), Cut("B", HALF)),
        (Cut("A", HALF), Cut("B", HALF)),
        (Cut("A", Decimal(0)),),
        (Cut("A", Decimal("1.01")),),
        (Cut("A", HALF), Cut("A", NINE_TENTHS)),
        (Cut("C", HALF),),
    ],
)
def test_refused_cuts(cuts: tuple[Cut, ...]) -> None:
    """Cuts ascend within 0 to 1 and have names of their own."""
    with pytest.raises(InvalidValue, match="cuts is"):
        abc([], cuts)


@settings(deadline=None)
@given(
    st.lists(
        st.decimals(-1000, 10**12, places=2, allow_nan=False, allow_infinity=False), max_size=30
    )
)
def test_classes_share_out_the_whole(values: list[Decimal]) -> None:
    """Every item is in one class; the classes sum to the total; ranks descend."""
    found = abc(slices_of(*((f"k{n}", str(value)) for n, value in enumerate(values))))
    if found.reason is not None:
        assert sum(values) <= 0
        return
    assert sum(one.n for one in found.classes) == len(found.items) == len(values)
    assert sum(one.value for one in found.classes) == found.total == sum(values)
    assert abs(sum(Fraction(one.share) for one in found.classes) - 1) < Fraction(1, 10**20)
    ranked = [item.value for item in found.items]
    assert ranked == sorted(ranked, reverse=True)
    for place, item in enumerate(found.items):
        before = sum(map(Fraction, ranked[:place])) / Fraction(found.total)
        wanted = next((cut.name for cut in ABC_CUTS if before < Fraction(cut.below)), "C")
        assert item.grade == wanted


def test_only_what_adds_up_has_shares() -> None:
    """Shares of a rate mean nothing: the parts of a figure that is not additive make no whole."""
    rate = Figure(name="win_rate", unit="fraction", value=Decimal(1), is_additive=False)
    with pytest.raises(InvalidValue, match="its parts do not sum to a whole"):
        abc([Slice(keys=("a",), labels=("a",), figure=rate)])
