"""A walk that ends does so where and when the theory of absorbing chains says, exactly."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue, UnknownName
from salescore.stats import AbsorbingChain, absorbing_chain

HALF = Fraction(1, 2)
STAGES, ENDS = ("Qualify", "Propose", "Negotiate"), ("Won", "Lost")
WEEKLY = (
    (".60", ".25", "0", "0", ".15"),
    (".05", ".55", ".25", ".03", ".12"),
    ("0", ".05", ".50", ".35", ".10"),
)


def weekly() -> AbsorbingChain:
    """Return the chain of three stages and weekly steps."""
    return absorbing_chain(STAGES, ENDS, [[Decimal(text) for text in row] for row in WEEKLY])


@st.composite
def chains(draw: st.DrawFn) -> AbsorbingChain:
    """Draw a chain of one to four states and one to three ends, each state with a way out."""
    states = "abcd"[: draw(st.integers(1, 4))]
    ends = "xyz"[: draw(st.integers(1, 3))]
    rows: list[list[Fraction]] = []
    for _ in states:
        moves = draw(st.lists(st.integers(0, 9), min_size=len(states), max_size=len(states)))
        out = draw(st.lists(st.integers(1, 9), min_size=len(ends), max_size=len(ends)))
        rows.append([Fraction(n, sum(moves) + sum(out)) for n in (*moves, *out)])
    return absorbing_chain(list(states), list(ends), rows)


def follow(chain: AbsorbingChain, state: str, steps: int) -> list[Fraction]:
    """Return the chance to be in each state and end after some steps, one step at a time."""
    size = len(chain.states)
    now = [Fraction(0)] * (size + len(chain.absorbing))
    now[chain.states.index(state)] = Fraction(1)
    for _ in range(steps):
        following = [Fraction(0)] * size + now[size:]
        for place, row in enumerate(chain.rows):
            for to, chance in enumerate(row):
                following[to] += now[place] * chance
        now = following
    return now


def near(found: Sequence[Fraction], told: str) -> bool:
    """Return whether fractions agree with numbers of six decimals."""
    return all(
        abs(one - Fraction(text)) <= Fraction(1, 2 * 10**6)
        for one, text in zip(found, told.split(), strict=True)
    )


def test_three_weekly_stages() -> None:
    """The project's oracle of three stages, worked out from the formulas outside this library."""
    chain = weekly()
    assert near(chain.visits[0], "2.698413 1.587302 .793651")
    assert near(chain.visits[1], ".317460 2.539683 1.269841")
    assert near(chain.visits[2], ".031746 .253968 2.126984")
    assert near([chain.absorption(s, "Won") for s in STAGES], ".325397 .520635 .752063")
    assert near([chain.expected_steps(s) for s in STAGES], "5.079365 4.126984 2.412698")
    assert near([chain.absorbed_by(4, s, "Won") for s in STAGES], ".081725 .316523 .671760")
    assert near([chain.absorbed_by(13, s, "Won") for s in STAGES], ".306674 .511461 .749820")


def test_the_gambler() -> None:
    """Of Kemeny and Snell's random walk over 5 places with ends, from the middle: half, 4 steps."""
    rows = [(0, HALF, 0, HALF, 0), (HALF, 0, HALF, 0, 0), (0, HALF, 0, 0, HALF)]
    chain = absorbing_chain(["1", "2", "3"], ["0", "4"], rows)
    assert chain.visits == ((Fraction(3, 2), 1, HALF), (1, 2, 1), (HALF, 1, Fraction(3, 2)))
    assert [chain.expected_steps(state) for state in "123"] == [3, 4, 3]
    assert [chain.absorption(state, "0") for state in "123"] == [
        Fraction(3, 4),
        HALF,
        Fraction(1, 4),
    ]
    assert chain.expected_visits("1", "3") == HALF


@given(chains())
def test_the_fundamental_matrix_inverts(chain: AbsorbingChain) -> None:
    """A visit is the beginning or follows on another: N = I + QN, exactly."""
    size = range(len(chain.states))
    for i in size:
        for j in size:
            follows = sum(chain.rows[i][k] * chain.visits[k][j] for k in size)
            assert chain.visits[i][j] == int(i == j) + follows


@given(chains())
def test_every_walk_ends(chain: AbsorbingChain) -> None:
    """Over all ends the chances add up to exactly 1."""
    for state in chain.states:
        assert sum(chain.absorption(state, end) for end in chain.absorbing) == 1


@given(chains(), st.integers(0, 12))
def test_steps_one_by_one(chain: AbsorbingChain, steps: int) -> None:
    """The chance to have ended after some steps is that of following the walk step by step."""
    for state in chain.states:
        found = [chain.absorbed_by(steps, state, end) for end in chain.absorbing]
        assert found == follow(chain, state, steps)[len(chain.states) :]


@given(chains())
def test_the_ultimate_chance_is_the_limit(chain: AbsorbingChain) -> None:
    """
    After some steps what is missing of the ultimate chance is at most what is still under way, and
    the expected steps exceed those counted so far by no less.
    """
    for state in chain.states:
        inside = [sum(follow(chain, state, n)[: len(chain.states)]) for n in range(12)]
        for end in chain.absorbing:
            missing = chain.absorption(state, end) - chain.absorbed_by(11, state, end)
            assert 0 <= missing <= inside[-1]
        assert chain.expected_steps(state) >= sum(inside)


@given(chains(), st.integers(1, 20))
def test_time_never_takes_back(chain: AbsorbingChain, steps: int) -> None:
    """The chance to have ended never falls with the steps."""
    for end in chain.absorbing:
        start = chain.states[0]
        assert chain.absorbed_by(steps - 1, start, end) <= chain.absorbed_by(steps, start, end)


def test_no_step() -> None:
    """After no step nothing has ended; after one only what ends at once."""
    assert weekly().absorbed_by(0, "Propose", "Won") == 0
    assert weekly().absorbed_by(1, "Propose", "Won") == Fraction(3, 100)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("0.5", "0.4"), "sum of the row of 'open' is Fraction\\(9, 10\\): it must be exactly 1"),
        (("-0.5", "1.5"), "chance from 'open' to 'open'"),
        (("0.5", "0.25", "0.25"), "2 chances are needed"),
        (("NaN", "1"), "chance from 'open' to 'open'"),
        (("1E-999999999", "1"), "chance from 'open' to 'open'"),
    ],
)
def test_no_row(row: tuple[str, ...], words: str) -> None:
    """A row has one chance per state and end, none negative, and adds up to exactly 1."""
    with pytest.raises(InvalidValue, match=words):
        absorbing_chain(["open"], ["won"], [[Decimal(text) for text in row]])


@pytest.mark.parametrize("chance", [0.5, True, "0.5", None])
def test_no_exact_number(chance: Any) -> None:  # noqa: ANN401 - anything at all
    """A float is no chance: its row could not add up exactly."""
    with pytest.raises(InvalidValue, match="a Decimal or a Fraction from 0 to 1"):
        absorbing_chain(["open"], ["won"], [[chance, HALF]])


def test_a_trap_is_named() -> None:
    """States from which no end can be reached are refused by name, the others are not."""
    rows = [(0, HALF, 0, HALF), (0, HALF, HALF, 0), (0, 1, 0, 0)]
    with pytest.raises(
        InvalidValue, match=r"states is \('stuck', 'held'\): no way leads"
    ) as caught:
        absorbing_chain(["open", "stuck", "held"], ["won"], rows)
    assert caught.value.value == ("stuck", "held")


def test_a_long_way_is_a_way() -> None:
    """A state from which the end is reached over others only is no trap."""
    chain = absorbing_chain(["a", "b", "c"], ["end"], [(0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)])
    assert chain.expected_steps("a") == 3
    assert [chain.absorbed_by(steps, "a", "end") for steps in (2, 3)] == [0, 1]


@pytest.mark.parametrize(
    ("states", "ends", "rows", "words"),
    [
        ((), ("won",), (), "at least one goes on and one ends"),
        (("open",), (), ((1,),), "at least one goes on and one ends"),
        (("open",), ("open",), ((HALF, HALF),), "no name stands twice"),
        (("open",), ("won",), (), "number of rows is 0: one per state, 1"),
    ],
)
def test_no_chain(
    states: tuple[str, ...],
    ends: tuple[str, ...],
    rows: tuple[tuple[Fraction, ...], ...],
    words: str,
) -> None:
    """A chain has states and ends of distinct names, and a row per state."""
    with pytest.raises(InvalidValue, match=words):
        absorbing_chain(states, ends, rows)


@pytest.mark.parametrize("steps", [-1, 1001, 1.0, True])
def test_no_number_of_steps(steps: Any) -> None:  # noqa: ANN401 - anything at all
    """Steps are a whole number from 0 to 1,000."""
    with pytest.raises(InvalidValue, match="a walk is followed for 0 to 1000 steps"):
        weekly().absorbed_by(steps, "Propose", "Won")


def test_unknown_names() -> None:
    """A state or end that the chain does not have is refused, with the nearest name."""
    chain = weekly()
    with pytest.raises(UnknownName, match="no state 'propose'; did you mean 'Propose'"):
        chain.expected_steps("propose")
    with pytest.raises(UnknownName, match="no end 'won'; did you mean 'Won'"):
        chain.absorption("Propose", "won")
    with pytest.raises(UnknownName, match="no state 'Won'"):
        chain.expected_visits("Propose", "Won")
