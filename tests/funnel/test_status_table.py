"""Status tables as data: what they refuse to be, and how documents move by them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.funnel.documents import NOON, TODAY, contract, moved, now, order, quote, refused

from salescore.entities import DocumentKind, Order, Quote
from salescore.errors import InvalidRecord, InvalidValue, UnknownName
from salescore.funnel import (
    OVERRIDE_USED,
    STATUS_CHANGED,
    Criterion,
    Moved,
    RefusalCode,
    RefusedMove,
    Status,
    StatusMove,
    StatusTable,
    move_status,
)
from salescore.render import Language
from salescore.rules import F
from salescore.testing import instances, records

STATUSES = (
    Status(key="draft", kind=DocumentKind.DRAFT),
    Status(key="sent", kind=DocumentKind.OPEN, labels=("Sent", "已发送")),
    Status(key="off", kind=DocumentKind.VOID),
)
CHECKED = Criterion(key="checked", rule=F.open_points == 0)
MOVES = (
    StatusMove(sources=["draft"], target="sent", required=["number"], guards=[CHECKED]),
    StatusMove(sources=["draft", "sent"], target="off", needs_reason=True, sets="voided_on"),
    StatusMove(sources=["off"], target="draft", roles=["manager"], clears=["voided_on"]),
)


def table(**given: Any) -> StatusTable:  # noqa: ANN401 - whatever a table takes
    """Return a small table of quotes."""
    plain: dict[str, Any] = {"statuses": STATUSES, "moves": MOVES, "override_roles": ["manager"]}
    return StatusTable(**{"name": "t", "version": "1", "records": "quotes", **plain, **given})


def draft(**given: Any) -> Quote:  # noqa: ANN401 - whatever a quote takes
    """Return a quote that may be sent."""
    return quote(**{"status": "draft", "number": "A7", **given})


CLEAR = {"open_points": Decimal(0)}


def test_a_document_moves_to_another_status() -> None:
    """Status and kind are those of the table, and an event tells of it."""
    found = move_status(table(), draft(), "sent", now(row=CLEAR, actor="ann"))
    assert isinstance(found, Moved)
    assert found.record == draft(status="sent", kind=DocumentKind.OPEN)
    assert found.before == draft()
    assert found.is_accepted
    (event,) = found.events
    assert (event.name, event.record, event.subject) == (STATUS_CHANGED, "quotes", "D1")
    assert event.id == "quotes:D1/sent/2026-03-02T12:00:00Z#1"
    assert event.detail == '{"process": "t 1", "status": "sent", "from": "draft"}'


def test_a_move_sets_and_clears_days() -> None:
    """The day is that of the move where none is known, and is unknown once taken back."""
    off = moved(table(), draft(), "off", reason="a slip")
    assert (off.voided_on, off.kind) == (TODAY, DocumentKind.VOID)
    back = moved(table(), off, "draft", roles=("manager",), at=NOON + timedelta(days=2))
    assert back == draft(kind=DocumentKind.DRAFT)
    known = draft(voided_on=TODAY - timedelta(days=1))
    assert moved(table(), known, "off", reason="a slip").voided_on == known.voided_on


def test_every_reason_comes_at_once() -> None:
    """Time, field and guard; nothing changes."""
    late = draft(number=" ", accepted_on=TODAY + timedelta(days=1))
    found = refused(table(), late, "sent", row={"open_points": Decimal(2)})
    assert [(one.code, one.name) for one in found.reasons] == [
        (RefusalCode.TOO_EARLY, "2026-03-03"),
        (RefusalCode.FIELD_MISSING, "number"),
        (RefusalCode.CRITERION_FAILED, None),
    ]
    assert found.record == late
    assert not found.is_overridable
    assert found.text().splitlines()[1] == "number must be known for sent"


def test_who_may_and_why_are_asked() -> None:
    """Roles and reasons are never passed over."""
    assert refused(table(), draft(), "off", override="x").codes == (RefusalCode.REASON_MISSING,)
    off = draft(status="off", kind=DocumentKind.VOID)
    assert refused(table(), off, "draft", roles=("rep",)).codes == (RefusalCode.ROLE_MISSING,)


def test_only_the_moves_of_the_table_are_possible() -> None:
    """Another status is refused with those that are."""
    sent = draft(status="sent")
    found = refused(table(), sent, "draft")
    assert found.text() == "draft is not possible from sent; possible are off"
    assert found.text(Language.ZH) == "sent状态下不能draft；可选：off"
    found = refused(table(), sent, "lost")
    assert found.codes == (RefusalCode.UNKNOWN_EVENT,)
    assert found.text() == "there is no status lost; there are draft, sent, off"


def test_a_status_that_the_table_does_not_have_is_told() -> None:
    """Also that the kind of the document is another than its status stands for."""
    found = refused(table(), draft(status="新"), "sent", row=CLEAR)
    assert found.text() == "there is no status 新; there are draft, sent, off"
    odd = draft(kind=DocumentKind.CLOSED)
    found = refused(table(), odd, "sent", row=CLEAR)
    assert found.text() == "its status draft stands for draft, the record says closed"
    strange = refused(table(), draft(status="新"), "lost")
    assert strange.codes == (RefusalCode.UNKNOWN_STAGE, RefusalCode.UNKNOWN_EVENT)


def test_a_document_without_a_status_has_the_first_of_its_kind() -> None:
    """Without a kind it is open, as everywhere."""
    named = table()
    assert named.status_of(quote()) is named.status("sent")
    assert named.status_of(quote(kind=DocumentKind.VOID)) is named.status("off")
    assert named.status_of(quote(kind=DocumentKind.CLOSED)) is None
    nothing = refused(named, quote(kind=DocumentKind.CLOSED), "off", reason="x")
    assert nothing.text() == "there is no status nothing; there are draft, sent, off"


def test_the_same_status_again_changes_nothing() -> None:
    """A retry is a repeat without events."""
    sent = moved(table(), draft(), "sent", row=CLEAR)
    again = move_status(table(), sent, "sent", now())
    assert isinstance(again, Moved)
    assert (again.is_repeat, again.record, again.events) == (True, sent, ())
    first, second = (move_status(table(), draft(), "sent", now(row=CLEAR)) for _ in range(2))
    assert first == second


def test_an_override_is_recorded() -> None:
    """It passes over fields and guards, by who may, with an event of its own."""
    bare = draft(number=None)
    alone = refused(table(), bare, "sent", override="urgent")
    assert alone.codes[-1] is RefusalCode.OVERRIDE_REFUSED
    assert alone.reasons[-1].known == ("manager",)
    found = move_status(table(), bare, "sent", now(override="urgent", roles=("manager",)))
    assert isinstance(found, Moved)
    assert [one.code for one in found.overridden] == [
        RefusalCode.FIELD_MISSING,
        RefusalCode.CRITERION_UNREADABLE,
    ]
    assert [one.name for one in found.events] == [STATUS_CHANGED, OVERRIDE_USED]
    assert found.events[0].rule == "t 1: sent"
    assert found.events[1].detail is not None
    assert '"name": "checked"' in found.events[1].detail


def test_guards_read_the_document_under_the_row() -> None:
    """Its fields, registered ones and choices as text among them; the row stands over them."""
    guards = [
        Criterion(key="kind", rule=F.kind == "draft"),
        Criterion(key="number", rule=F.number == "B1"),
        Criterion(key="colour", rule=F.colour == "red"),
        Criterion(key="day", rule=F.event_on == TODAY),
        Criterion(key="reason", rule=F.event_reason == "so"),
    ]
    told = table(moves=[StatusMove(sources=["draft"], target="sent", guards=guards)])
    one = draft(kind=DocumentKind.DRAFT, custom=(("colour", "red"),))
    plain = refused(told, one, "sent", reason="so")
    assert [reason.criterion for reason in plain.reasons] == [guards[1]]
    assert moved(told, one, "sent", reason="so", row={"number": "B1"}).number == "A7"


def test_another_record_is_the_caller_s_mistake() -> None:
    """A document of another type, and a row of another document."""
    with pytest.raises(InvalidRecord, match="expected Quote"):
        move_status(table(), order(), "sent", now())
    with pytest.raises(InvalidValue, match="another record"):
        move_status(table(), draft(), "sent", now(row={"id": "D2"}))


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"name": ""}, InvalidValue, "name of a status table"),
        ({"version": " "}, InvalidValue, "version of t"),
        ({"records": "invoices"}, UnknownName, "record type of t"),
        ({"statuses": []}, InvalidValue, "at least one status"),
        ({"statuses": [*STATUSES, STATUSES[0]]}, InvalidValue, "twice"),
        ({"statuses": STATUSES[:2]}, UnknownName, "status of t"),
        ({"moves": [MOVES[0], MOVES[0]]}, InvalidValue, "draft to sent"),
        (
            {"moves": [StatusMove(sources=["draft"], target="sent", sets="number")]},
            UnknownName,
            "date of quotes",
        ),
        (
            {"moves": [StatusMove(sources=["draft"], target="sent", clears=["quoted_on"])]},
            UnknownName,
            "field of quotes",
        ),
        (
            {"moves": [StatusMove(sources=["draft"], target="sent", clears=["status"])]},
            UnknownName,
            "field of quotes",
        ),
    ],
)
def test_a_table_that_cannot_work_is_refused(
    given: dict[str, Any], error: type[Exception], said: str
) -> None:
    """The mistake is named where the table is made."""
    with pytest.raises(error, match=said):
        table(**given)


def test_parts_that_cannot_work_are_refused() -> None:
    """A move to where it begins, from nowhere, and a kind that is a bare text."""
    with pytest.raises(InvalidValue, match="at least one status"):
        StatusMove(sources=[], target="sent")
    with pytest.raises(InvalidValue, match="already"):
        StatusMove(sources=["sent"], target="sent")
    with pytest.raises(InvalidValue, match="DocumentKind"):
        Status(key="sent", kind="open")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="did you mean 'sent'"):
        table().status("snt")


def test_tables_know_their_documents() -> None:
    """Title, class and field table follow from the record type."""
    orders = table(records="orders")
    assert (orders.title, orders.record, orders.table.name) == ("t 1", Order, "orders")
    assert orders.targets("draft") == ("sent", "off")
    assert contract().status is None


@settings(max_examples=60)
@given(
    drawn=instances(StatusTable),
    data=st.data(),
    override=st.none() | st.just("because"),
    reason=st.none() | st.just("so"),
)
def test_any_table_moves_any_document_or_says_why_not(
    drawn: StatusTable, data: st.DataObject, override: str | None, reason: str | None
) -> None:
    """A move that is accepted is one of the table; one that is refused gives reasons."""
    keys = [one.key for one in drawn.statuses]
    document = data.draw(records(drawn.table, status=st.none() | st.sampled_from(keys)))
    to = data.draw(st.sampled_from(keys))
    context = now(override=override, reason=reason, roles=("manager",))
    found = move_status(drawn, document, to, context)
    assert found == move_status(drawn, document, to, context)
    before = drawn.status_of(document)
    if isinstance(found, RefusedMove):
        assert found.reasons
        assert found.record is document
        assert len(found.text().splitlines()) >= len(found.reasons)
    elif found.is_repeat:
        assert (found.record, found.events) == (document, ())
    else:
        assert before is not None
        way = drawn.ways[before.key, to]
        assert (found.record.status, found.record.kind) == (to, drawn.status(to).kind)
        changed = {"status", "kind", way.sets, *way.clears}
        for field in attrs.fields(type(document)):
            if field.name not in changed:
                assert getattr(found.record, field.name) == getattr(document, field.name)
        assert not way.needs_reason or reason is not None
        again = move_status(drawn, found.record, to, context)
        assert isinstance(again, Moved)
        assert again.is_repeat
