"""What stands in a folder under which name: nothing vanishes, and nothing is waited for."""

import os
from pathlib import Path

import pytest
from tests.exchange.conftest import Read

from salescore.errors import ImportRefused
from salescore.exchange import CANONICAL, Profile, read_folder
from salescore.exchange._entries import close_name
from salescore.exchange._folder import FolderReader
from salescore.values import Severity

LINES = "id,order_id,quantity,net_amount,currency\nL-1,O-1,1,5,USD\n"
ORDERS = "id,ordered_on\nO-1,2017-01-01\n"
MEMORY = Path("/proc/self/mem")


@pytest.mark.parametrize("name", ["Orders.csv", "Orders.CSV", "orders.CSV"])
def test_capitals(read: Read, name: str) -> None:
    """A file whose name differs in capitals alone is warned of, with the right spelling."""
    found = read({name: ORDERS, "order_lines.csv": LINES})
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("unknown-file", Severity.WARNING)
    assert finding.message == f"{name} is not read; names are in lower case: 'orders.csv'"


def test_capitals_of_a_file_that_is_there(read: Read) -> None:
    """Beside the file itself, another spelling is one more file that nobody reads."""
    found = read({"Orders.CSV": ORDERS, "orders.csv": ORDERS})
    (finding,) = found.findings
    assert finding.message == "Orders.CSV is not read; the nearest known is 'orders.csv'"


def test_capitals_of_a_profile(read: Read) -> None:
    """A profile that ignores other files is still told of one it needs in another spelling."""
    profile = Profile(name="x", title="X", files=(CANONICAL.files[0],))
    assert not profile.warns_of_unmapped
    name = profile.files[0].file
    found = read({name.upper(): "id\n", "other.csv": "id\n", name: ""}, profile)
    assert [one.code for one in found.findings] == ["empty-file"]
    rules: dict[str, object] = {
        "schema": "salescore/profile/1",
        "name": "x",
        "title": "X",
        "files": {
            one: {"records": [{"record": "customers", "fields": {"id": "id", "name": "id"}}]}
            for one in ("Sales.csv", "more.csv")
        },
    }
    found = read({"sales.csv": "id\nC\n", "more.csv": "id\nD\n"}, rules)
    assert [one.code for one in found.findings] == ["unknown-file", "missing-file"]
    assert "capitals count in names: 'Sales.csv'" in found.findings[0].message


def test_capitals_alone(tmp_path: Path) -> None:
    """A folder without any file expected names the CSV files that are in it."""
    (tmp_path / "Orders.csv").touch()
    (tmp_path / "a.CSV").touch()
    (tmp_path / "notes.txt").touch()
    with pytest.raises(ImportRefused) as caught:
        read_folder(tmp_path)
    end = "'Orders.csv', 'a.CSV'; names are in lower case: 'orders.csv'"
    assert str(caught.value).endswith(f"; the .csv files in it are {end}")


def test_other_names_alone(tmp_path: Path) -> None:
    """Of many other CSV files the first are named."""
    for number in range(7):
        (tmp_path / f"{number}.csv").touch()
    with pytest.raises(ImportRefused, match=r"in it are '0.csv', .*'4.csv' …; files of another"):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("kind", ("id", "name"), None),
        ("Notes", ("quotes", "needs"), None),
        ("Notes.csv", ("quotes.csv",), None),
        ("in", ("id",), None),
        ("ID", ("name", "id"), "id"),
        ("Customer ID", ("name", "customer_id"), "customer_id"),
        ("custmoer_id", ("name", "customer_id"), "customer_id"),
        ("oder.csv", ("teams.csv", "orders.csv"), None),
        ("ordrs.csv", ("teams.csv", "orders.csv"), "orders.csv"),
        ("amount", ("id", "net_amount"), "net_amount"),
        ("product", ("id", "product_id"), "product_id"),
        ("客户", ("编号", "客户名称"), "客户名称"),
        ("a" * 1000, ("a" * 70,), "a" * 70),
        ("", ("id",), None),
    ],
)
def test_near_names(name: str, known: tuple[str, ...], near: str | None) -> None:
    """A slip, a word more or less and other capitals make a name near; shared letters do not."""
    assert close_name(name, known) == near


def put(path: Path, kind: str) -> None:
    """Put something that is no file where a file is expected."""
    match kind:
        case "folder":
            path.mkdir()
        case "nothing":
            path.symlink_to("nowhere")
        case "itself":
            path.symlink_to(path.name)
        case _:
            os.mkfifo(path)


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("folder", "it is a folder; expected a file"),
        ("nothing", "it is a link that points to nothing"),
        ("itself", "it is a link that leads back to itself"),
        ("pipe", "it is a pipe or a device; expected a file"),
    ],
)
@pytest.mark.parametrize("others", [True, False])
def test_no_file(read: Read, tmp_path: Path, kind: str, fault: str, *, others: bool) -> None:
    """What is no file is told, not skipped, also where it is alone; a pipe is not waited for."""
    put(tmp_path / "orders.csv", kind)
    found = read({"order_lines.csv": LINES} if others else {})
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("unreadable", Severity.ERROR)
    assert finding.message == f"orders.csv cannot be opened: {fault}"
    assert len(found.book.order_lines) == others
    assert [one.is_refused for one in found.files] == ([True, False] if others else [True])


@pytest.mark.skipif(not MEMORY.exists(), reason="needs a file that opens and cannot be read")
def test_unreadable(read: Read, tmp_path: Path) -> None:
    """A file that the system will not read is told with the words of the system."""
    (tmp_path / "orders.csv").symlink_to(MEMORY)
    (finding,) = read({}).findings
    assert finding.code == "unreadable"
    assert finding.message.startswith("orders.csv cannot be opened: ")


class Locked(type(Path())):  # type: ignore[misc]
    """A folder that may not be listed."""

    def iterdir(self) -> None:
        """Refuse."""
        raise PermissionError(13, "Permission denied")


def test_folder_that_may_not_be_listed(tmp_path: Path) -> None:
    """A folder that cannot be listed is refused with the words of the system."""
    with pytest.raises(ImportRefused, match="Permission denied"):
        FolderReader(Locked(tmp_path), CANONICAL).read()
