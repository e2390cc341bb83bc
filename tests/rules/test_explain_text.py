"""An explanation reads as a sales manager would put it, in English and Chinese, and as data."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import InvalidValue
from salescore.plain import Field, FieldTable, Kind, PersonalData
from salescore.render import Language
from salescore.rules import (
    Conjunction,
    Disjunction,
    Explanation,
    Expression,
    F,
    Literal,
    RuleType,
    Term,
    Verdict,
    coalesce,
    days_between,
    explain,
    rule_from_data,
    rule_to_data,
    when,
)
from salescore.values import Rounding

EN, ZH = Language
HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories of letters that move the cursor, turn the line or cannot be sent."""


def field(name: str, kind: Kind, en: str, zh: str, **more: Any) -> Field:  # noqa: ANN401
    """Return a nullable field with labels."""
    return Field(name=name, kind=kind, nullable=True, labels=(en, zh), **more)


TABLE = FieldTable(
    name="customers",
    fields=(
        field("revenue_12m", Kind.DECIMAL, "Revenue, 12 months", "近12个月销售额", unit="money"),
        field("cost", Kind.DECIMAL, "Cost", "成本", unit="money"),
        field("region", Kind.TEXT, "Region", "区域"),
        field("score", Kind.DECIMAL, "Satisfaction", "满意度"),
        field("orders", Kind.DECIMAL, "Orders", "订单数", unit="orders"),
        field("delay", Kind.DECIMAL, "Delay", "拖延", unit="days"),
        field("weight", Kind.DECIMAL, "Weight", "重量", unit="kg"),
        field("hot", Kind.BOOLEAN, "Key account", "重点客户"),
        field("tags", Kind.TEXT, "Tags", "标签", is_set=True),
        field("since", Kind.DATE, "Customer since", "建档日期"),
        field("seen", Kind.INSTANT, "Last seen", "最近登录"),
        field("name", Kind.TEXT, "Name", "姓名", personal=PersonalData.IDENTITY),
        field("age", Kind.DECIMAL, "Age", "年龄", personal=PersonalData.CONTACT),
        field("bare", Kind.TEXT, "", ""),
    ),
)
ROW: dict[str, Any] = {
    "revenue_12m": Decimal("61200.00"),
    "cost": Decimal("1500.5"),
    "region": "West",
    "score": None,
    "orders": Decimal(4),
    "delay": Decimal("1E+3"),
    "weight": Decimal("-0"),
    "hot": None,
    "tags": frozenset({"vip", "new"}),
    "since": date(2017, 3, 1),
    "seen": datetime(2017, 3, 1, 8, 30, tzinfo=UTC),
    "name": "Li Na",
    "age": Decimal(41),
    "bare": "x",
    "unlisted": "y",
    "huge": Decimal("1E+2000"),
}
NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)


def text(term: Term, language: Language = EN, **changes: object) -> str:
    """Return the explanation of a rule on the row as text."""
    return explain(term, {**ROW, **changes}, TABLE).text(language)


RULE = (
    (F.revenue_12m >= 50_000)
    & F.region.is_in(["East", "North"])
    & ((F.score >= 4) | ~(F.orders > 3) | F.hot)
)


def test_a_tree_in_english() -> None:
    """One line a condition, indented below what joins them, with a mark for its verdict."""
    assert text(RULE) == (
        "✗ all of\n"
        "  ✓ Revenue, 12 months 61,200.00 ≥ 50,000\n"
        "  ✗ Region “West” is one of “East”, “North”\n"
        "  ? any of\n"
        "    ? Satisfaction unknown ≥ 4\n"
        "    ✗ not\n"
        "      ✓ Orders 4 > 3\n"
        "    ? Key account unknown"
    )


def test_a_tree_in_chinese() -> None:
    """The same tree with the Chinese labels and phrases."""
    assert text(RULE, ZH) == (
        "✗ 全部满足\n"
        "  ✓ 近12个月销售额 61,200.00 ≥ 50,000\n"
        "  ✗ 区域 “West” 属于 “East”、“North”\n"
        "  ? 任一满足\n"
        "    ? 满意度 未知 ≥ 4\n"
        "    ✗ 非\n"
        "      ✓ 订单数 4 > 3\n"
        "    ? 重点客户 未知"
    )


@pytest.mark.parametrize(
    ("term", "en", "zh"),
    [
        (F.cost == F.cost, "✓ Cost 1,500.5 = Cost 1,500.5", "✓ 成本 1,500.5 = 成本 1,500.5"),
        (F.orders != 4, "✗ Orders 4 ≠ 4", "✗ 订单数 4 ≠ 4"),
        (F.orders < 4, "✗ Orders 4 < 4", "✗ 订单数 4 < 4"),
        (F.orders <= 4, "✓ Orders 4 ≤ 4", "✓ 订单数 4 ≤ 4"),
        (F.delay > 9, "✓ Delay 1,000 days > 9", "✓ 拖延 1,000 天 > 9"),
        (F.weight >= 0, "✓ Weight 0 kg ≥ 0", "✓ 重量 0 kg ≥ 0"),
        (F.region.is_null(), "✗ Region is unknown (“West”)", "✗ 区域 未知（“West”）"),
        (F.score.is_null(), "✓ Satisfaction is unknown", "✓ 满意度 未知"),
        (~F.delay.is_null(), "✓ Delay is known (1,000 days)", "✓ 拖延 已知（1,000 天）"),
        (~F.score.is_null(), "✗ Satisfaction is known", "✗ 满意度 已知"),
        (
            (F.orders + F.score).is_null(),
            "✓ (Orders 4 + Satisfaction unknown = unknown) is unknown",
            "✓ (订单数 4 + 满意度 未知 = 未知) 未知",
        ),
        (
            F.orders.between(F.score, 10),
            "? Orders 4 is between Satisfaction unknown and 10",
            "? 订单数 4 介于 满意度 未知 与 10 之间",
        ),
        (F.region.starts_with("We"), "✓ Region “West” starts with “We”", None),
        (F.region.starts_with("We"), None, "✓ 区域 “West” 以 “We” 开头"),
        (F.region.contains("x"), "✗ Region “West” contains “x”", "✗ 区域 “West” 包含 “x”"),
        (F.region.ends_with("t"), "✓ Region “West” ends with “t”", "✓ 区域 “West” 以 “t” 结尾"),
        (
            F.tags.has_any(["vip", "x"]),
            "✓ Tags “new”, “vip” has any of “vip”, “x”",
            "✓ 标签 “new”、“vip” 含任一 “vip”、“x”",
        ),
        (F.tags.has_all(["x"]), "✗ Tags “new”, “vip” has all of “x”", None),
        (F.tags.has_all(["x"]), None, "✗ 标签 “new”、“vip” 含全部 “x”"),
        (F.tags.has_none(["x"]), "✓ Tags “new”, “vip” has none of “x”", None),
        (F.tags.has_none([]), None, "✓ 标签 “new”、“vip” 不含 空列表"),
        (F.region.is_in([]), "✗ Region “West” is one of nothing", "✗ 区域 “West” 属于 空列表"),
        (
            F.since < date(2018, 1, 1),
            "✓ Customer since 2017-03-01 < 2018-01-01",
            "✓ 建档日期 2017-03-01 < 2018-01-01",
        ),
        (
            F.seen > NOON,
            "✗ Last seen 2017-03-01T08:30:00Z > 2017-03-01T12:00:00Z",
            "✗ 最近登录 2017-03-01T08:30:00Z > 2017-03-01T12:00:00Z",
        ),
        (F.hot == True, "? Key account unknown = yes", "? 重点客户 未知 = 是"),  # noqa: E712
        (F.hot != False, "? Key account unknown ≠ no", "? 重点客户 未知 ≠ 否"),  # noqa: E712
        (F.bare == "x", "✓ bare “x” = “x”", "✓ bare “x” = “x”"),
        (F.unlisted == "y", "✓ unlisted “y” = “y”", "✓ unlisted “y” = “y”"),
        (Term(Conjunction(())), "✓ all of (no conditions)", "✓ 全部满足（无条件）"),
        (Term(Disjunction(())), "✗ any of (no conditions)", "✗ 任一满足（无条件）"),
        (
            F.revenue_12m - F.cost * 2 > 500,
            "✓ (Revenue, 12 months 61,200.00 − (Cost 1,500.5 × 2 = 3,001.0) = 58,199.00) > 500",
            "✓ (近12个月销售额 61,200.00 − (成本 1,500.5 × 2 = 3,001.0) = 58,199.00) > 500",
        ),
        (
            days_between(F.since, date(2017, 4, 1)) <= 30,
            "✗ (days from Customer since 2017-03-01 to 2017-04-01 = 31) ≤ 30",
            "✗ (建档日期 2017-03-01 至 2017-04-01 的天数 = 31) ≤ 30",
        ),
        (
            F.cost.rounded(0, Rounding.HALF_EVEN) == 1_500,
            "✓ (Cost 1,500.5 rounded to 1 (half to even) = 1,500) = 1,500",
            "✓ (成本 1,500.5 舍入到 1（四舍六入五成双） = 1,500) = 1,500",
        ),
        (
            coalesce(F.score, F.orders) > 3,
            "✓ (first known of Satisfaction unknown; Orders 4 = 4) > 3",
            "✓ (首个已知：满意度 未知；订单数 4 = 4) > 3",
        ),
        (
            when((F.orders > 9, "often"), (F.hot & ~F.hot, "?"), otherwise="seldom") == "seldom",
            (
                "✓ (if (Orders 4 > 9) then “often”; if (Key account unknown and (not Key account "
                "unknown)) then “?”; else “seldom” = “seldom”) = “seldom”"
            ),
            None,
        ),
        (
            when((Term(Disjunction(())), 1), (F.hot | (F.orders > 9), 2)) == 1,
            None,
            (
                "? (若 (任一满足（无条件）) 则 1；若 (重点客户 未知 或 (订单数 4 > 9)) 则 2 = 未知)"
                " = 1"
            ),
        ),
    ],
)
def test_a_condition_on_one_line(term: Term, en: str | None, zh: str | None) -> None:
    """Every kind of condition reads naturally, each field with its value."""
    if en is not None:
        assert text(term) == en
    if zh is not None:
        assert text(term, ZH) == zh


@pytest.mark.parametrize(
    ("term", "en", "zh"),
    [
        (
            (F.orders > 3) == (F.score > 3),
            "? these two agree\n  ✓ Orders 4 > 3\n  ? Satisfaction unknown > 3",
            "? 两者一致\n  ✓ 订单数 4 > 3\n  ? 满意度 未知 > 3",
        ),
        (
            F.hot != (F.orders > 3),
            "? these two differ\n  ? Key account unknown\n  ✓ Orders 4 > 3",
            "? 两者不同\n  ? 重点客户 未知\n  ✓ 订单数 4 > 3",
        ),
        (
            (F.orders > 3).is_in([True]),
            "✓ this is one of yes\n  ✓ Orders 4 > 3",
            "✓ 此项属于 是\n  ✓ 订单数 4 > 3",
        ),
        (
            ~(F.score > 3).is_null(),
            "✗ not\n  ✓ this is unknown\n    ? Satisfaction unknown > 3",
            "✗ 非\n  ✓ 此项未知\n    ? 满意度 未知 > 3",
        ),
        (
            when((F.orders > 9, F.hot), (F.orders > 3, F.score > 3), otherwise=F.hot),
            (
                "? the first case that applies\n  ✗ if Orders 4 > 9\n  ? then Key account unknown\n"
                "  ✓ if Orders 4 > 3\n  ? then Satisfaction unknown > 3\n"
                "  ? else Key account unknown"
            ),
            (
                "? 首个成立的情形\n  ✗ 若 订单数 4 > 9\n  ? 则 重点客户 未知\n"
                "  ✓ 若 订单数 4 > 3\n  ? 则 满意度 未知 > 3\n  ? 否则 重点客户 未知"
            ),
        ),
        (
            when((F.orders > 9, F.orders > 1)),
            "? the first case that applies\n  ✗ if Orders 4 > 9\n  ✓ then Orders 4 > 1",
            "? 首个成立的情形\n  ✗ 若 订单数 4 > 9\n  ✓ 则 订单数 4 > 1",
        ),
        (
            coalesce(F.hot, F.orders > 3),
            "✓ the first that is known\n  ? Key account unknown\n  ✓ Orders 4 > 3",
            "✓ 首个已知\n  ? 重点客户 未知\n  ✓ 订单数 4 > 3",
        ),
        (
            Term(Conjunction((Literal(value=False), (F.orders > 3).tree))),
            "✗ all of\n  ✗ no\n  ✓ Orders 4 > 3",
            "✗ 全部满足\n  ✗ 否\n  ✓ 订单数 4 > 3",
        ),
    ],
)
def test_conditions_about_conditions(term: Term, en: str, zh: str) -> None:
    """What is about conditions has them on lines of their own."""
    assert text(term) == en
    assert text(term, ZH) == zh


def test_fractions_are_read_in_percent() -> None:
    """A fraction, and what is held against it, is shown in percent; data keep the fraction."""
    share = field("share", Kind.DECIMAL, "Share", "占比", unit="fraction")
    table = FieldTable(name="customers", fields=(share,))
    rule = (
        (F.share >= Decimal("0.125"))
        & F.share.between(Decimal("0.1"), Decimal("0.3"))
        & F.share.is_in([Decimal("0.2"), 1])
        & (coalesce(F.share, 0) > Decimal("0.1"))
        & (F.share * 2 > 0)
    )
    found = explain(rule, {"share": Decimal("0.20")}, table)
    assert found.text().splitlines()[1:] == [
        "  ✓ Share 20 % ≥ 12.5 %",
        "  ✓ Share 20 % is between 10 % and 30 %",
        "  ✓ Share 20 % is one of 20 %, 100 %",
        "  ✓ (first known of Share 20 %; 0 % = 20 %) > 10 %",
        "  ✓ (Share 20 % × 2 = 0.40) > 0",
    ]
    assert explain(F.share == 1, {"share": None}, table).text(ZH) == "? 占比 未知 = 100 %"
    assert '"0.20"' in json.dumps(found.as_data())


@pytest.mark.parametrize("mode", Rounding)
def test_every_mode_of_rounding_has_words(mode: Rounding) -> None:
    """No mode is shown by the name it has in code alone."""
    shown = [text(F.cost.rounded(1, mode), language) for language in Language]
    assert shown[0].startswith("• Cost 1,500.5 rounded to 0.1 (")
    assert shown[1].startswith("• 成本 1,500.5 舍入到 0.1（")
    assert mode.value not in shown[1]


def test_a_value_that_is_no_condition() -> None:
    """An expression that is no condition is shown with its value."""
    assert (
        text(F.revenue_12m - F.cost) == "• Revenue, 12 months 61,200.00 − Cost 1,500.5 = 59,699.50"
    )
    assert text(F.delay) == "• Delay 1,000 days"
    assert text(F.tags, tags=frozenset()) == "• Tags none"
    assert text(Term(Literal("x")), ZH) == "• “x”"
    assert explain(F.delay, ROW).text() == "• delay 1,000"


def test_long_lists_are_cut() -> None:
    """Ten values are shown, the rest are counted."""
    many = F.orders.is_in(range(10_000))
    assert text(many).endswith("is one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 9,990 more")
    assert text(many, ZH).endswith("、9、… 另 9,990 项")
    assert text(F.orders.is_in(range(10))).endswith("8, 9")
    tags = frozenset(f"t{number:03}" for number in range(11))
    assert text(F.tags, tags=tags).endswith("“t009”, … 1 more")
    assert text(F.tags.has_any(sorted(tags))).endswith("“t009”, … 1 more")


def test_awkward_texts_stay_on_their_line() -> None:
    """Control characters, halves of pairs and long texts of data, rule and names are harmless."""
    evil = "a\nb\x1b[31m\u202e\ud800" + "x" * 100
    rule = (F.region == evil) & (F[evil] == 1)
    shown = explain(rule, {"region": evil, evil: Decimal(1)}, TABLE).text()
    assert len(shown.splitlines()) == 3
    assert shown.replace("\n", "").isprintable()
    assert "a b [31m" in shown
    assert max(map(len, shown.splitlines())) < 200
    assert shown.encode()


def test_a_long_number_is_cut_with_a_sign() -> None:
    """Of a number that nobody can read the beginning is shown, and that it goes on."""
    (line,) = text(F.orders > 10**37, orders=Decimal(7) ** 100).splitlines()
    assert "…" in line
    assert len(line) < 140


def test_what_cannot_be_held_exactly_says_so() -> None:
    """A part that evaluation did not reach is unknown, and the reason stands in its place."""
    rule = (F.orders > 9) & (F.huge + 1 > 0)
    assert text(rule).splitlines()[2].endswith("+ 1 = beyond exact arithmetic) > 0")
    assert text(rule, ZH).splitlines()[2].endswith("+ 1 = 超出精确运算) > 0")
    (_, part) = explain(rule, ROW, TABLE).as_data()["parts"]  # type: ignore[misc]
    assert part["verdict"] == "unknown"
    assert part["missing"] == []
    assert part["fault"].startswith("huge + 1 cannot be held exactly")


SECRET = (
    (F.name == "x")
    & F.name.is_null()
    & ~F.name.is_null()
    & (F.age + F.orders > 40)
    & (coalesce(F.score, F.age) > 1)
    & (F.region == "West")
)


def test_personal_data_can_be_hidden() -> None:
    """Values of personal fields, and what was made of them, are kept back; others are shown."""
    found = explain(SECRET, ROW, TABLE)
    assert "Li Na" in found.text()
    assert found.text(hide_personal=True) == (
        "✗ all of\n"
        "  ✗ Name (hidden) = “x”\n"
        "  ✗ Name is unknown (hidden)\n"
        "  ✓ Name is known (hidden)\n"
        "  ✓ (Age (hidden) + Orders 4 = (hidden)) > 40\n"
        "  ✓ (first known of Satisfaction unknown; Age (hidden) = (hidden)) > 1\n"
        "  ✓ Region “West” = “West”"
    )
    chinese = found.text(ZH, hide_personal=True)
    assert "（已隐藏）" in chinese
    hidden = json.dumps(found.as_data(hide_personal=True), ensure_ascii=False)
    for shown in (chinese, hidden):
        assert not any(secret in shown for secret in ("Li Na", "41", "45"))
    assert '"name": "(hidden)"' in hidden
    assert '"region": "West"' in hidden


def test_a_missing_personal_value_is_still_missing() -> None:
    """Null has nothing to hide, and whoever completes the record must see it."""
    found = explain(F.name == "x", {"name": None}, TABLE)
    assert found.text(hide_personal=True) == "? Name unknown = “x”"
    assert found.as_data(hide_personal=True)["fields"] == {"name": None}


def test_a_value_alone_is_hidden_in_data() -> None:
    """The root of a value that reads personal data is kept back, and so is an unlisted field."""
    assert explain(F.age + 1, ROW, TABLE).as_data(hide_personal=True)["value"] == "(hidden)"
    assert explain(F.unlisted, ROW, TABLE).text(hide_personal=True) == "• unlisted (hidden)"


def test_nothing_can_be_hidden_without_a_table() -> None:
    """Whoever asks for it must say which fields are personal."""
    found = explain(F.name == "x", ROW)
    for act in (found.text, found.as_data):
        with pytest.raises(InvalidValue, match="nobody knows what is personal"):
            act(hide_personal=True)


def test_an_explanation_as_data() -> None:
    """The rule stands once as JSON; each condition has its verdict, text, value and fields."""
    found = explain((F.orders > 3) & ((F.score - 1 > F.orders) | F.hot), ROW, TABLE)
    assert found.as_data() == {
        "expression": rule_to_data(found.expression),
        "verdict": "unknown",
        "rule": "(orders > 3) and (((score - 1) > orders) or hot)",
        "value": None,
        "fields": {},
        "missing": ["score", "hot"],
        "parts": [
            {
                "verdict": "fired",
                "rule": "orders > 3",
                "value": True,
                "fields": {"orders": "4"},
                "missing": [],
                "parts": [],
            },
            {
                "verdict": "unknown",
                "rule": "((score - 1) > orders) or hot",
                "value": None,
                "fields": {},
                "missing": ["score", "hot"],
                "parts": [
                    {
                        "verdict": "unknown",
                        "rule": "(score - 1) > orders",
                        "value": None,
                        "fields": {"score": None, "orders": "4"},
                        "missing": ["score"],
                        "parts": [],
                    },
                    {
                        "verdict": "unknown",
                        "rule": "hot",
                        "value": None,
                        "fields": {"hot": None},
                        "missing": ["hot"],
                        "parts": [],
                    },
                ],
            },
        ],
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("delay", "1000"),
        ("weight", "0"),
        ("revenue_12m", "61200.00"),
        ("since", "2017-03-01"),
        ("seen", "2017-03-01T08:30:00Z"),
        ("tags", ["new", "vip"]),
        ("region", "West"),
        ("score", None),
    ],
)
def test_values_as_data(name: str, value: object) -> None:
    """Numbers, dates and instants are text, sets are sorted lists, and null is null."""
    data = explain(F[name], ROW, TABLE).as_data()
    assert (data["value"], data["fields"], data["verdict"]) == (value, {name: value}, "value")


def test_a_long_rule_is_cut_in_data() -> None:
    """The text of a rule is for reading; the rule in full stands at the root."""
    data = explain(F.orders.is_in(range(9_999)), ROW).as_data()
    assert str(data["rule"]).endswith("…")
    assert len(str(data["rule"])) == 200
    assert len(str(data["expression"])) > 50_000


RANDOM = FieldTable(
    name="facts",
    fields=(
        *(
            field(kind.value, kind, kind.name, kind.name, choices=("open", "won"))
            if kind is Kind.CHOICE
            else field(kind.value, kind, kind.name, kind.name)
            for kind in Kind
            if kind is not Kind.MONEY
        ),
        field("tags", Kind.TEXT, "TAGS", "TAGS", is_set=True, personal=PersonalData.FREE_TEXT),
    ),
)


def conditions(found: Explanation) -> int:
    """Return how many conditions of a data tree there are."""
    return 1 + sum(conditions(part) for part in found["parts"])  # type: ignore[index]


@settings(max_examples=150)
@given(
    rule=st.one_of(testing.rules(RANDOM), testing.rules(RANDOM, RuleType.NUMBER)),
    row=testing.rows(RANDOM),
    language=st.sampled_from(Language),
    hide=st.booleans(),
)
def test_any_explanation_can_be_shown(
    *, rule: Expression, row: dict[str, Any], language: Language, hide: bool
) -> None:
    """Text has a line for each condition in the data, all printable, and the data is JSON."""
    found = explain(rule, row, RANDOM)
    lines = found.text(language, hide_personal=hide).split("\n")
    data: Any = found.as_data(hide_personal=hide)
    assert len(lines) == conditions(data)
    assert not any(category(letter) in HARMFUL for line in lines for letter in line)
    assert (
        lines[0][0] == {"fired": "✓", "failed": "✗", "unknown": "?", "value": "•"}[data["verdict"]]
    )
    assert json.loads(json.dumps(data)) == data
    assert rule_from_data(data["expression"]) == rule
    assert (data["value"] is None) == (found.value is None)
    if found.verdict in (Verdict.FIRED, Verdict.FAILED):
        assert data["value"] is found.value
