"""The sections of grades: where customers stand, who moved and why, what is lacking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salescore.grading import NearBoundary, SegmentMembers, ServiceGap
from salescore.render import NOTHING, Language, clip, number, text_table
from salescore.review._grades import GradeMove, GradeReview
from salescore.review._words import word

_NEAR = ("near", "grade now", "would", "what it takes")
_MOST_ROWS = 8
_EXAMPLES = 2
_WIDEST = 60
_NAME = 28


def grade_tables(one: GradeReview, language: Language) -> Iterator[list[str]]:
    """
    Yield the lines of each table of one policy; those without rows are left out.

    Args:
        one: What the policy says.
        language: Language of the labels.
    """
    page = _Page(one, language)
    yield page.counts()
    if one.moves:
        rows = [page.move(move) for move in one.moves[:_MOST_ROWS]]
        yield page.moves(rows)
    if one.warned:
        yield page.warned()
    if one.boundaries:
        rows = [page.near(near) for near in one.boundaries[:_MOST_ROWS]]
        yield page.table(_NEAR, rows, len(one.boundaries))
    if one.service.loads:
        yield page.loads()
    if one.service.gaps:
        yield page.gaps()


def segment_table(found: Sequence[SegmentMembers], language: Language) -> Iterator[list[str]]:
    """
    Yield the lines of the table of segments, none where there are none.

    Args:
        found: Who belongs to each segment.
        language: Language of the labels.
    """
    rows = [
        [language.pick(one.segment.labels), f"{len(one.members):,}", f"{len(one.unknown):,}"]
        for one in found
    ]
    if rows:
        keys = ("customers", "unknown")
        head = [word(language, "rule segments").upper(), *(word(language, key) for key in keys)]
        yield text_table(head, rows, widest=_WIDEST)


class _Page:
    """What one policy says, in one language."""

    def __init__(self, one: GradeReview, language: Language) -> None:
        self.one = one
        self.language = language
        customers = one.grading.customers
        self.names = dict(zip(customers.keys, customers.names, strict=True))

    def say(self, key: str, *parts: object) -> str:
        return word(self.language, key, *parts)

    def grade(self, key: str | None) -> str:
        """Return the label of a grade."""
        if key is None:
            return NOTHING
        ranks = self.one.policy.ranks
        label = self.language.pick(self.one.policy.grade(key).labels) if key in ranks else ""
        return label or key

    def counts(self) -> list[str]:
        policy = self.one.policy
        title = self.language.pick(policy.labels) or policy.name
        rows = [
            [
                self.language.pick(count.labels) or count.grade,
                f"{count.customers:,}",
                f"{count.before:,}",
                _signed(count.customers - count.before),
            ]
            for count in self.one.counts
        ]
        head = [
            self.say("grades", title).upper(),
            self.say("customers"),
            str(self.one.since),
            self.say("change"),
        ]
        return text_table(head, rows, widest=_WIDEST)

    def table(self, keys: Sequence[str], rows: list[list[str]], many: int) -> list[str]:
        """Return a table of words, with how many rows it leaves out."""
        head = [self.say(keys[0]).upper(), *map(self.say, keys[1:])]
        lines = text_table(head, rows, widest=_WIDEST, left=range(len(head)))
        if many > len(rows):
            lines.append(self.say("more", f"{many - len(rows):,}"))
        return lines

    def moves(self, rows: list[list[str]]) -> list[str]:
        """Return the table of moves; the figure of money has a column where there is one."""
        head = [self.say("moves").upper(), self.say("grade before"), self.say("grade now")]
        head.append(self.say("moved on"))
        if self.one.figure is not None:
            schema = self.one.grading.customers.schema
            head.append(self.language.pick(schema.field(self.one.figure).labels))
        head.append(self.say("why"))
        words = {1, 2, 3, len(head) - 1}
        lines = text_table(head, rows, widest=_WIDEST, left=words)
        if len(self.one.moves) > len(rows):
            lines.append(self.say("more", f"{len(self.one.moves) - len(rows):,}"))
        return lines

    def warned(self) -> list[str]:
        """Return the table of customers that are due to lose their grade."""
        schema = self.one.grading.customers.schema
        figure = self.one.figure
        labels = [] if figure is None else [self.language.pick(schema.field(figure).labels)]
        keys = ("grade now", "due since", "falls on")
        head = [self.say("warned").upper(), *map(self.say, keys), *labels]
        rows = [
            [
                clip(one.name, _NAME),
                self.grade(one.decision.after),
                str(one.since),
                str(one.falls_on),
                *([] if figure is None else [number(one.figure, 0)]),
            ]
            for one in self.one.warned[:_MOST_ROWS]
        ]
        lines = text_table(head, rows, widest=_WIDEST, left=(1, 2, 3))
        if len(self.one.warned) > len(rows):
            lines.append(self.say("more", f"{len(self.one.warned) - len(rows):,}"))
        return lines

    def move(self, one: GradeMove) -> list[str]:
        told = [] if self.one.figure is None else [number(one.figure, 0)]
        return [
            clip(one.name, _NAME),
            self.grade(one.before),
            self.grade(one.decision.after),
            str(one.moved_on),
            *told,
            self.why(one),
        ]

    def why(self, one: GradeMove) -> str:
        """Return a person's word, or the rule that moved a customer with its values then."""
        if one.override is not None:
            said = (one.override.reason, one.override.decided_by)
            return ": ".join(text for text in (self.say("override"), *said) if text)
        found = one.explanation(self.one.grading.customers.schema)
        if found is None:
            return NOTHING
        told = _conditions(found.text(self.language).splitlines())
        return self.language.pick(("; ", "；")).join(told)

    def near(self, one: NearBoundary) -> list[str]:
        key = "would enter" if one.is_up else "would leave"
        return [
            clip(self.names[one.decision.customer_id], _NAME),
            self.grade(one.decision.after),
            self.say(key, self.grade(one.toward)),
            one.way.text(self.language, self.one.grading.customers.schema),
        ]

    def loads(self) -> list[str]:
        keys = (
            "customers",
            "contacts owed",
            "contacts made",
            "hours owed",
            "hours spent",
            "budget owed",
            "budget spent",
        )
        rows = [
            [
                self.grade(load.plan.grade),
                f"{load.customers:,}",
                NOTHING if load.contacts_owed is None else f"{load.contacts_owed:,}",
                NOTHING if load.contacts_made is None else f"{load.contacts_made:,}",
                number(load.hours, 0),
                number(load.hours_spent, 0),
                number(load.budget, 0),
                number(load.budget_spent, 0),
            ]
            for load in self.one.service.loads
        ]
        lines = text_table([self.say("service").upper(), *map(self.say, keys)], rows)
        if not self.one.service.has_contacts:
            lines.append(self.say("contacts unknown"))
        return lines

    def gaps(self) -> list[str]:
        """Return what is lacking, by grade, with how many customers lack it and the first few."""
        groups: dict[tuple[str, str], list[ServiceGap]] = {}
        for gap in self.one.service.gaps:
            groups.setdefault((gap.decision.after, self.lacks(gap)), []).append(gap)
        rows = [
            [
                what,
                self.grade(grade),
                f"{len(those):,}",
                ", ".join(self.example(gap) for gap in those[:_EXAMPLES]),
            ]
            for (grade, what), those in groups.items()
        ]
        keys = ("gaps", "grade now", "customers", "such as")
        head = [self.say(keys[0]).upper(), *map(self.say, keys[1:])]
        return text_table(head, rows, widest=_WIDEST, left=(1, 3))

    def lacks(self, one: ServiceGap) -> str:
        if one.requirement is not None:
            return self.language.pick(one.requirement.labels)
        return self.say("never contacted" if one.last_on is None else "contact late")

    def example(self, one: ServiceGap) -> str:
        """Return the name of a customer, with how many days its contact is late."""
        name = clip(one.name, _NAME)
        return name if one.days_late is None else self.say("days late", name, f"{one.days_late:,}")


def _conditions(lines: Sequence[str]) -> list[str]:
    """Return the conditions of an explanation that hold, without the lines that join them."""
    depths = [len(line) - len(line.lstrip()) for line in lines]
    single = [
        line.strip()
        for line, depth, following in zip(lines, depths, [*depths[1:], 0], strict=True)
        if following <= depth
    ]
    return [line for line in single if line.startswith("✓")] or single


def _signed(change: int) -> str:
    return f"{change:+,}" if change else "0"
