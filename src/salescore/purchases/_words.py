"""What fits and forecasts of purchases say of themselves, in two languages."""

from __future__ import annotations

Words = tuple[str, str]
"""English and Chinese, in this order."""


def filled(words: Words, *values: object, **named: object) -> Words:
    """Return words with their gaps filled, the same way in both languages."""
    english, chinese = words
    return english.format(*values, **named), chinese.format(*values, **named)


NOT_AT_REST: Words = (
    "The search ended before it came to rest; the parameters are provisional.",
    "搜索未收敛即已结束，参数仅供参考。",
)
RAN_AWAY: Words = (
    (
        "{} ran to a bound: customers differ too little, or are too few, to tell; expected values "
        "hold better than the parameters."
    ),
    "{} 到达边界：客户差异过小或数量过少，无法判定；期望值比参数更可信。",
)
ON_FEW: Words = (
    "It rests on {} customers; below {} chance rules the parameters.",
    "仅依据 {} 位客户；少于 {} 位时参数主要受偶然性影响。",
)
OPEN: Words = (
    "How sure the parameters are cannot be told; ranges of forecasts are those of chance alone.",
    "无法判断参数的可信程度；预测区间仅反映偶然性。",
)
HARDLY_LEAVE: Words = (
    "Hardly anybody seems to leave; the chances of being a customer still say little.",
    "几乎看不到客户流失，仍为客户的概率参考价值不大。",
)
NO_VALUE: Words = (
    (
        "{} customers who bought again are left out: the value of their purchases is unknown or "
        "not above 0."
    ),
    "{} 位复购客户未计入：其购买金额未知或不大于 0。",
)
NO_COMMON_MEAN: Words = (
    "q is 1 or less: a customer without repeated purchases has no mean value.",
    "q 不大于 1：没有复购的客户不存在平均金额。",
)
TOGETHER: Words = (
    (
        "Number and value of purchases correlate by {:.2f}; the model takes them as independent, "
        "so lifetime values lean."
    ),
    "购买次数与金额的相关系数为 {:.2f}；模型假定两者独立，因此客户终身价值会有偏差。",
)
ONE_RENEWAL: Words = (
    "One renewal was seen: the mean chance to end holds, how it varies does not.",
    "只观察到一次续约：平均终止概率可信，其差异程度不可信。",
)
NO_MEAN_TIME: Words = (
    (
        "no mean time exists: a shape of {:.4g} is not above 1, so slow rates weigh too much; the "
        "median stands for it"
    ),
    "平均时间不存在：形状参数 {:.4g} 不大于 1，低频客户权重过大；请用中位数",
)
BEYOND_MEASURE: Words = (
    "rates are so unlike that the median is beyond all measure",
    "购买频率差异过大，中位数超出可计量范围",
)
SELDOM_AGAIN: Words = (
    "a chance of {:.4g} to buy again is not above one half",
    "再次购买的概率 {:.4g} 不超过一半",
)
INDEPENDENT: Words = (
    (
        "Customers are taken as independent; a season or a campaign that moves all of them widens "
        "the range."
    ),
    "假定客户相互独立；影响全体客户的季节或活动会使区间变宽。",
)
AS_KNOWN: Words = (
    (
        "The parameters are taken as known, as the model does not tell how sure they are; the "
        "range is too narrow."
    ),
    "模型未给出参数的不确定性，故视参数为已知；区间过窄。",
)
VALUE_UNKNOWN: Words = (
    "value of the repeated purchases unknown or not above 0",
    "复购金额未知或不大于 0",
)
NO_MEAN_VALUE: Words = (
    "the model has no mean value for a customer without repeated purchases",
    "没有复购的客户在模型中不存在平均金额",
)
BUYS_AGAIN: Words = ("buys again with a chance of {}", "再次购买的概率为 {}")
BUYS_WITHIN: Words = (
    "if so, within {median} in half of the cases, after {mean} on average",
    "若再次购买，半数在 {median} 内，平均 {mean}",
)
OFFERED: Words = (
    "{product}: {times} of {n} who bought {because} bought it next ({low} to {high})",
    "{product}：购买 {because} 的 {n} 次中有 {times} 次随后购买（{low} 至 {high}）",
)
NOTHING_TO_OFFER: Words = ("nothing: {}", "无：{}")
FORECAST_HEAD: Words = (
    "{method} · within {horizon} · as of {day}",
    "{method} · {horizon}内 · 截至{day}",
)
UNITS: Words = ("{} × {} days", "{}×{}天")
EXPECTED: Words = (
    "{n} customers: {mean} purchases expected, {level} from {low} to {high}",
    "{n} 位客户：预期购买 {mean} 次，{level}在 {low} 至 {high} 之间",
)
STILL_THERE: Words = ("{} of them are expected to be customers still", "其中预期仍为客户的有 {} 位")
VALUE_HEAD: Words = (
    "{n} customers: expected value {total} over {periods} periods, at {discount} a period",
    "{n} 位客户：{periods} 期内预期价值 {total}，每期折现率 {discount}",
)
LEFT_OUT: Words = ("left out: {} ({})", "未计入：{}（{}）")
