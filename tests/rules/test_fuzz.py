"""Made-up, mutated and senseless rules: nothing but an error of ours comes out of any of them."""

import builtins
from collections import Counter

import pytest

from tools import fuzz_rules

COUNT = 20_000


@pytest.fixture(scope="module")
def tally() -> fuzz_rules.Tally:
    """Return what the inputs of one seed have met."""
    return fuzz_rules.run(COUNT, seed=20_17)


def total(tally: fuzz_rules.Tally, place: int) -> Counter[str]:
    """Return how many inputs were made how, or met what."""
    found: Counter[str] = Counter()
    for key, count in tally.outcomes.items():
        found[key[place].partition(" to ")[0]] += count
    return found


@pytest.mark.slow
def test_nothing_but_an_error_of_ours_comes_out(tally: fuzz_rules.Tally) -> None:
    """20,000 inputs are read, checked, written, read again and evaluated, or refused in words."""
    assert tally.faults == []
    assert tally.outcomes.total() == COUNT


@pytest.mark.slow
def test_inputs_reach_every_stage(tally: fuzz_rules.Tally) -> None:
    """Of each sort there are many, so that no stage goes untried."""
    made, met = total(tally, 0), total(tally, 1)
    assert set(made) == {
        *("right data", "right text", "mutated data", "mutated text"),
        *("garbage data", "garbage text", "large"),
    }
    assert met["refused when read"] > COUNT / 10
    assert met["refused by its types"] > COUNT / 100
    assert met["evaluated"] > COUNT / 10


@pytest.mark.slow
def test_what_is_right_is_never_refused(tally: fuzz_rules.Tally) -> None:
    """Every rule that was made right, and left alone, comes to be evaluated."""
    refused = [key for key in tally.outcomes if key[0].startswith("right") and "refused" in key[1]]
    assert refused == []


@pytest.mark.slow
def test_no_text_of_a_rule_runs_as_code(tally: fuzz_rules.Tally) -> None:
    """Texts that would leave a mark if anything ran them have left none."""
    assert tally.outcomes
    assert not hasattr(builtins, fuzz_rules.MARK)
    exec(fuzz_rules.CODE[0])  # noqa: S102 - the texts do leave a mark where something runs them
    assert builtins.__dict__.pop(fuzz_rules.MARK) == 1


def test_the_same_seed_makes_the_same_inputs() -> None:
    """A fault found once is found again."""
    one, other = fuzz_rules.run(300, seed=5), fuzz_rules.run(300, seed=5)
    assert one.outcomes == other.outcomes
    assert one.outcomes != fuzz_rules.run(300, seed=6).outcomes


def test_a_fault_is_told() -> None:
    """Where something else than an error of ours comes out, the tally shows it with its input."""

    def broken(given: object, rows: object, *, is_text: bool) -> str:
        raise KeyError(given, rows, is_text)

    found = fuzz_rules.run(50, seed=1, trial=broken)
    assert len(found.faults) == 50
    assert any("'revenue'" in fault for fault in found.faults)
    assert {met for _, met in found.outcomes} == {"UNCAUGHT KeyError"}
