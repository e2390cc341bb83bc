"""
A process from which others are forked, so that a hundred of them cost one start of Python.

It reads one JSON object per line: `{"number": 1, "task": "write", "opener": …, "place": …, …}`
forks a child that does the task, `{"wait": 123}` waits for the end of a child.
It and its children write one line each time: the number of the task, a word, and JSON.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import attrs

from salescore.storage import Store
from salescore.testing._crash_work import crash_work
from salescore.testing._store_factory import found_opener
from salescore.testing._store_history import Operation
from salescore.testing._store_writers import write

_SHOWN = 2000
"""Most of a fault that is told: a line must go into a pipe as a whole."""


_CHANNEL = 3
"""Where lines go; what a store prints itself goes elsewhere."""


def main() -> None:
    """Serve until the input ends."""
    os.dup2(1, _CHANNEL)
    os.dup2(2, 1)
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            os.waitpid(order["wait"], 0)
            say(order["number"], "ended", None)
            continue
        try:
            open_store = found_opener(order["opener"])  # before the fork: imported once for all
        except BaseException:  # noqa: BLE001 - told under the task's number
            say(order["number"], "failed", traceback.format_exc()[-_SHOWN:])
            continue
        child = os.fork()
        if child == 0:
            _work(order, open_store)
        say(order["number"], "began", child)


def say(number: int, word: str, data: object) -> None:
    """Write a line at once and as a whole, so that no kill cuts it and no other mixes with it."""
    os.write(_CHANNEL, f"{number} {word} {json.dumps(data)}\n".encode())


def _work(order: dict[str, Any], open_store: Callable[[str], Store]) -> None:
    """Do a task and end the process, whatever comes of it."""
    number = order["number"]
    try:
        store = open_store(order["place"])
        if order["task"] == "write":
            done: list[Operation] = []
            write(store, order["writer"], order["turns"], order["seed"], done.append)
            for one in done:
                say(number, "did", attrs.asdict(one))
        else:
            crash_work(
                store, order["round"], order["first"], lambda word, data: say(number, word, data)
            )
        store.close()
        say(number, "done", None)
    except BaseException:  # noqa: BLE001 - it must end here, and say why
        say(number, "failed", traceback.format_exc()[-_SHOWN:])
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
