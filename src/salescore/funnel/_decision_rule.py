"""`decision_rule`: what an event does to opportunities, as a rule for any number of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import attrs

from salescore.entities import StageKind
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel._context import Context
from salescore.funnel._decision_fields import EventValues, missing_rule
from salescore.funnel._funnel import Funnel
from salescore.funnel._outcome import Accepted, Refused
from salescore.funnel._refusal import RefusalCode
from salescore.funnel._stage import Stage
from salescore.funnel._step import Asked, Step, asks_alike
from salescore.plain import FieldTable
from salescore.rules import (
    Arithmetic,
    Branch,
    Comparator,
    Comparison,
    Conditional,
    Conjunction,
    Disjunction,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    check_types,
)

_ACCEPTED = "accepted:"
_STAGE, _KIND = FieldRef("stage"), FieldRef("kind")


def decision_code(found: Accepted | Refused) -> str:
    """
    Return in one text what an event does: `accepted:` and the stage, else why it is refused.

    Args:
        found: What `decide` said.

    Returns:
        Such as `accepted:offer`; of an event that is refused the code of its first reason.
    """
    if isinstance(found, Accepted):
        return f"{_ACCEPTED}{found.stage.key}"
    return found.reasons[0].code.value


def decision_rule(
    funnel: Funnel,
    event: str,
    context: Context,
    schema: FieldTable,
    records: FieldTable | None = None,
) -> Expression:
    """
    Return a rule that says of each row of `opportunities` what an event would do.

    It runs on rows, dataframes and in SQL, where `decide_many` would need every record at hand. Its
    value is what `decision_code` makes of the decision on the same opportunity with the same
    context, so without its history: whether it fits, and whether the event lies before the last
    one, is asked again by the `decide` that keeps the move.
    A required text is blank here where it is empty, one sign of white space, or up to 16 spaces.

    Args:
        funnel: The sales process.
        event: Name of the event.
        context: What is known of all opportunities alike: the moment, the roles of the actor and
            the reason; neither a row, a history nor an override.
        schema: The fact table `opportunities`, as `Facts.schema` gives it.
        records: The field table of opportunities, as `SalesBook.table` gives it, which tells whose
            the registered fields are; `None` takes those of `schema` for opportunities' own.

    Returns:
        A rule that yields a text and is never unknown.

    Raises:
        UnknownName: The funnel has no such event, or a criterion reads a field that the fact table
            lacks.
        InvalidValue: The rows cannot tell: what the event does depends on the history, or a
            required field is no column that says what the record says; or the context is of one
            opportunity.
        RuleTypeError: A criterion does not fit the fact table, or the rule is too large.
    """
    if event not in funnel.events:
        raise UnknownName(f"event of {funnel.name}", event, funnel.events)
    for name in ("row", "history", "override"):
        if getattr(context, name) is not None:
            fault = "a rule is asked of many opportunities; leave it out, or ask decide of each"
            raise InvalidValue(f"{name} of the context", f"of {event}", fault)
    asking = _Asking(funnel, event, context, schema, records, EventValues.of(context))
    rule = asking.rule()
    check_types(rule, schema)
    return rule


@attrs.frozen
class _Reason:
    """
    What may speak against a step.

    Attributes:
        met: Whether it does not; `None` where it always does.
        branches: The codes, each with when it holds.
        always: The code where it always does; `None` otherwise.
    """

    met: Expression | None
    branches: tuple[Branch, ...] = ()
    always: RefusalCode | None = None


@attrs.frozen
class _Asking:
    """What is asked of all rows."""

    funnel: Funnel
    event: str
    context: Context
    schema: FieldTable
    records: FieldTable | None
    values: EventValues

    def rule(self) -> Expression:
        steps = {key: self.funnel.steps.get((key, self.event), ()) for key in self.funnel.by_key}
        leading = [(key, found) for key, found in steps.items() if found]
        nowhere = [self.funnel.by_key[key] for key, found in steps.items() if not found]
        branches = [
            *self._standing(),
            *_none_leads(nowhere),
            Branch(self._is_early(), _code(RefusalCode.TOO_EARLY)),
            *(Branch(_is_in([key]), self._outcome(found)) for key, found in leading[:-1]),
        ]
        return Conditional(tuple(branches), self._outcome(leading[-1][1]))

    def _standing(self) -> Iterator[Branch]:
        """Yield rows in no stage of the funnel, and those of another kind than their stage."""
        strange = Disjunction((NullTest(_STAGE), Negation(_is_in(list(self.funnel.by_key)))))
        yield Branch(strange, _code(RefusalCode.UNKNOWN_STAGE))
        for kind in StageKind:
            keys = [one.key for one in self.funnel.stages if one.kind is kind]
            if keys:
                other = Comparison(Comparator.NE, _KIND, Literal(kind.value))
                differs = Disjunction((NullTest(_KIND), other))
                found = Conjunction((_is_in(keys), differs))
                yield Branch(found, _code(RefusalCode.KIND_DIFFERS))

    def _is_early(self) -> Expression:
        today = Literal(self.context.on)
        later = (
            Comparison(Comparator.GT, FieldRef(name), today) for name in ("created_on", "closed_on")
        )
        return Disjunction(tuple(later))

    def _outcome(self, steps: Sequence[Step]) -> Expression:
        """Return what the transitions out of one stage come to."""
        found = [(step, tuple(self._against(step))) for step in steps]
        if len(found) == 1:
            step, reasons = found[0]
            return _chain(reasons, _accepted(step))
        clear: list[Branch] = []
        for step, reasons in found:
            mets = [one.met for one in reasons if one.met is not None]
            if len(mets) == len(reasons):
                if not mets:
                    return _chosen(clear, _accepted(step))
                clear.append(Branch(Conjunction(tuple(mets)), _accepted(step)))
        return _chosen(clear, _least(found))

    def _against(self, step: Step) -> Iterator[_Reason]:
        """Yield what may speak against a step, in the order of asking."""
        self._check(step)
        for refusal in step.forbidden:
            yield _Reason(None, always=refusal.code)
        roles = step.transition.roles
        if roles and not set(roles).intersection(self.context.roles):
            yield _Reason(None, always=RefusalCode.ROLE_MISSING)
        if step.needs_reason and self.context.reason is None:
            yield _Reason(None, always=RefusalCode.REASON_MISSING)
        for name in step.required:
            missing = missing_rule(name, step.source, self._what, self.schema, self.records)
            branch = Branch(missing, _code(RefusalCode.FIELD_MISSING))
            yield _Reason(Negation(missing), (branch,))
        for one in step.asked:
            rule = self._criterion(one)
            failed = Branch(Negation(rule), _code(RefusalCode.CRITERION_FAILED))
            unknown = Branch(NullTest(rule), _code(RefusalCode.CRITERION_UNKNOWN))
            yield _Reason(rule, (failed, unknown))

    @property
    def _what(self) -> str:
        return f"event {self.event!r} of {self.funnel.title}"

    def _criterion(self, asked: Asked) -> Expression:
        return self.values.put_into(asked.criterion, self._what)

    def _check(self, step: Step) -> None:
        """Refuse a step that the history decides on."""
        if step.target is None:
            fault = "it goes on in the stage before, which no row tells; ask decide of each"
            raise InvalidValue(self._what, f"out of {step.source.key}", fault)
        if any(not asks_alike(one, step) for _, one in step.after):
            fault = "what it asks depends on the stage before, which no row tells; ask decide"
            raise InvalidValue(self._what, f"out of {step.source.key}", fault)


def _none_leads(stages: Sequence[Stage]) -> Iterator[Branch]:
    """Yield the stages out of which the event does not lead."""
    held = [one.key for one in stages if one.kind is StageKind.HOLD]
    others = [one.key for one in stages if one.kind is not StageKind.HOLD]
    if held:
        yield Branch(_is_in(held), _code(RefusalCode.ON_HOLD))
    if others:
        yield Branch(_is_in(others), _code(RefusalCode.NOT_FROM_HERE))


def _is_in(keys: Sequence[str]) -> Expression:
    if len(keys) == 1:
        return Comparison(Comparator.EQ, _STAGE, Literal(keys[0]))
    return Membership(_STAGE, tuple(map(Literal, keys)))


def _code(code: RefusalCode) -> Expression:
    return Literal(code.value)


def _accepted(step: Step) -> Expression:
    assert step.target is not None  # noqa: S101 - seen to before
    return Literal(f"{_ACCEPTED}{step.target.key}")


def _chosen(branches: Sequence[Branch], otherwise: Expression) -> Expression:
    return Conditional(tuple(branches), otherwise) if branches else otherwise


def _chain(reasons: Sequence[_Reason], otherwise: Expression) -> Expression:
    """Return the code of the first reason that holds."""
    branches: list[Branch] = []
    for one in reasons:
        if one.always is not None:
            return _chosen(branches, _code(one.always))
        branches += one.branches
    return _chosen(branches, otherwise)


def _least(found: Sequence[tuple[Step, Sequence[_Reason]]]) -> Expression:
    """Return the first reason against the step that the least speaks against."""
    (step, reasons), *others = found
    first = _chain(reasons, _accepted(step))
    if not others:
        return first
    count = _count(reasons)
    least = tuple(Comparison(Comparator.LE, count, _count(more)) for _, more in others)
    return Conditional((Branch(Conjunction(least), first),), _least(others))


def _count(reasons: Sequence[_Reason]) -> Expression:
    """Return how many reasons hold; added in pairs, so that few stand inside one another."""
    one, none = Literal(Decimal(1)), Literal(Decimal(0))
    level: list[Expression] = [
        one if reason.met is None else Conditional((Branch(reason.met, none),), one)
        for reason in reasons
    ]
    while len(level) > 1:
        pairs: list[Expression] = [
            Arithmetic(Operator.ADD, level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)
        ]
        level = pairs + level[2 * len(pairs) :]
    return level[0]
