"""The conformance of stores: every law of the ports, tried on any adapter."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum

import attrs

from salescore.errors import UnknownName
from salescore.plain import as_tuple
from salescore.storage import Capability
from salescore.testing import (
    _crash,
    _power,
    _store_erasure,
    _store_events,
    _store_machine,
    _store_past,
    _store_queries,
    _store_round_trip,
    _store_sharing,
    _store_units,
)
from salescore.testing._store_factory import StoreFactory
from salescore.testing._store_golden import GoldenStore, golden_check
from salescore.testing._store_trial import Check, NotAsked, Trial
from salescore.testing._store_workers import check_no_worker

CHECKS: tuple[Check, ...] = (
    *_store_units.CHECKS,
    *_store_events.CHECKS,
    *_store_queries.CHECKS,
    *_store_past.CHECKS,
    *_store_erasure.CHECKS,
    *_store_round_trip.CHECKS,
    *_store_machine.CHECKS,
    *_store_sharing.CHECKS,
    *_crash.CHECKS,
    *_power.CHECKS,
)
"""Every check of the kit, the cheap ones first."""


_SHOWN = 2_000
"""Most characters of a note of Hypothesis that evidence shows."""


class Verdict(Enum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ASKED = "not asked"
    UNPROVEN = "not proven"


@attrs.frozen(kw_only=True)
class CheckResult:
    """
    What came of one check.

    Attributes:
        name: Check, as a Python name.
        law: Law that was tried, as a sentence.
        verdict: Whether the store kept it; a law that needs a capability which the store does not
            claim is not asked, and one that needs a claimed capability and was not tried is not
            proven.
        evidence: What was seen: counts where it passed, the fault where it failed.
    """

    name: str
    law: str
    verdict: Verdict
    evidence: str


@attrs.frozen(kw_only=True)
class ConformanceReport:
    """
    What came of all checks.

    Attributes:
        results: One per check, in the order in which they ran.
    """

    results: tuple[CheckResult, ...] = attrs.field(converter=as_tuple)

    @property
    def is_conformant(self) -> bool:
        """Return whether no check failed, and whatever the store claims was tried."""
        return not self.failures and not self.unproven

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """Return the checks that failed."""
        return tuple(one for one in self.results if one.verdict is Verdict.FAILED)

    @property
    def unproven(self) -> tuple[CheckResult, ...]:
        """Return the checks of a claimed capability that were left out or cannot be tried here."""
        return tuple(one for one in self.results if one.verdict is Verdict.UNPROVEN)

    def text(self) -> str:
        """Return one line per check, and a closing line with the counts."""
        width = max((len(one.name) for one in self.results), default=0)
        lines = [
            f"{one.verdict.value:10}  {one.name:{width}}  {one.evidence.splitlines()[0]}"
            for one in self.results
        ]
        counts = [
            f"{sum(one.verdict is verdict for one in self.results)} {verdict.value}"
            for verdict in Verdict
        ]
        return "\n".join([*lines, ", ".join(counts)])


def validate(
    factory: StoreFactory,
    *,
    capabilities: Collection[Capability] | None = None,
    only: Iterable[str] | None = None,
    golden: Iterable[GoldenStore] = (),
    seed: int = 0,
    rounds: int = 1,
) -> ConformanceReport:
    """
    Return what came of trying every law of the ports on a store.

    Nothing is raised for what the store does wrong; the report says it.

    Args:
        factory: How the kit comes by stores.
        capabilities: What the stores must be able to do; `None` for what they claim of themselves.
            What they claim and is left out here is not proven, and the store not conformant.
        only: Names of checks; `None` for all.
        golden: Stores that older releases wrote; each must be brought up to date.
        seed: What chance begins with; 0 tries the same cases every time.
        rounds: Size of the random proofs: 1 is that of a test suite.

    Raises:
        InvalidValue: A worker process of a proof came here, as it does where a script has no
            `if __name__ == "__main__":`.
        UnknownName: There is no check of such a name.

    Examples:
        >>> from salescore.storage import MemoryStore
        >>> report = validate(StoreFactory(lambda _: MemoryStore()), only=["versions_count_one_up"])
        >>> report.is_conformant
        True
    """
    check_no_worker()
    chosen = CHECKS if only is None else tuple(named_check(name) for name in only)
    claimed = capabilities_of(factory)
    asked = claimed if capabilities is None else frozenset(capabilities)
    tried = (*chosen, *(golden_check(one) for one in golden))
    return ConformanceReport(
        results=[
            try_check(one, factory, asked, claimed=claimed, seed=seed, rounds=rounds)
            for one in tried
        ]
    )


def named_check(name: str) -> Check:
    """
    Return a check of the kit.

    Raises:
        UnknownName: There is none of that name.
    """
    for check in CHECKS:
        if check.name == name:
            return check
    raise UnknownName("check of stores", name, tuple(check.name for check in CHECKS))


def capabilities_of(factory: StoreFactory) -> frozenset[Capability]:
    """Return what the stores of a factory claim of themselves."""
    trial = Trial(factory)
    try:
        return frozenset(trial.store().capabilities)
    finally:
        trial.end()


def try_check(
    check: Check,
    factory: StoreFactory,
    asked: frozenset[Capability],
    *,
    claimed: frozenset[Capability] = frozenset(),
    seed: int = 0,
    rounds: int = 1,
) -> CheckResult:
    """
    Return what came of one check; whatever a store raises unasked is a fault of it.

    Args:
        check: The check.
        factory: How it comes by stores.
        asked: What the stores must be able to do.
        claimed: What they claim of themselves.
        seed: What chance begins with.
        rounds: Size of the random proofs.
    """
    untried = Verdict.UNPROVEN if check.needs in claimed else Verdict.NOT_ASKED
    if check.needs is not None and check.needs not in asked:
        evidence = f"the store does not claim to be {check.needs.value}"
        if untried is Verdict.UNPROVEN:
            evidence = f"claimed, but left out: the store says that it is {check.needs.value}"
        return _result(check, untried, evidence)
    trial = Trial(factory, seed=seed, rounds=rounds, capabilities=asked)
    try:
        return _result(check, Verdict.PASSED, check.run(trial))
    except NotAsked as reason:
        return _result(check, untried, str(reason))
    except AssertionError as fault:
        return _result(check, Verdict.FAILED, "\n".join([str(fault), *_notes(fault)]))
    except Exception as error:  # noqa: BLE001 - a store may raise anything, and that is the fault
        text = f"{type(error).__name__}: {error}"
        return _result(check, Verdict.FAILED, "\n".join([text, *_notes(error)]))
    finally:
        trial.end()


def _notes(error: BaseException) -> list[str]:
    return [str(note)[:_SHOWN] for note in getattr(error, "__notes__", ())]


def _result(check: Check, verdict: Verdict, evidence: str) -> CheckResult:
    return CheckResult(name=check.name, law=check.law, verdict=verdict, evidence=evidence)
