"""What is asked of records themselves, which aggregates do not hold."""

from __future__ import annotations

from salescore.book import Facts
from salescore.errors import InvalidValue


def check_facts(asker: str, facts: object, instead: str) -> None:
    """
    Refuse another source of figures where the records themselves are read.

    Args:
        asker: Function that reads them.
        facts: What it was given.
        instead: What would be right.

    Raises:
        InvalidValue: These are no `Facts`.
    """
    if isinstance(facts, Facts):
        return
    kind = type(facts).__name__
    fault = f"{asker} needs Facts; {kind} holds only aggregates of fact tables; {instead}"
    raise InvalidValue("facts", facts, fault)
