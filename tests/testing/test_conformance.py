"""The kit for stores: a good store passes it, and each broken one is found by the law it breaks."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from salescore.errors import InvalidValue, StoreFailed, UnknownName
from salescore.storage import (
    Capability,
    Committed,
    JsonLinesStore,
    MemoryStore,
    SqliteStore,
    Store,
    Unit,
)
from salescore.testing import (
    BrokenStore,
    CheckResult,
    ConformanceReport,
    GoldenStore,
    StoreConformance,
    StoreFactory,
    Verdict,
    broken_stores,
    crash_rounds,
    validate,
    write_golden,
)
from salescore.testing._broken_wrapped import Changed, Mapped, Paged, Wrapped
from salescore.testing._conformance import CHECKS, named_check
from salescore.testing._conformance_suite import pytest as suite_pytest
from salescore.testing._store_factory import found_opener
from salescore.testing._store_samples import customer, unit

_BROKEN = broken_stores()
_UNNEEDED = [one.name for one in CHECKS if one.needs is None]


def open_lines(place: str) -> JsonLinesStore:
    """Return the store of JSON lines at a place."""
    return JsonLinesStore(place)


def _memory() -> StoreFactory:
    return StoreFactory(lambda _: MemoryStore())


@pytest.mark.slow
@pytest.mark.parametrize("broken", _BROKEN, ids=[f"{one.name}-{one.law}" for one in _BROKEN])
def test_a_broken_store_is_found_by_the_law_that_it_breaks(
    broken: BrokenStore, tmp_path: Path
) -> None:
    """Each deliberately broken store fails the check that is named beside it."""
    (found,) = validate(broken.factory(tmp_path), only=[broken.law]).results
    assert found.verdict is Verdict.FAILED, found.evidence
    assert found.evidence


def test_every_broken_store_says_what_is_wrong_with_it() -> None:
    """There are more than thirty broken stores, each with a fault of its own in a sentence."""
    assert len(_BROKEN) > 30
    assert len({one.fault for one in _BROKEN}) == len(_BROKEN)
    assert all(one.fault.endswith(".") for one in _BROKEN)


def test_every_kind_of_law_has_a_store_that_breaks_it() -> None:
    """At least twelve different checks are each seen to fail."""
    assert len({one.law for one in _BROKEN}) >= 12


def test_every_check_states_its_law() -> None:
    """The names of checks differ, and each says its law in a sentence."""
    assert len({one.name for one in CHECKS}) == len(CHECKS)
    assert all(one.law.endswith(".") for one in CHECKS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 7])
def test_a_good_store_passes_every_law(seed: int) -> None:
    """The store in memory passes, and laws of capabilities that it does not claim are not asked."""
    report = validate(_memory(), seed=seed)
    assert report.is_conformant, report.text()
    asked = [one.name for one in report.results if one.verdict is Verdict.PASSED]
    assert set(_UNNEEDED) - set(asked) == {"registered_fields_are_kept"}
    not_asked = [one for one in report.results if one.verdict is Verdict.NOT_ASKED]
    assert {one.name for one in not_asked} - set(_UNNEEDED) == {
        one.name for one in CHECKS if one.needs is not None
    }


def test_a_claim_that_is_not_so_is_found() -> None:
    """A store that is asked for what it cannot do fails."""
    name = "stores_of_one_place_lose_nothing"
    report = validate(_memory(), capabilities=[Capability.SHARED], only=[name])
    assert [one.name for one in report.failures] == [name]


def test_what_is_claimed_and_left_out_is_not_proven() -> None:
    """A store that claims to last and is not asked to is not conformant, and the report says so."""

    class Durable(MemoryStore):
        @property
        def capabilities(self) -> frozenset[Capability]:
            return frozenset({Capability.DURABLE})

    law = "what_was_acknowledged_outlives_a_kill"
    factory = StoreFactory(lambda _: Durable())
    report = validate(factory, capabilities=[], only=["a_unit_is_kept", law])
    assert not report.is_conformant
    assert not report.failures
    assert [one.name for one in report.unproven] == [law]
    assert report.unproven[0].evidence.startswith("claimed, but left out")
    assert "not proven  " + law in report.text()
    modest = validate(_memory(), capabilities=[], only=[law])
    assert modest.is_conformant
    assert modest.results[0].verdict is Verdict.NOT_ASKED


@pytest.mark.slow
def test_no_proof_begins_in_a_worker_of_another(tmp_path: Path) -> None:
    """A script that lacks the guard gets an error in its workers, and no worker starts others."""
    begun = tmp_path / "begun"
    script = tmp_path / "unguarded.py"
    script.write_text(
        "from salescore.storage import Capability, MemoryStore\n"
        "from salescore.testing import StoreFactory, validate\n"
        "class Durable(MemoryStore):\n"
        "    capabilities = frozenset({Capability.DURABLE})\n"
        "def opened(place):\n"
        "    return Durable()\n"
        f"with open({str(begun)!r}, 'a') as told:\n"
        "    told.write('x')\n"
        "    assert told.tell() < 5, 'workers start workers'\n"
        "law = 'what_was_acknowledged_outlives_a_kill'\n"
        "print(validate(StoreFactory(opened), only=[law]).failures[0].evidence)\n",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True, timeout=120
    )
    assert 'put the proof behind if __name__ == "__main__":' in run.stdout
    assert begun.read_text(encoding="utf-8") == "xx"


@pytest.mark.slow
def test_the_adapter_of_the_page_is_conformant(tmp_path: Path) -> None:
    """The page on adapters, saved as one script, proves its store with all that it claims."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "write-an-adapter.md"
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    script = tmp_path / "pieces.py"
    script.write_text("\n\n".join(blocks), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=300
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "passed      what_was_acknowledged_outlives_a_kill" in run.stdout
    assert "0 failed, " in run.stdout
    assert ", 0 not proven" in run.stdout


def test_an_error_nobody_expects_is_a_fault_of_the_store() -> None:
    """Whatever a store raises unasked is evidence, and stops no other check."""

    class Failing(MemoryStore):
        def commit(self, unit: Unit, /) -> Committed:
            raise StoreFailed("here", f"the disk is gone, and {len(unit.changes)} changes with it")

    factory = StoreFactory(lambda _: Failing())
    report = validate(factory, only=["a_unit_is_kept", "unknown_names_are_refused"])
    first, second = report.results
    assert (first.verdict, second.verdict) == (Verdict.FAILED, Verdict.PASSED)
    assert "StoreFailed: the store here failed: the disk is gone" in first.evidence
    assert not report.is_conformant


def test_a_report_has_a_line_per_check() -> None:
    """A report says of each check what came of it, and counts them."""
    passed = CheckResult(name="a", law="A.", verdict=Verdict.PASSED, evidence="3 units")
    failed = attrs.evolve(passed, name="bb", verdict=Verdict.FAILED, evidence="lost\nmore")
    report = ConformanceReport(results=[passed, failed])
    assert report.text().splitlines() == [
        "passed      a   3 units",
        "failed      bb  lost",
        "1 passed, 1 failed, 0 not asked, 0 not proven",
    ]


def test_an_unknown_check_is_refused() -> None:
    """A check that is not there is named, with the closest one."""
    with pytest.raises(UnknownName, match="a_unit_is_kept"):
        validate(_memory(), only=["a_unit_is_keptt"])


def test_checks_leave_no_store_open() -> None:
    """Whatever a check opened is closed when it is over."""
    made: list[Store] = []

    def opening(_: str) -> Store:
        made.append(MemoryStore())
        return made[-1]

    validate(StoreFactory(opening), only=["a_unit_is_kept"])
    assert len(made) == 2
    for store in made:
        with pytest.raises(ValueError, match="closed"):
            store.events()


def test_another_process_finds_what_opens_a_store(tmp_path: Path) -> None:
    """A function at the top of a file is found by the file's path, one of a module by its name."""
    path = tmp_path / "loose_openers.py"
    path.write_text(
        "from salescore.storage import MemoryStore\n"
        "def open_loose(place):\n"
        "    return MemoryStore()\n",
        encoding="utf-8",
    )
    spec = importlib.util.spec_from_file_location("loose_openers", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["loose_openers"] = module
    spec.loader.exec_module(module)
    loose = StoreFactory(module.open_loose)
    assert loose.opener == f"{path}:open_loose"
    for _ in range(2):
        assert isinstance(found_opener(loose.opener)("1"), MemoryStore)
    late = next(one for one in _BROKEN if one.name == "late_disk").factory(tmp_path)
    assert late.opener == "salescore.testing._broken_disk:late_disk"
    found_opener(late.opener)(late.fresh()).close()
    with pytest.raises(InvalidValue, match="declare a function at the top"):
        _ = _memory().opener
    with pytest.raises(InvalidValue, match="declare a function at the top"):
        crash_rounds(_memory(), rounds=1)


def test_a_store_of_an_older_release_is_told_as_it_was(tmp_path: Path) -> None:
    """A golden store passes where it is as it was written, and fails where anything was changed."""
    factory = StoreFactory.in_folder(open_lines, tmp_path)

    def written() -> str:
        place = factory.fresh()
        store = factory.open(place)
        write_golden(store)
        store.close()
        return place

    def changed() -> str:
        place = written()
        store = factory.open(place)
        store.commit(unit(10**6, customer("b", name="changed")))
        store.close()
        return place

    goldens = [GoldenStore("form 1", written), GoldenStore("changed", changed)]
    first, second = validate(factory, only=(), golden=goldens).results
    assert first.name == "an_older_store_is_brought_up_to_date[form 1]"
    assert first.verdict is Verdict.PASSED, first.evidence
    assert second.verdict is Verdict.FAILED


class _Good(StoreConformance):
    capabilities = ()
    store_factory = StoreFactory(lambda _: MemoryStore())


class _Bad(StoreConformance):
    store_factory = StoreFactory(_BROKEN[0].open)


class _Claiming(StoreConformance):
    capabilities = (Capability.DURABLE,)
    store_factory = StoreFactory(lambda _: MemoryStore())


def test_the_suite_passes_fails_and_skips(request: pytest.FixtureRequest) -> None:
    """A test of the suite passes, fails with the evidence, or is skipped with the reason."""
    kept, durable = named_check("an_expected_version_is_asked"), named_check(_BROKEN[-1].law)
    _Good().test_law(kept, request)
    half = next(one for one in _BROKEN if one.name == "half_unit")

    class Half(StoreConformance):
        store_factory = StoreFactory(half.open)

    with pytest.raises(suite_pytest.fail.Exception, match="after a refused unit"):
        Half().test_law(named_check(half.law), request)
    with pytest.raises(suite_pytest.skip.Exception, match="does not claim"):
        _Bad().test_law(durable, request)
    with pytest.raises(AssertionError, match="claims to be something else"):
        _Claiming().test_law(kept, request)


@pytest.mark.parametrize("wrapper", [Wrapped, Paged, Mapped, Changed])
def test_what_broken_stores_are_made_of_breaks_nothing(wrapper: type[Store]) -> None:
    """The wrappers pass while nothing is overridden, so that faults come from what is."""
    slow = {"any_rule_finds_what_it_should", "every_record_comes_back", "a_cursor_outlives_changes"}
    report = validate(
        StoreFactory(lambda _: wrapper()), only=[one for one in _UNNEEDED if one not in slow]
    )
    assert report.is_conformant, report.text()


def test_sqlite_is_cut_off_only_where_it_can_be(tmp_path: Path) -> None:
    """Power cuts are not asked of a factory that cannot open a store on another connection."""
    factory = StoreFactory.in_folder(SqliteStore, tmp_path, ".db")
    name = "what_was_acknowledged_outlives_a_power_cut"
    (found,) = validate(factory, only=[name]).results
    assert found.verdict is Verdict.UNPROVEN
    assert "open_on" in found.evidence
