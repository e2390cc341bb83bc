"""How faults of the facts are told: one finding per fault, with a count and the first example."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from salescore.render import counted
from salescore.values import Finding, Severity


@attrs.frozen
class Fault:
    """
    What may be wrong with records of one type.

    Attributes:
        code: Code of the finding.
        severity: How much it matters.
        records: Record type in snake_case plural.
        fault: What is wrong, to be followed by how many records it is wrong with.
        effect: What comes of it.
    """

    code: str
    severity: Severity
    records: str
    fault: str
    effect: str

    def found(self, keys: Iterable[str]) -> Iterator[Finding]:
        """Yield one finding about the records with some ids, nothing where there are none."""
        ids = list(keys)
        if ids:
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"{self.fault}: {counted(len(ids), self.records)}, "
                f"the first {ids[0]!r}; {self.effect}",
                subject=f"{self.records}/{ids[0]}",
                count=len(ids),
            )


def judged(
    records: Iterable[Any], faults: Iterable[tuple[Fault, Callable[[Any], bool]]]
) -> Iterator[Finding]:
    """Yield the findings about records that can be judged one by one."""
    every = tuple(records)
    for fault, holds in faults:
        yield from fault.found(one.id for one in every if holds(one))
