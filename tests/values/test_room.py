"""The room opens light and shows what it has."""

import subprocess
import sys

from salescore import values


def test_face() -> None:
    """Every name of the room is there, listed once, in order."""
    assert all(hasattr(values, name) for name in values.__all__)
    assert len(values.__all__) == len(set(values.__all__))


def test_import_is_light() -> None:
    """Opening the room loads neither pendulum nor dateutil; a zone or a month does."""
    script = (
        "import sys, datetime as dt, salescore.values as v\n"
        "heavy = {'pendulum', 'dateutil', 'difflib'}\n"
        "assert not heavy & set(sys.modules)\n"
        "v.Calendar().key(dt.date(2017, 1, 1), v.CalendarUnit.QUARTER)\n"
        "v.day_of(dt.datetime(2017, 1, 1, tzinfo=dt.UTC))\n"
        "assert not heavy & set(sys.modules)\n"
        "v.Calendar().parse('2017-Q1')\n"
        "assert 'dateutil' in sys.modules and 'pendulum' not in sys.modules\n"
        "v.day_of(dt.datetime(2017, 1, 1, tzinfo=dt.UTC), 'Asia/Shanghai')\n"
        "assert 'pendulum' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
