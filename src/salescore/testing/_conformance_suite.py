"""The conformance of stores as tests of pytest: one per law."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from salescore.errors import MissingExtra
from salescore.storage import Capability
from salescore.testing._conformance import CHECKS, Verdict, capabilities_of, try_check
from salescore.testing._store_factory import StoreFactory
from salescore.testing._store_golden import GoldenStore, golden_check
from salescore.testing._store_trial import Check

try:
    import pytest
except ModuleNotFoundError:  # pragma: no cover - without it no test can run
    raise MissingExtra("pytest", "testing") from None


class StoreConformance:
    """
    Tests that hold a store against every law of the ports.

    Derive a class of tests from it, and give it a `store_factory`: an attribute, or a fixture
    where places need a temporary folder.

    Attributes:
        capabilities: What the stores must be able to do; `None` for what they claim of themselves.
            Where it is given, laws of other capabilities are left out instead of skipped.
        golden: Stores that older releases wrote.
        seed: What chance begins with; 0 tries the same cases every time.
        rounds: Size of the random proofs.
    """

    capabilities: ClassVar[Collection[Capability] | None] = None
    golden: ClassVar[Collection[GoldenStore]] = ()
    seed: ClassVar[int] = 0
    rounds: ClassVar[int] = 1

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Make one test per law."""
        if "law" not in metafunc.fixturenames:
            return
        claimed = self.capabilities
        checks = [one for one in CHECKS if claimed is None or one.needs in (None, *claimed)]
        checks += [golden_check(one) for one in self.golden]
        metafunc.parametrize("law", checks, ids=[one.name for one in checks])

    def test_law(self, law: Check, request: pytest.FixtureRequest) -> None:
        """A store keeps the law."""
        factory = self._factory(request)
        claimed = capabilities_of(factory)
        if self.capabilities is not None:
            assert claimed == frozenset(self.capabilities), "it claims to be something else"  # noqa: S101 - a test
        found = try_check(
            law, factory, claimed, claimed=claimed, seed=self.seed, rounds=self.rounds
        )
        if found.verdict in (Verdict.NOT_ASKED, Verdict.UNPROVEN):
            pytest.skip(found.evidence)
        if found.verdict is Verdict.FAILED:
            pytest.fail(f"{found.law}\n{found.evidence}", pytrace=False)

    def _factory(self, request: pytest.FixtureRequest) -> StoreFactory:
        given: Any = getattr(type(self), "store_factory", None)
        if isinstance(given, StoreFactory):
            return given
        made: StoreFactory = request.getfixturevalue("store_factory")
        return made
