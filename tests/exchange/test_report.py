"""Reports: an import is shown on one line."""

import attrs
from tests.exchange.conftest import Read

LINES = "id,order_id,quantity,net_amount,currency\n"


def test_short(read: Read) -> None:
    """What an import shows of itself counts the first few record types and the findings."""
    files = {
        f"{name}.csv": "id,name\n" + "".join(f"{n},N\n" for n in range(count))
        for name, count in (("teams", 1), ("territories", 2), ("sales_reps", 1_200))
    }
    found = read(files)
    assert repr(found) == "<Import: 1 team, 2 territories, 1,200 sales reps, 0 findings>"
    more = dict.fromkeys(("customers.csv", "products.csv"), "id,name\nA,N\n")
    found = read({**more, "price_books.csv": "id,name\nA,N\nA,N\n"})
    assert repr(found).endswith("1 customer, 1 product, …, 1 finding>")
    assert found == attrs.evolve(found)
    assert found != attrs.evolve(found, findings=())
