"""The differential test: random rules and reductions on an engine and on Python rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Protocol

import attrs

from salescore.errors import EngineRefused, InexactResult, SalesCoreError
from salescore.metrics import Reduced
from salescore.plain import as_tuple
from salescore.rules import Expression, compile_expression, fields_of, rule_text
from salescore.testing._differential_reductions import (
    DifferentialQuestion,
    answer,
    random_question,
)
from salescore.testing._differential_rows import DifferentialRows, random_rows
from salescore.testing._differential_rules import RandomRules
from salescore.testing._differential_shrink import smallest_question, smallest_rule

_EXAMPLES = 3
_RULES = 40
_QUESTIONS = 4

Column = Sequence[Any]


class DifferentialEngine(Protocol):
    """
    An engine whose answers are held against those of Python rows.

    Laws:
        An answer is a value of Python of the very type that a rule yields: `Decimal`, never a
        float, for numbers; `bool`, `str`, `date`, `datetime` in UTC; `None` where it is unknown.
        What cannot be answered exactly is refused, one rule or reduction at a time.
    """

    @property
    def name(self) -> str:
        """Return the name that reports call the engine by."""
        ...

    def evaluate(
        self, rows: DifferentialRows, rules: Sequence[Expression], /
    ) -> Sequence[Column | EngineRefused]:
        """Return for each rule its values in the order of the rows, or why it is refused."""
        ...

    def reduce(
        self, rows: DifferentialRows, questions: Sequence[DifferentialQuestion], /
    ) -> Sequence[Reduced | EngineRefused]:
        """Return for each reduction its small table, keys in any order, or why it is refused."""
        ...


@attrs.frozen(kw_only=True)
class Mismatch:
    """
    An answer that is not that of Python rows.

    Attributes:
        asked: The rule, as small as it could be made, or the reduction.
        row: Fields that were read and their values; of the first row at fault, where several are
            needed to see the fault. Empty for a reduction.
        expected: What Python rows answer.
        found: What the engine answered.
    """

    asked: str
    row: tuple[tuple[str, Any], ...] = ()
    expected: Any
    found: Any

    def __str__(self) -> str:
        """Show rule, row and both answers."""
        row = f" on {dict(self.row)!r}" if self.row else ""
        return f"{self.asked}{row}: expected {self.expected!r}, found {self.found!r}"


@attrs.frozen(kw_only=True)
class DifferentialReport:
    """
    What the differential test found out about an engine.

    Attributes:
        engine: Name of the engine.
        cells: Answers compared: a rule on a row, or a measure of a group.
        rules: Rules compared.
        reductions: Reductions compared.
        mismatches: Cells that differ, or are there on one side alone.
        refused: Rules and reductions that the engine refused, by reason, the most frequent first.
        examples: Some mismatches, each as small as it could be made.
    """

    engine: str
    cells: int
    rules: int
    reductions: int
    mismatches: int
    refused: tuple[tuple[str, int], ...] = attrs.field(default=(), converter=as_tuple)
    examples: tuple[Mismatch, ...] = attrs.field(default=(), converter=as_tuple)

    def __str__(self) -> str:
        """Say how many cells were compared, and show the mismatches."""
        asked = f"{self.cells:,} cells of {self.rules:,} rules and {self.reductions:,} reductions"
        lines = [
            f"{self.engine}: {asked}, {self.mismatches:,} mismatches",
            *(f"  refused {count:,} times: {reason}" for reason, count in self.refused),
            *(f"  {one}" for one in self.examples),
        ]
        return "\n".join(lines)


def differential(
    engine: DifferentialEngine,
    *,
    cells: int = 200_000,
    seed: int = 0,
    rows: int = 200,
    rules: int = _RULES,
) -> DifferentialReport:
    """
    Hold an engine against Python rows on random rules and reductions.

    The rows have nulls, ties, decimals of up to 38 digits, dates from 1900 to 2199, instants down
    to the microsecond, sets of texts, and texts of many scripts. The same seed asks the same.

    Args:
        engine: The engine.
        cells: How many answers are compared at least.
        seed: Which random rules and rows.
        rows: Rows of each random table.
        rules: Rules asked of each table at once.

    Returns:
        What was compared, refused and found to differ; nothing is raised for an engine at fault.
    """
    run = Run(engine)
    while run.cells < cells:
        randomness = Random(f"{seed}/{run.tables}")  # noqa: S311 - chance that can be repeated
        run.tables += 1
        table = random_rows(randomness, rows)
        made = RandomRules(randomness, table)
        run.compare_rules(table, [made.rule() for _ in range(rules)])
        run.compare_questions(
            table,
            [
                random_question(randomness, table)
                for _ in range(max(1, rules * _QUESTIONS // _RULES))
            ],
        )
    return run.report()


class Run:
    """Counts of a run that goes on."""

    def __init__(self, engine: DifferentialEngine) -> None:
        self.engine = engine
        self.tables = self.cells = self.rules = self.reductions = self.mismatches = 0
        self.refused: Counter[str] = Counter()
        self.examples: list[Mismatch] = []

    def report(self) -> DifferentialReport:
        return DifferentialReport(
            engine=self.engine.name,
            cells=self.cells,
            rules=self.rules,
            reductions=self.reductions,
            mismatches=self.mismatches,
            refused=self.refused.most_common(),
            examples=self.examples,
        )

    # Rules --------------------------------------------------------------------------------------

    def compare_rules(self, rows: DifferentialRows, rules: Sequence[Expression]) -> None:
        """Compare the values of rules."""
        asked: list[Expression] = []
        wanted: list[Column] = []
        for rule in rules:
            right = expected_column(rows, rule)
            if right is None:
                self._refuse("Python rows cannot hold it either")
            else:
                asked.append(rule)
                wanted.append(right)
        for rule, column, found in zip(asked, wanted, self._evaluated(rows, asked), strict=True):
            if isinstance(found, EngineRefused):
                self._refuse(found.fault)
                continue
            self.rules += 1
            self.cells += len(column)
            if isinstance(found, Exception):
                self.mismatches += len(column)
                self._example(rows, rule, 0, column, found)
                continue
            wrong = differing(column, found)
            self.mismatches += len(wrong)
            if wrong:
                self._example(rows, rule, wrong[0], column, found)

    def _evaluated(
        self, rows: DifferentialRows, rules: Sequence[Expression]
    ) -> Sequence[Column | Exception]:
        """Return what the engine answers; asked one by one where it fails on all at once."""
        if not rules:
            return ()
        try:
            return self.engine.evaluate(rows, rules)
        except Exception as error:  # noqa: BLE001 - an engine may raise whatever it likes
            if len(rules) == 1:
                return [error]
        half = len(rules) // 2
        return [*self._evaluated(rows, rules[:half]), *self._evaluated(rows, rules[half:])]

    def _example(
        self,
        rows: DifferentialRows,
        rule: Expression,
        number: int,
        column: Column,
        found: Column | Exception,
    ) -> None:
        if len(self.examples) >= _EXAMPLES:
            return

        def differs(some: DifferentialRows, one: Expression) -> bool:
            wanted = expected_column(some, one)
            (given,) = self._evaluated(some, [one])
            if wanted is None or isinstance(given, EngineRefused):
                return False
            return isinstance(given, Exception) or bool(differing(wanted, given))

        rows, rule = smallest_rule(differs, rows, rule, number)
        if len(rows) == 1:
            number = 0
        column = expected_column(rows, rule) or column
        (again,) = self._evaluated(rows, [rule])
        if not isinstance(again, Exception):
            number = next(iter(differing(column, again)), number)
        found = again
        self.examples.append(
            Mismatch(
                asked=rule_text(rule),
                row=tuple((name, rows.by_name[name][number]) for name in fields_of(rule)),
                expected=column[number],
                found=found if isinstance(found, Exception) else found[number],
            )
        )

    # Reductions ---------------------------------------------------------------------------------

    def compare_questions(
        self, rows: DifferentialRows, questions: Sequence[DifferentialQuestion]
    ) -> None:
        """Compare the small tables of reductions."""
        found = self._reduced(rows, questions)
        for question, one in zip(questions, found, strict=True):
            if isinstance(one, EngineRefused):
                self._refuse(one.fault)
                continue
            try:
                wanted = answer(rows, question)
            except InexactResult:
                self._refuse("Python rows cannot hold it either")
                continue
            self.reductions += 1
            self.cells += len(wanted.keys) * len(question.reduction.measures)
            faults = [repr(one)] if isinstance(one, Exception) else reduced_faults(wanted, one)
            self.mismatches += len(faults)
            if faults and len(self.examples) < _EXAMPLES:
                self._asked_less(rows, question, faults)

    def _asked_less(
        self, rows: DifferentialRows, question: DifferentialQuestion, faults: list[str]
    ) -> None:
        def faults_of(one: DifferentialQuestion) -> list[str]:
            try:
                wanted = answer(rows, one)
            except SalesCoreError:
                return []
            (given,) = self._reduced(rows, [one])
            if isinstance(given, EngineRefused):
                return []
            return [repr(given)] if isinstance(given, Exception) else reduced_faults(wanted, given)

        less = smallest_question(lambda one: bool(faults_of(one)), question)
        found = faults_of(less) or faults
        self.examples.append(Mismatch(asked=str(less), expected="as Python rows", found=found[0]))

    def _reduced(
        self, rows: DifferentialRows, questions: Sequence[DifferentialQuestion]
    ) -> Sequence[Reduced | Exception]:
        try:
            return self.engine.reduce(rows, questions)
        except Exception as error:  # noqa: BLE001 - an engine may raise whatever it likes
            if len(questions) == 1:
                return [error]
        return [one for question in questions for one in self._reduced(rows, [question])]

    def _refuse(self, fault: str) -> None:
        self.refused[re.sub(r"\d+", "N", fault)] += 1


def expected_column(rows: DifferentialRows, rule: Expression) -> list[Any] | None:
    """Return the values of a rule on Python rows; `None` where they cannot be held exactly."""

    def reader(name: str) -> Callable[[int], Any]:
        return rows.by_name[name].__getitem__

    value_of = compile_expression(rule, reader)
    try:
        return list(map(value_of, range(len(rows))))
    except InexactResult:
        return None


def differing(wanted: Column, found: Column) -> list[int]:
    """Return the numbers of the rows whose values differ, or are not of the same type."""
    given = list(found)
    if len(given) != len(wanted):
        return list(range(len(wanted)))
    if list(wanted) == given and list(map(type, wanted)) == list(map(type, given)):
        return []
    return [
        number
        for number, (one, other) in enumerate(zip(wanted, given, strict=True))
        if type(one) is not type(other) or one != other
    ]


def reduced_faults(wanted: Reduced, found: Reduced) -> list[str]:
    """Return in words each cell in which two small tables differ, in whatever order their keys."""
    faults: list[str] = []
    if len(set(found.keys)) < len(found.keys):
        faults.append("a key stands twice")
    if set(wanted.keys) != set(found.keys):
        faults += [f"no key {key!r}" for key in set(wanted.keys) - set(found.keys)]
        faults += [f"a key {key!r} too many" for key in set(found.keys) - set(wanted.keys)]
    if tuple(wanted.undated) != tuple(found.undated):
        faults.append(f"undated: expected {wanted.undated}, found {found.undated}")
    places = {key: place for place, key in enumerate(found.keys)}
    for number, measure in enumerate(wanted.reduction.measures):
        for place, key in enumerate(wanted.keys):
            if key not in places:
                continue
            one = _cell(wanted, number, place)
            other = _cell(found, number, places[key])
            if one != other or _types(one) != _types(other):
                faults.append(f"{measure.name} of {key!r}: expected {one!r}, found {other!r}")
    return faults


def _cell(reduced: Reduced, measure: int, place: int) -> tuple[Any, int, int]:
    """Return value, rows that entered and rows without a value, of a measure and a group."""
    tables = (reduced.values, reduced.counts, reduced.missing)
    value, count, missing = (table[measure][place] for table in tables)
    return value, count, missing


def _types(cell: tuple[Any, ...]) -> list[Any]:
    found: list[Any] = []
    for one in cell:
        inner: Any = one
        found.append(_types(inner) if isinstance(one, tuple) else type(one))
    return found
