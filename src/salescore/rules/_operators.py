"""Every operator of the language, declared once for reader, schema and catalogue."""

from __future__ import annotations

from typing import Final

from salescore.rules._limits import DEPTH_LIMIT, NODE_LIMIT
from salescore.rules._operator_spec import (
    EITHER,
    VALUE,
    ArgumentKind,
    OperatorSpec,
    arithmetic,
    comparison,
    literal,
    tag_test,
    text_test,
)

_RULE = ArgumentKind.RULE

_ATOMS = (
    OperatorSpec(
        name="field",
        labels=("Field", "字段"),
        takes=(ArgumentKind.FIELD,),
        least=1,
        most=1,
        arguments="the name of a field of the table that the rule is about",
        yields="what the field holds",
        nulls="null when the field is",
        example='{"field": ["region"]}',
        python="F.region",
        value='"West"',
    ),
    literal(
        ArgumentKind.DECIMAL,
        "Number",
        "数值",
        "a number as text, without exponent; whole JSON numbers up to 2^53 − 1 are also read",
        "number",
        '{"decimal": ["12.50"]}',
        'Decimal("12.50")',
    ),
    literal(
        ArgumentKind.DATE,
        "Date",
        "日期",
        "a date as text, `YYYY-MM-DD`",
        "date",
        '{"date": ["2017-03-01"]}',
        "date(2017, 3, 1)",
    ),
    literal(
        ArgumentKind.INSTANT,
        "Instant",
        "时刻",
        "an instant in UTC as text, `YYYY-MM-DDTHH:MM:SSZ`",
        "instant",
        '{"instant": ["2017-03-01T00:00:00Z"]}',
        "datetime(2017, 3, 1, tzinfo=UTC)",
    ),
)

_COMPARISONS = (
    comparison(
        "==",
        "Equal",
        "等于",
        '{"==": [{"field": ["region"]}, "West"]}',
        'F.region == "West"',
        "true",
    ),
    comparison(
        "!=",
        "Not equal",
        "不等于",
        '{"!=": [{"field": ["wallet"]}, {"decimal": ["0"]}]}',
        "F.wallet != 0",
        "null",
    ),
    comparison(
        "<",
        "Less",
        "小于",
        '{"<": [{"field": ["orders"]}, {"decimal": ["3"]}]}',
        "F.orders < 3",
        "false",
    ),
    comparison(
        "<=",
        "Less or equal",
        "小于等于",
        '{"<=": [{"field": ["created_on"]}, {"date": ["2017-03-01"]}]}',
        "F.created_on <= date(2017, 3, 1)",
        "true",
    ),
    comparison(
        ">",
        "Greater",
        "大于",
        '{">": [{"field": ["changed_at"]}, {"instant": ["2017-03-01T00:00:00Z"]}]}',
        "F.changed_at > datetime(2017, 3, 1, tzinfo=UTC)",
        "true",
    ),
    comparison(
        ">=",
        "Greater or equal",
        "大于等于",
        '{">=": [{"field": ["revenue"]}, {"decimal": ["50000"]}]}',
        "F.revenue >= 50_000",
        "true",
    ),
    OperatorSpec(
        name="between",
        labels=("Between", "介于"),
        takes=(_RULE, _RULE, _RULE),
        least=3,
        most=3,
        arguments="a value; the least and the greatest that lie within, all of one type",
        yields="truth value",
        nulls="null when the value is, or a bound is and the other bound is kept",
        example='{"between": [{"field": ["orders"]}, {"decimal": ["3"]}, {"decimal": ["10"]}]}',
        python="F.orders.between(3, 10)",
        value="true",
    ),
    OperatorSpec(
        name="in",
        labels=("One of", "属于"),
        takes=(_RULE, ArgumentKind.LITERALS),
        least=2,
        most=2,
        arguments="a value; a list of literals of its type, with none of them false",
        yields="truth value",
        nulls=VALUE,
        example='{"in": [{"field": ["region"]}, ["East", "North"]]}',
        python='F.region.is_in(["East", "North"])',
        value="false",
    ),
    OperatorSpec(
        name="is_null",
        labels=("Is unknown", "为空"),
        takes=(_RULE,),
        least=1,
        most=1,
        arguments="any value",
        yields="truth value",
        nulls="never null; true when the value is null",
        example='{"is_null": [{"field": ["wallet"]}]}',
        python="F.wallet.is_null()",
        value="true",
    ),
)

_LOGIC = (
    OperatorSpec(
        name="and",
        labels=("And", "并且"),
        takes=(_RULE,),
        least=0,
        most=NODE_LIMIT,
        arguments="conditions, with none of them true",
        yields="truth value",
        nulls="false when any is false, else null when any is null",
        example='{"and": [{"field": ["is_active"]}, '
        '{">": [{"field": ["wallet"]}, {"decimal": ["0"]}]}]}',
        python="F.is_active & (F.wallet > 0)",
        value="null",
    ),
    OperatorSpec(
        name="or",
        labels=("Or", "或者"),
        takes=(_RULE,),
        least=0,
        most=NODE_LIMIT,
        arguments="conditions, with none of them false",
        yields="truth value",
        nulls="true when any is true, else null when any is null",
        example='{"or": [{"field": ["is_active"]}, '
        '{">": [{"field": ["wallet"]}, {"decimal": ["0"]}]}]}',
        python="F.is_active | (F.wallet > 0)",
        value="true",
    ),
    OperatorSpec(
        name="not",
        labels=("Not", "非"),
        takes=(_RULE,),
        least=1,
        most=1,
        arguments="a condition",
        yields="truth value",
        nulls="null when the condition is",
        example='{"not": [{"field": ["is_active"]}]}',
        python="~F.is_active",
        value="false",
    ),
    OperatorSpec(
        name="if",
        labels=("If", "如果"),
        takes=(_RULE,),
        least=2,
        most=NODE_LIMIT,
        arguments="condition and value in turn, then perhaps the value where no condition holds; "
        "all values of one type",
        yields="type of the values",
        nulls="a condition that is null does not hold; null when none holds and no value is left",
        example='{"if": [{">": [{"field": ["wallet"]}, {"decimal": ["0"]}]}, "rich", "unsure"]}',
        python='when((F.wallet > 0, "rich"), otherwise="unsure")',
        value='"unsure"',
    ),
    OperatorSpec(
        name="coalesce",
        labels=("First known", "首个非空值"),
        takes=(_RULE,),
        least=1,
        most=NODE_LIMIT,
        arguments="values of one type",
        yields="type of the values",
        nulls="the first value that is not null; null when all are",
        example='{"coalesce": [{"field": ["wallet"]}, {"field": ["revenue"]}]}',
        python="coalesce(F.wallet, F.revenue)",
        value='{"decimal": ["50000.00"]}',
    ),
)

_NUMBERS = (
    arithmetic(
        "+",
        "Plus",
        "加",
        DEPTH_LIMIT,
        '{"+": [{"field": ["orders"]}, {"decimal": ["0.5"]}]}',
        'F.orders + Decimal("0.5")',
        '{"decimal": ["3.5"]}',
    ),
    arithmetic(
        "-",
        "Minus",
        "减",
        2,
        '{"-": [{"field": ["revenue"]}, {"field": ["wallet"]}]}',
        "F.revenue - F.wallet",
        "null",
    ),
    arithmetic(
        "*",
        "Times",
        "乘",
        DEPTH_LIMIT,
        '{"*": [{"field": ["revenue"]}, {"decimal": ["0.125"]}]}',
        'F.revenue * Decimal("0.125")',
        '{"decimal": ["6250.00000"]}',
    ),
    OperatorSpec(
        name="round",
        labels=("Round", "舍入"),
        takes=(_RULE, ArgumentKind.DIGITS, ArgumentKind.ROUNDING),
        least=3,
        most=3,
        arguments="a number; digits behind the point, 0 to 18; how to round",
        yields="number",
        nulls=VALUE,
        example='{"round": [{"*": [{"field": ["orders"]}, {"decimal": ["0.125"]}]}, 2, "half_up"]}',
        python='(F.orders * Decimal("0.125")).rounded(2, Rounding.HALF_UP)',
        value='{"decimal": ["0.38"]}',
    ),
    OperatorSpec(
        name="days_between",
        labels=("Days between", "相隔天数"),
        takes=(_RULE, _RULE),
        least=2,
        most=2,
        arguments="the date counted from, the date counted to",
        yields="number of calendar days, negative where the second date comes first",
        nulls=EITHER,
        example='{"days_between": [{"field": ["created_on"]}, {"date": ["2017-03-01"]}]}',
        python="days_between(F.created_on, date(2017, 3, 1))",
        value='{"decimal": ["30"]}',
    ),
)

_TEXTS = (
    text_test(
        "starts_with",
        "Starts with",
        "开头是",
        '{"starts_with": [{"field": ["region"]}, "We"]}',
        'F.region.starts_with("We")',
    ),
    text_test(
        "contains",
        "Contains",
        "包含",
        '{"contains": [{"field": ["region"]}, "es"]}',
        'F.region.contains("es")',
    ),
    text_test(
        "ends_with",
        "Ends with",
        "结尾是",
        '{"ends_with": [{"field": ["region"]}, "st"]}',
        'F.region.ends_with("st")',
    ),
    tag_test(
        "has_any",
        "Has any of",
        "含任一标签",
        "false",
        '{"has_any": [{"field": ["tags"]}, ["vip", "trial"]]}',
        'F.tags.has_any(["vip", "trial"])',
        "true",
    ),
    tag_test(
        "has_all",
        "Has all of",
        "含全部标签",
        "true",
        '{"has_all": [{"field": ["tags"]}, ["vip", "trial"]]}',
        'F.tags.has_all(["vip", "trial"])',
        "false",
    ),
    tag_test(
        "has_none",
        "Has none of",
        "不含标签",
        "true",
        '{"has_none": [{"field": ["tags"]}, ["trial"]]}',
        'F.tags.has_none(["trial"])',
        "true",
    ),
)

LITERALS: Final = ("decimal", "date", "instant")
"""Operators that are no more than a tag on a text."""

OPERATORS: Final = (*_ATOMS, *_COMPARISONS, *_LOGIC, *_NUMBERS, *_TEXTS)
"""
Every operator, in the order in which people meet them.

:meta hide-value:
"""
