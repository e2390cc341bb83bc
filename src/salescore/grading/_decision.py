"""`GradeDecision`: the grade of a customer on a day, why, and what becomes of its history."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs

from salescore.entities import GradeInterval
from salescore.errors import InvalidValue
from salescore.grading._decision_text import move_words, reason_words
from salescore.grading._history import GradeHistory
from salescore.grading._policy import GradingPolicy
from salescore.grading._reasons import GradeReason, Move, ReasonCode
from salescore.plain import FieldTable
from salescore.render import Language
from salescore.rules import Explanation, Expression, explain

_INDENT = "  "


@attrs.frozen(kw_only=True)
class GradeDecision:
    """
    The grade of a customer on a day, and why.

    Attributes:
        customer_id: The customer.
        on: Day of the decision.
        policy: The policy, in its version.
        before: Grade on record; `None` where there is none.
        after: Grade from this day, one of the policy's.
        move: What the decision does.
        reasons: Why, the weightiest first.
        warned_on: Day since which the customer is due to lose its grade; `None` when it is not.
        values: Values of the fields that the policy's rules read, in the order of its `inputs`.
        interval: The grade on record; `None` where there is none.
    """

    customer_id: str
    on: date
    policy: GradingPolicy = attrs.field(repr=lambda one: repr(f"{one.name} {one.version}"))
    before: str | None
    after: str
    move: Move
    reasons: tuple[GradeReason, ...]
    warned_on: date | None = None
    values: tuple[Any, ...] = ()
    interval: GradeInterval | None = None

    @property
    def inputs(self) -> tuple[tuple[str, Any], ...]:
        """Return the fields that the policy's rules read, with their values."""
        return tuple(zip(self.policy.inputs, self.values, strict=True))

    @property
    def is_change(self) -> bool:
        """Return whether the grade is another than before."""
        return self.after != self.before

    def explanation(
        self, reason: GradeReason, table: FieldTable | None = None
    ) -> Explanation | None:
        """
        Return how the rule behind a reason came to its answer; `None` where there is no rule.

        Args:
            reason: One of the reasons.
            table: The fields of customers, for labels and units; `None` leaves bare names.
        """
        rule = _rule_of(self.policy, reason)
        return None if rule is None else explain(rule, dict(self.inputs), table)

    @property
    def explanations(self) -> tuple[Explanation, ...]:
        """Return how the rules behind the reasons came to their answers."""
        found = [self.explanation(reason) for reason in self.reasons]
        return tuple(one for one in found if one is not None)

    def text(
        self,
        language: Language = Language.EN,
        table: FieldTable | None = None,
        *,
        name: str | None = None,
        hide_personal: bool = False,
    ) -> str:
        """
        Return the decision in words: a headline, and under it every reason with its rule.

        Args:
            language: Language of labels and phrases.
            table: The fields of customers, for labels and units; `None` leaves bare names.
            name: What the customer is called; `None` leaves its id.
            hide_personal: Whether values of personal data are kept back; the name given is shown.

        Raises:
            InvalidValue: Personal data shall be hidden, but no table says which fields hold it.
        """
        lines = [
            move_words(
                language,
                self.move,
                on=self.on,
                name=name or self.customer_id,
                grades=(self._label(self.before, language), self._label(self.after, language)),
                is_ladder=self.policy.is_ladder,
            )
        ]
        for reason in self.reasons:
            label = self._label(reason.grade, language) or ""
            since = self._since(reason)
            ladder = self.policy.is_ladder
            words = reason_words(language, reason, label, since, is_ladder=ladder)
            lines.append(_INDENT + words)
            found = self.explanation(reason, table)
            if found is not None:
                tree = found.text(language, hide_personal=hide_personal)
                lines += [_INDENT * 2 + line for line in tree.splitlines()]
        return "\n".join(lines)

    def as_data(
        self, table: FieldTable | None = None, *, hide_personal: bool = False
    ) -> dict[str, object]:
        """
        Return the decision as plain data that any JSON writer accepts.

        The keys are `customer_id`, `on`, `policy`, `version`, `before`, `after`, `move`,
        `warned_on` and `reasons`; each of these has `code`, `grade`, `until`, and `explanation`,
        which is null where there is no rule. Days are text.

        Args:
            table: The fields of customers, which says what is personal data.
            hide_personal: Whether values of personal data are kept back.

        Raises:
            InvalidValue: Personal data shall be hidden, but no table says which fields hold it.
        """
        return {
            "customer_id": self.customer_id,
            "on": self.on.isoformat(),
            "policy": self.policy.name,
            "version": self.policy.version,
            "before": self.before,
            "after": self.after,
            "move": self.move.value,
            "warned_on": _day(self.warned_on),
            "reasons": [
                {
                    "code": reason.code.value,
                    "grade": reason.grade,
                    "until": _day(reason.until),
                    "explanation": None
                    if found is None
                    else found.as_data(hide_personal=hide_personal),
                }
                for reason in self.reasons
                for found in [self.explanation(reason, table)]
            ],
        }

    def applied(self, history: GradeHistory) -> GradeHistory:
        """
        Return a history that goes on with this decision; what does not change it leaves it as is.

        Applied once more, it changes nothing more.

        Args:
            history: History of the customer under the policy, on which the decision was taken.

        Raises:
            InvalidValue: It is another history, its grade on the day is another by now, or a grade
                on record begins later.
        """
        if (history.customer_id, history.policy) != (self.customer_id, self.policy.name):
            fault = f"the decision is about {self.customer_id} under {self.policy.name}"
            raise InvalidValue("history", f"{history.customer_id}, {history.policy}", fault)
        present, before = history.at(self.on), self.interval
        is_new = before is None or before.is_override is True or self.is_change
        if _mark(present) != _mark(before):
            if is_new and _mark(present) == (self.after, self.on, False):
                return history
            fault = "the grade on record is another than when it was decided; ask again"
            raise InvalidValue(f"decision on {self.customer_id} of", self.on, fault)
        if self.move is Move.OVERRIDDEN:
            return history
        if not is_new:
            return history.warned(self.warned_on, on=self.on)
        return history.followed(
            self.after,
            self.on,
            version=self.policy.version,
            reason=", ".join(one.code.value for one in self.reasons),
            warned_on=self.warned_on,
        )

    def _label(self, key: str | None, language: Language) -> str | None:
        if key is None or key not in self.policy.ranks:
            return key
        return language.pick(self.policy.grade(key).labels) or key

    def _since(self, reason: GradeReason) -> date | None:
        """Return the day since which a customer was due to leave the grade of a reason."""
        if reason.code is not ReasonCode.EXIT_HOLDS or reason.grade != self.before:
            return None
        if self.warned_on is not None:
            return self.warned_on
        known = self.interval is not None and not self.interval.is_override
        return self.interval.warned_on if known and self.interval is not None else None


def _mark(interval: GradeInterval | None) -> tuple[str, date, bool] | None:
    """Return what tells a grade on record from another."""
    if interval is None:
        return None
    return interval.grade, interval.starts_on, interval.is_override is True


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _rule_of(policy: GradingPolicy, reason: GradeReason) -> Expression | None:
    """Return the rule that a reason rests on."""
    if reason.grade not in policy.ranks:
        return None
    one = policy.grade(reason.grade)
    match reason.code:
        case ReasonCode.ENTRY_HOLDS | ReasonCode.ENTRY_UNKNOWN:
            return one.entry
        case ReasonCode.EXIT_HOLDS | ReasonCode.EXIT_UNKNOWN | ReasonCode.INSIDE:
            return one.exit
        case _:
            return None
