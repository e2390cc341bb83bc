"""Exports under labels: a form tool in Chinese, HubSpot and Pipedrive under their headings."""

import datetime as dt
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.exchange.conftest import Files, Read
from tests.exchange.workbooks import Reader, Rows, saved

from salescore.entities import DocumentKind, Lifecycle, StageKind
from salescore.exchange import Profile
from salescore.values import Money, Severity

CUSTOMERS = """客户编号,客户名称,客户状态,所属行业,区域,负责人,联系电话,提交时间
KH-001,上海明远电子有限公司,成交客户,电子,华东,王芳,021-55550101,2024-01-05 09:30:00
KH-002,北京恒通贸易有限公司,潜在客户,贸易,华北,李强,010-55550102,2024-02-01 08:15:00
KH-003,广州南方机械厂,正在考虑,机械,华南,王芳,,2024年3月1日
"""
CONTACTS = """姓名,客户,职务,手机,微信号,是否可联系
陈静,上海明远电子有限公司,采购经理,13800000001,chenjing_my,是
赵磊,北京恒通贸易有限公司,总经理,13800000002,,否
孙丽,不存在的公司,出纳,13800000003,,也许
"""
DEALS = """商机编号,商机名称,客户名称,销售阶段,预计金额,赢率,预计签约日期,成交日期,业务员,创建时间
SJ-1,传感器采购,上海明远电子有限公司,赢单,25万元,100%,2024/4/1,2024/3/28,王芳,2024-01-10 10:00:00
SJ-2,仓储系统,北京恒通贸易有限公司,方案报价,"¥1,200,000",40,2024年6月30日,,李强,2024-02-20 18:30:00
SJ-3,备件,广州南方机械厂,输单,8千,0,2024-05-01,2024-04-20,王芳,2024-03-02 10:00:00
SJ-4,海外项目,上海明远电子有限公司,方案报价,US$ 5000,,2024-07-01,,王芳,2024-03-05 10:00:00
SJ-5,未定,广州南方机械厂,再想想,面议,,2024-07-01,,王芳,2024-03-05 10:00:00
"""
ACTIVITIES = """跟进时间,跟进方式,客户,跟进内容,跟进人
2024-01-12 23:30:00,微信,上海明远电子有限公司,确认型号,王芳
2024-02-21,拜访,北京恒通贸易有限公司,演示系统,李强
"""
ORDERS = """合同编号,签订日期,客户名称,产品名称,数量,小计,单位,状态,是否赠品,负责人
HT-1,2024-03-28,上海明远电子有限公司,压力传感器,"1,000",200000,件,已完成,否,王芳
HT-1,2024-03-28,上海明远电子有限公司,温度传感器,100,5万,件,已完成,,王芳
HT-1,2024-03-28,上海明远电子有限公司,压力传感器,10,0,件,已完成,是,王芳
HT-2,2024-04-02,北京恒通贸易有限公司,压力传感器,1,200,件,作废,,李强
"""
PAYMENTS = """收款编号,到账日期,客户名称,收款金额,收款方式,关联订单,负责人
HK-1,2024-04-15,上海明远电子有限公司,15万,银行转账,HT-1,王芳
HK-2,2024-05-15,上海明远电子有限公司,(500元),银行转账,HT-1,王芳
"""
FORMS: Files = {
    "客户.csv": CUSTOMERS,
    "联系人.csv": CONTACTS,
    "商机.csv": DEALS,
    "跟进记录.csv": ACTIVITIES,
    "订单.csv": ORDERS,
    "回款.csv": PAYMENTS,
}


def yuan(amount: str) -> Money:
    """Return an amount in yuan."""
    return Money(Decimal(amount), "CNY")


def test_forms_in_chinese(read: Read) -> None:
    """Customers, deals, activities, orders and payments, under whichever label a form has them."""
    found = read(FORMS, Profile.load("jiandaoyun"))
    book = found.book
    assert [one.lifecycle for one in book.customers] == [
        Lifecycle.CUSTOMER,
        Lifecycle.PROSPECT,
        None,
    ]
    assert {one.name for one in book.sales_reps} == {"王芳", "李强"}
    assert [(one.id, one.customer_id, one.may_contact) for one in book.contacts] == [
        ("陈静@上海明远电子有限公司", "KH-001", True),
        ("赵磊@北京恒通贸易有限公司", "KH-002", False),
        ("孙丽@不存在的公司", None, None),
    ]
    deals = {str(one.id): one for one in book.opportunities}
    assert set(deals) == {"SJ-1", "SJ-2", "SJ-3", "SJ-4"}
    assert [(one.kind, one.amount) for one in deals.values()] == [
        (StageKind.WON, yuan("250000")),
        (StageKind.OPEN, yuan("1200000")),
        (StageKind.LOST, yuan("8000")),
        (StageKind.OPEN, Money(Decimal(5000), "USD")),
    ]
    assert [one.probability for one in deals.values()] == [1, Decimal("0.4"), 0, None]
    assert deals["SJ-2"].expected_close_on == date(2024, 6, 30)
    assert deals["SJ-1"].closed_on == date(2024, 3, 28)
    assert deals["SJ-2"].recorded_at == datetime(2024, 2, 20, 10, 30, tzinfo=UTC)
    assert deals["SJ-2"].created_on == date(2024, 2, 20)
    assert [(one.happened_on, one.channel) for one in book.activities] == [
        (date(2024, 1, 12), "微信"),
        (date(2024, 2, 21), "拜访"),
    ]
    assert [one.kind for one in book.orders] == [DocumentKind.CLOSED, DocumentKind.VOID]
    assert [(one.net_amount, one.quantity, one.is_free) for one in book.order_lines] == [
        (yuan("200000"), 1000, False),
        (yuan("50000"), 100, None),
        (yuan("0"), 10, True),
        (yuan("200"), 1, None),
    ]
    assert [one.amount for one in book.payments] == [yuan("150000"), yuan("-500")]


def test_forms_in_chinese_tell_every_problem(read: Read) -> None:
    """Each unknown state, company, answer, stage and price has a finding at its cell."""
    found = read(FORMS, Profile.load("jiandaoyun"))
    told = [
        (one.place.file, one.place.row, one.place.column, one.place.raw, one.code)
        for one in found.findings
        if one.place
    ]
    assert told == [
        ("客户.csv", 4, "客户状态", "正在考虑", "unknown-value"),
        ("客户.csv", 4, "提交时间", None, "no-time"),
        ("联系人.csv", 4, "客户", "不存在的公司", "unknown-value"),
        ("联系人.csv", 4, "是否可联系", "也许", "unknown-value"),
        ("商机.csv", 6, "销售阶段", "再想想", "unknown-value"),
        ("商机.csv", 6, "预计金额", "面议", "invalid-number"),
    ]
    dangling = [one for one in found.check() if one.code == "dangling-reference"]
    assert dangling == []


def test_times_of_submission_that_are_days(read: Read) -> None:
    """Where a time is but a day, its day is read, and one line says in how many rows."""
    rows = "".join(f"C-{n},公司{n},2024/2/3\n" for n in range(1, 40))
    found = read(
        {"客户.csv": f"客户编号,客户名称,提交时间\n{rows}C-40,公司,后天\n"},
        Profile.load("jiandaoyun"),
    )
    assert {one.created_on for one in found.book.customers[:39]} == {dt.date(2024, 2, 3)}
    assert {one.recorded_at for one in found.book.customers} == {None}
    (days,) = [one for one in found.findings if one.code == "no-time"]
    assert (days.severity, days.count) == (Severity.INFO, 39)
    assert days.message == (
        "39 cells hold a day without a time; customers.recorded_at is empty there"
    )
    (wrong,) = [one for one in found.findings if one.severity is Severity.ERROR]
    assert wrong.place is not None
    assert (wrong.code, wrong.place.row) == ("invalid-date", 41)


def test_forms_in_another_encoding(read: Read) -> None:
    """The same forms in UTF-16, a heading padded with wide spaces, are the same book."""
    profile = Profile.load("jiandaoyun")
    first = read(FORMS, profile).book
    wide: dict[str, Any] = {
        name: str(text).replace("客户名称,", "\u3000客户名称\u3000,", 1).encode("utf-16")
        for name, text in FORMS.items()
    }
    assert read(wide, profile).book == first


def _moment(day: str, clock: str) -> dt.datetime:
    """Return a moment as a workbook holds it: without a zone."""
    return dt.datetime.combine(date.fromisoformat(day), dt.time.fromisoformat(clock))


def test_forms_in_a_workbook(tmp_path: Path) -> None:
    """A form per sheet, under other labels, with real dates and moments in its cells."""
    sheets: dict[str, Rows] = {
        "客户": [
            ["客户ID", "\u3000公司名称", "提交时间"],
            ["K1", "明远", _moment("2024-01-05", "23:30")],
        ],
        "商机": [
            ["编号", "项目名称", "客户", "阶段", "金额", "预计签约日期", "关闭日期"],
            [
                "S1",
                "采购",
                "明远",
                "赢单",
                "25万",
                dt.date(2024, 4, 1),
                _moment("2024-03-28", "00:00"),
            ],
        ],
    }
    found = Reader(tmp_path)(saved(sheets), Profile.load("jiandaoyun"))
    assert [one.code for one in found.findings if one.code != "profile-note"] == []
    (customer,) = found.book.customers
    assert customer.created_on == date(2024, 1, 5)
    assert customer.recorded_at == datetime(2024, 1, 5, 15, 30, tzinfo=UTC)
    (deal,) = found.book.opportunities
    assert (deal.customer_id, deal.amount) == ("K1", yuan("250000"))
    assert (deal.expected_close_on, deal.closed_on) == (date(2024, 4, 1), date(2024, 3, 28))


HUBSPOT: Files = {
    "deals.csv": "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,"
    "Associated Company\n"
    '1,Pumps,Closed Won,Sales,"£1,001",12/19/2018,2018-11-01,Ann,Acme\n'
    "2,Valves,contractsent,Sales,250k,2019-01-31,2018-12-01,Bob,Acme\n"
    "3,Pipes,Somewhere,Sales,5,2019-01-31,2018-12-01,Bob,Brook\n"
    "4,Taps,,Sales,5,2019-01-31,2018-12-01,Bob,Brook\n"
    "5,Hoses,closedlost,Sales,$5,2019-02-30,2018-12-01,,\n",
    "companies.csv": "Record ID,Company name,Industry,Country/Region\n7,Acme,Water,UK\n",
    "contacts.csv": "Record ID,First Name,Last Name,Email,Company name\n9,Al,Oak,a@b.c,Acme\n",
}


def test_a_hubspot_export(read: Read) -> None:
    """Labels and internal names of stages, 250k and £1,001, dates of both kinds."""
    found = read(HUBSPOT, Profile.load("hubspot_export"))
    deals = found.book.opportunities
    assert [(one.id, one.kind, str(one.amount), str(one.probability)) for one in deals] == [
        ("1", StageKind.WON, "GBP 1,001.00", "1"),
        ("2", StageKind.OPEN, "USD 250,000.00", "0.9"),
        ("5", StageKind.LOST, "USD 5.00", "0"),
    ]
    assert (deals[0].closed_on, deals[1].closed_on) == (date(2018, 12, 19), None)
    assert deals[1].expected_close_on == date(2019, 1, 31)
    assert deals[2].closed_on is None
    assert [(one.id, one.industry) for one in found.book.customers] == [
        ("Acme", "Water"),
        ("Brook", None),
    ]
    assert found.book.contacts[0].customer_id == "Acme"
    told = [(one.place.row, one.place.column, one.code) for one in found.findings if one.place]
    assert told == [
        (4, "Deal Stage", "unknown-value"),
        (5, "Deal Stage", "missing-value"),
        (6, "Close Date", "invalid-date"),
    ]
    assert {one.code for one in found.check()} == {one[2] for one in told} | {
        "closed-without-date",
        "profile-note",
    }


PIPEDRIVE: Files = {
    "deals.csv": "Deal - Title,Deal - Owner,Deal - Stage,Deal - Value,Deal - Currency of Value,"
    "Deal - Expected close date,Deal - Status,Deal - Probability,Organization - Name,"
    "Deal - Won time\n"
    "Pumps,Ann,Offer,1000,EUR,2019-01-31,open,60,Acme,\n"
    "Valves,Ann,Offer,1000,EUR,2019-01-31,won,,Acme,2019-01-15 10:00:00\n"
    "Taps,Bob,Offer,1000,,2019-01-31,lost,,Acme,\n"
    "Gone,Bob,Offer,1000,EUR,2019-01-31,deleted,,Acme,\n"
}


def test_a_pipedrive_export(read: Read) -> None:
    """The status says the kind, the currency stands beside the value, deleted deals stay out."""
    found = read(PIPEDRIVE, Profile.load("pipedrive"))
    assert [
        (one.id, one.kind, one.amount and str(one.amount), one.probability, one.closed_on)
        for one in found.book.opportunities
    ] == [
        ("Pumps", StageKind.OPEN, "EUR 1,000.00", Decimal("0.6"), None),
        ("Valves", StageKind.WON, "EUR 1,000.00", None, date(2019, 1, 15)),
        ("Taps", StageKind.LOST, None, None, None),
    ]
    told = [one.code for one in found.findings if one.code != "profile-note"]
    assert told == ["deleted-rows", "missing-currency"]


REPORT: Files = {
    "opportunities.csv": "Opportunity Owner,Account Name,Opportunity Name,Stage,Fiscal Period,"
    "Amount,Expected Revenue,Probability (%),Age,Close Date,Created Date,Next Step,Lead Source,"
    "Type\n"
    'Ann,Acme,Pumps,Negotiation/Review,Q1-2019,"$1,200.50",1080,90,12,1/31/2019,12/1/2018,Call,Web,\n'
    "Ann,Acme,Valves,Closed Won,Q1-2019,€900,900,100%,12,1/15/2019,12/1/2018,,Web,\n"
    "Ann,Acme,Pipes,Closed Lost,Q1-2019,,,1000,12,1/16/2019,12/1/2018,,,\n"
    "Ann,Acme,Pipes,Closed Lost,Q1-2019,,,0,12,1/16/2019,12/1/2018,,,\n"
}


def test_a_salesforce_report(read: Read) -> None:
    """Percent, dollars and other signs, days of a report, and a name that stands for two deals."""
    found = read(REPORT, Profile.load("salesforce_report"))
    assert [
        (one.id, one.kind, one.amount and str(one.amount), str(one.probability), one.closed_on)
        for one in found.book.opportunities
    ] == [
        ("Pumps", StageKind.OPEN, "USD 1,200.50", "0.90", None),
        ("Valves", StageKind.WON, "EUR 900.00", "1.00", date(2019, 1, 15)),
        ("Pipes", StageKind.LOST, None, "None", date(2019, 1, 16)),
    ]
    assert found.book.opportunities[0].created_on == date(2018, 12, 1)
    told = [(one.code, one.place.row) for one in found.findings if one.place]
    assert told == [("out-of-range", 4), ("duplicate-id", 5)]


def test_a_zoho_export_under_headings_of_two_ages(read: Read) -> None:
    """An export of today and one of the time of potentials are the same facts."""
    new = (
        "Record Id,Deal Name,Deal Owner,Account Name,Amount,Closing Date,Stage,Probability,"
        "Lead Source\n"
        "z1,Pumps,Ann,Acme,1200,2019-01-31,Needs Analysis,25,Partner\n"
        "z2,Valves,Bob,Acme,900,2019-01-15,Closed Lost to Competition,,Partner\n"
    )
    old = new.replace("Deal ", "Potential ").replace(",Stage,", ",Sales Stage,")
    first = read({"deals.csv": new}, Profile.load("zoho"))
    assert [
        (one.id, one.kind, str(one.probability), one.closed_on) for one in first.book.opportunities
    ] == [
        ("z1", StageKind.OPEN, "0.25", None),
        ("z2", StageKind.LOST, "0", date(2019, 1, 15)),
    ]
    assert {one.code for one in first.check()} == {"profile-note"}
    assert read({"deals.csv": old}, Profile.load("zoho")).book == first.book
