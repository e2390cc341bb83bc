"""A funnel of which every text is hostile: signs that mean something in each language it is in."""

from __future__ import annotations

from decimal import Decimal

from salescore.entities import StageKind
from salescore.funnel import (
    Criterion,
    EventTemplate,
    Funnel,
    ServiceLimit,
    Stage,
    StepPolicy,
    Transition,
)
from salescore.rules import F

SIGNS = (
    "\"quoted\" 'single' \\back ]]> --> <!-- <script>alert(1)</script> &amp; `code` | # ; %% {x} "
    "[a](javascript:b) \u202eright\u2066 \n\nend note\r\n--- \x00\x07\ufffe *[*] <b> $$ ~~ "
    "http://x.y me@x.y"
)
"""What means something somewhere: in XML, HTML, Mermaid, DOT, Markdown, on a terminal."""


def hostile_funnel() -> Funnel:
    """Return a funnel with hostile keys, events, labels, purposes, roles, rules and source."""
    keys = [f"{number}{SIGNS}" for number in range(5)]
    labels = (f"EN{SIGNS}", f"中文{SIGNS}")
    criterion = Criterion(key=SIGNS, rule=F.source == SIGNS, labels=labels)
    events = [EventTemplate(name=SIGNS, labels=labels)]
    opened = [
        Stage(
            key=key,
            labels=labels,
            probability=Decimal("0.5"),
            forecast_category=SIGNS,
            required=[SIGNS],
            exit_criteria=[criterion],
            limit=ServiceLimit(amount=1, is_working=True),
            on_entry=events,
            on_exit=events,
            roles=[SIGNS],
            purpose=labels,
        )
        for key in keys[:3]
    ]
    return Funnel(
        name=SIGNS,
        version=SIGNS,
        labels=labels,
        stages=[
            *opened,
            Stage(key=keys[3], kind=StageKind.HOLD),
            Stage(key=keys[4], kind=StageKind.LOST, labels=labels),
        ],
        transitions=[
            Transition(
                event=f"on{SIGNS}",
                sources=keys[:2],
                target=keys[2],
                guards=[criterion],
                required=[SIGNS],
                roles=[SIGNS],
                needs_reason=True,
                emits=events,
                labels=labels,
            ),
            Transition(event=f"hold{SIGNS}", sources=keys[:3], target=keys[3]),
            Transition(event=f"go on{SIGNS}", sources=[keys[3]], target=None),
            Transition(event=f"lose{SIGNS}", sources=keys[:4], target=keys[4]),
        ],
        skip=StepPolicy.REFUSED,
        back=StepPolicy.WITH_REASON,
        override_roles=[SIGNS],
        source=SIGNS,
    )
