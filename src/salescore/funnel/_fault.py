"""The findings of funnels: what they are about, and how they begin."""

from __future__ import annotations

from salescore.funnel._funnel import Funnel
from salescore.values import Finding, Severity


def fault(
    code: str, funnel: Funnel, name: str, text: str, severity: Severity = Severity.ERROR
) -> Finding:
    """
    Return a finding about a funnel.

    Args:
        code: Its code.
        funnel: The funnel.
        name: What of it is at fault; empty for the funnel itself.
        text: The fault.
        severity: How much it matters.
    """
    what = f"{name} of {funnel.title}" if name else funnel.title
    return Finding(
        code=code,
        severity=severity,
        message=f"{what} {text}",
        subject=f"funnels/{funnel.name}",
    )
