"""The limits of a rule held as plain data, checked before anything walks it by recursion."""

from __future__ import annotations

from typing import cast

from salescore.plain import Node
from salescore.rules._limits import DEPTH_LIMIT, NODE_LIMIT, OPTION_LIMIT
from salescore.rules._literals import TEXT_LIMIT

DOCUMENT_LIMIT = 1_048_576
"""Most characters of a rule written as JSON without spaces, numbers as `rule_to_data` has them."""

_WHOLE_LIMIT = 2**53 - 1
_OBJECT = len('{"":[]}')
_NUMBER = len('{"decimal":[""]}')

_CUT = "cut it into several rules"


def check_data_size(node: Node) -> None:
    """
    Refuse plain data that are too large to be walked safely as a rule.

    No more is looked at than a rule within the limits can hold, whatever the data are: also where
    parts are shared or hold themselves. Faults of form are left to the reader.

    Args:
        node: The data of a rule, any objects at all.

    Raises:
        InvalidDocument: They are beyond one of the limits.
    """
    nodes, size = 1, _text_size(node, node.data) - 1  # no comma behind the whole
    waiting = [(node.data, 1)]
    while waiting:
        data, depth = waiting.pop()
        for part in _arguments(data):
            size += _size(node, part)
            if type(part) is dict:
                nodes += 1
                waiting.append((cast("object", part), depth + 1))
            if nodes > NODE_LIMIT:
                node.refuse(f"it has more than {NODE_LIMIT:,} nodes; {_CUT}")
            if size > DOCUMENT_LIMIT:
                node.refuse(f"it has more than {DOCUMENT_LIMIT:,} characters as JSON; {_CUT}")
        if depth > DEPTH_LIMIT:
            node.refuse(f"it is nested more than {DEPTH_LIMIT} levels deep; {_CUT}")


def _arguments(data: object) -> list[object]:
    """Return the arguments of an operator; nothing for what does not look like one."""
    if type(data) is not dict or len(cast("dict[object, object]", data)) != 1:
        return []
    (given,) = cast("dict[object, object]", data).values()
    return cast("list[object]", given) if type(given) is list else []


def _size(node: Node, part: object) -> int:
    """Return the least that an argument adds to the text; for a list, with its options."""
    if type(part) is not list:
        return _text_size(node, part)
    options = cast("list[object]", part)
    if len(options) > OPTION_LIMIT:
        node.refuse(f"it lists more than {OPTION_LIMIT:,} options; {_CUT}")
    found = [_text_size(node, one) for one in options]
    found += [_text_size(node, one) for option in options for one in _arguments(option)[:1]]
    return 2 + sum(found)


def _text_size(node: Node, data: object) -> int:
    """
    Return the least that a value and the comma behind it add to the text that is written of it.

    What is read can then be written: a bare number counts as the tagged one that it becomes. Of an
    object the arguments count for themselves, the comma that the last one lacks being its own.
    """
    if type(data) is int:
        return _NUMBER + 1 + (len(str(data)) if -_WHOLE_LIMIT <= data <= _WHOLE_LIMIT else 1)
    if type(data) is dict:
        name = next(iter(cast("dict[object, object]", data)), None)
        return _OBJECT + (len(name) if type(name) is str else 0)
    if type(data) is not str:
        return 2
    if len(data) > TEXT_LIMIT:
        node.refuse(f"one of its texts has more than {TEXT_LIMIT:,} characters")
    return len(data) + 3
