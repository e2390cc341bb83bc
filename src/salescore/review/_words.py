"""The words of a review in both languages; figures and dimensions bring labels of their own."""

from __future__ import annotations

from collections.abc import Iterable

from salescore.metrics import Dimension
from salescore.render import Language
from salescore.values import Finding, Severity

_WORDS: dict[str, tuple[str, str]] = {
    "abc": ("Customers by ABC", "客户ABC分类"),
    "actual": ("actual", "实际"),
    "attainment": ("attainment", "完成率"),
    "band": ("band", "档次"),
    "before": ("before", "上期"),
    "calendar": ("{} calendar", "日历 {}"),
    "change": ("change", "变化"),
    "class": ("class", "类别"),
    "class of": ("Class {}", "{}类"),
    "collections": ("Collections", "回款"),
    "conversion": ("Stage conversion", "阶段转化"),
    "conversion days": (
        "First visits begun in {}, followed to {}; stages left out do not count.",
        "{}内开始的首次停留，追踪至{}；被跳过的阶段不计入。",
    ),
    "conversion rate": ("conversion", "转化率"),
    "holds": (
        "To be on hold is no step of the funnel; it stands last.",
        "暂停不是推进步骤，列在最后。",
    ),
    "covers": ("covers", "范围"),
    "customers": ("customers", "客户数"),
    "delivery": ("Delivery", "发货"),
    "denominator": ("denominator", "分母"),
    "entered": ("entered", "进入数"),
    "error": ("error", "错误"),
    "figure": ("figure", "指标"),
    "findings": ("Findings", "发现"),
    "funnel": ("Funnel", "销售漏斗"),
    "id": ("id", "编号"),
    "info": ("info", "提示"),
    "interval": ("95 % interval", "95%区间"),
    "last day known": ("the last day known", "最后已知日"),
    "known": ("known as of {}", "截至 {} 已知"),
    "largest": ("Largest customers", "最大客户"),
    "leads": ("Leads", "线索"),
    "marked": ("* leaves rows out, as told below.", "* 未计入部分行，见下。"),
    "measure": ("measure", "度量"),
    "months": ("Months", "月份"),
    "months fitted": ("months", "月数"),
    "more": ("… {} more", "…另有 {} 项"),
    "more of kind": ("… {} more of this kind", "…同类另有 {} 项"),
    "none": ("none", "无"),
    "notes": ("Notes", "说明"),
    "numerator": ("numerator", "分子"),
    "open amount": ("open amount", "未结金额"),
    "opportunities": ("opportunities", "商机数"),
    "due since": ("due since", "应退出起"),
    "falls on": ("may fall on", "最早降级日"),
    "override": ("override", "人工调整"),
    "period": ("period", "本期"),
    "points": ("pp", "百分点"),
    "product_families": ("Product families", "产品系列"),
    "products": ("Products", "产品"),
    "quantities": ("Quantities", "销售指标"),
    "range": ("{} to {}", "{} 至 {}"),
    "rate": ("rate", "汇率"),
    "reason": ("reason", "原因"),
    "regions": ("Regions", "地区"),
    "reps": ("Sales reps", "销售人员"),
    "review": ("Sales review {}", "销售回顾 {}"),
    "rule segments": ("Segments by rule", "规则细分"),
    "rows": ("Rows", "明细"),
    "segments": ("Segments", "细分"),
    "share": ("share", "占比"),
    "side": ("side", "分子/分母"),
    "slope": ("change a month", "每月变化"),
    "stages": ("Stages", "阶段"),
    "target": ("target", "目标"),
    "targets": ("Targets", "目标"),
    "teams": ("Teams", "团队"),
    "tendency": ("tendency", "趋势"),
    "budget owed": ("budget a year", "每年预算"),
    "budget spent": ("spent", "已花费"),
    "contact late": ("contact in time", "按期联系"),
    "days late": ("{} ({} days late)", "{}（逾期{}天）"),
    "contacts made": ("made, 12 months", "近12个月已联系"),
    "contacts owed": ("contacts a year", "每年应联系"),
    "contacts unknown": (
        "No contacts are on record, so nobody can say who was not contacted.",
        "没有联系记录，无法判断哪些客户未被联系。",
    ),
    "gaps": ("Lacking", "缺口"),
    "grade before": ("before", "原等级"),
    "grade now": ("grade", "等级"),
    "grades": ("Grades: {}", "客户等级：{}"),
    "hours owed": ("hours a year", "每年工时"),
    "hours spent": ("worked", "已用工时"),
    "lacks": ("what is missing", "缺少"),
    "moved on": ("from", "自"),
    "moves": ("Moves", "等级变动"),
    "near": ("Near a boundary", "接近等级边界"),
    "never contacted": ("any contact", "任何联系"),
    "such as": ("such as", "例如"),
    "service": ("Service", "维护"),
    "what it takes": ("by", "变化"),
    "why": ("why", "原因"),
    "would": ("would", "将"),
    "would enter": ("enter {}", "升入{}"),
    "would leave": ("be due to leave {}", "应退出{}"),
    "trend down": ("down", "下降"),
    "trend none": ("none", "不明显"),
    "trend up": ("up", "上升"),
    "trends": ("Trends", "趋势"),
    "undefined": ("{}: undefined, {}.", "{}：无法计算，{}。"),
    "unknown": ("unknown", "未知"),
    "value": ("value", "数值"),
    "warned": ("About to fall", "即将降级"),
    "warning": ("warning", "警告"),
    "year ago": ("year ago", "去年同期"),
    "a day": ("a day", "每天"),
    "amount": ("amount", "金额"),
    "average won": ("average won", "平均赢单金额"),
    "beyond won": (
        "Behind > stands the most days that any won one took.",
        "“>”后为赢单商机所用的最多天数。",
    ),
    "better": ("better", "更好"),
    "beyond chance": ("beyond chance", "超出偶然"),
    "bottleneck": ("Bottleneck", "瓶颈"),
    "bottleneck against": ("Bottleneck against {}", "瓶颈（对比{}）"),
    "bottleneck days": (
        "Before: first reached from {} to {}, as known on that day; wins lost below 0 are gained.",
        "上期为{}至{}首次到达各阶段的商机，以该期末日所知为准；损失赢单数小于0即为多赢。",
    ),
    "close dates": ("Close dates", "预计成交日期"),
    "closed": ("closed", "已关闭"),
    "cycle days": ("days to win", "赢单周期天数"),
    "days a push": ("days a push", "平均推迟天数"),
    "days in the stage": ("in the stage", "本阶段天数"),
    "days open": ("days open", "已进行天数"),
    "days past the date": ("past the date", "超期天数"),
    "days late in all": ("days late", "逾期天数"),
    "due": ("What is due", "到期事项"),
    "due by": ("Due by {}", "截至{}到期"),
    "due in_time": ("in time: {}", "未到期：{}"),
    "due on": ("due on", "到期日"),
    "due overdue": ("overdue: {}", "已逾期：{}"),
    "due today": ("due today: {}", "今日到期：{}"),
    "due unknown": ("unknown: {}", "未知：{}"),
    "entered on": ("entered", "进入日"),
    "funnel of": ("Funnel: {}", "销售漏斗：{}"),
    "funnel days": (
        "First reached in {}, followed to {}; stages left out count as reached.",
        "{}内首次到达的商机，追踪至{}；被跳过的阶段视为到达。",
    ),
    "given up": ("given up", "已放弃"),
    "limit": ("limit", "时限"),
    "losses": ("Losses", "输单"),
    "median": ("median", "中位数"),
    "median days": ("median days", "天数中位数"),
    "no": ("no", "否"),
    "no_calendar": (
        "A limit in working time takes a working calendar to tell.",
        "以工作时间计的时限需要工作日历。",
    ),
    "none of": ("none, of {} open", "未结{}个，无"),
    "open on": ("open on {}", "{}未结"),
    "others": ("others", "其他人"),
    "out of": ("out of {} open", "未结共{}个"),
    "past due": ("past due", "已过期"),
    "pushed": ("pushed", "被推迟"),
    "pushed dates": ("Pushed close dates", "推迟的预计成交日期"),
    "pushed share": ("share", "占比"),
    "reached": ("reached", "到达数"),
    "rep": ("rep", "销售人员"),
    "reps compared": ("Win rates of reps", "销售人员赢单率比较"),
    "share of amount": ("of amount", "金额占比"),
    "stage": ("stage", "阶段"),
    "stage by stage": ("Conversion from stage to stage", "逐阶段转化"),
    "stale": ("Stale opportunities", "停滞商机"),
    "stale on": ("Stale on {}", "停滞商机（{}）"),
    "stays": ("stays", "停留次数"),
    "still open": ("still open", "仍未结"),
    "still there": ("still there", "仍停留"),
    "time in stage": ("Days in stage", "阶段停留天数"),
    "until": ("{}, all until {}", "{}（截至{}的全部）"),
    "too_far": ("A limit ends beyond the calendar.", "时限超出日历范围。"),
    "unknown_year": (
        "The working calendar does not know all years that count.",
        "工作日历缺少所需年份。",
    ),
    "velocity": ("Sales velocity", "销售速度"),
    "verdict": ("verdict", "结论"),
    "went on": ("went on", "已推进"),
    "went on share": ("share", "占比"),
    "win rate": ("win rate", "赢单率"),
    "wins lost": ("wins lost", "损失赢单数"),
    "won": ("won", "赢单数"),
    "worse": ("worse", "更差"),
}
_SECTIONS = {
    "product_family": "product_families",
    "product": "products",
    "segment": "segments",
    "region": "regions",
    "team": "teams",
    "rep": "reps",
    "month": "months",
}


def word(language: Language, key: str, *parts: object) -> str:
    """
    Return a word or phrase of the page.

    Args:
        language: Language of the page.
        key: Which.
        parts: What fills its gaps.
    """
    return language.pick(_WORDS[key]).format(*parts)


def section(language: Language, dimension: Dimension) -> str:
    """Return the title of the breakdown by a dimension."""
    if dimension.name in _SECTIONS:
        return word(language, _SECTIONS[dimension.name])
    return language.pick(dimension.labels)


def severity_word(language: Language, severity: Severity, count: int) -> str:
    """Return the word for so many findings of a severity."""
    is_plural = count > 1 and severity is not Severity.INFO and language is Language.EN
    return f"{word(language, severity.value)}{'s' if is_plural else ''}"


def severities(language: Language, findings: Iterable[Finding]) -> str:
    """Return how many findings there are of each severity that any has, the gravest first."""
    found = [one.severity for one in findings]
    return ", ".join(
        f"{found.count(one):,} {severity_word(language, one, found.count(one))}"
        for one in Severity
        if one in found
    )
