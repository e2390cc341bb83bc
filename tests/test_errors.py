"""Errors carry plain data, pickle, and say what would be right."""

import ast
import builtins
import pickle
from pathlib import Path

import pytest

from salescore import errors

SAMPLES = [
    (errors.CurrencyMismatch("USD", "EUR"), ValueError, "USD and EUR are different currencies"),
    (errors.UnknownCurrency("USX", ("EUR", "USD")), LookupError, "did you mean 'USD'?"),
    (errors.InvalidNumber("1_0", "no underscores"), ValueError, "'1_0' is not a number"),
    (errors.InvalidDate("now", "no words"), ValueError, "'now' is not a date or instant"),
    (errors.InvalidValue("a weight", -1, "too low"), ValueError, "a weight is -1: too low"),
    (errors.InvalidRecord("Deal", "id", "", "empty"), ValueError, "Deal.id is '': empty"),
    (errors.InvalidPeriod("2017-Q5", "no Q5"), ValueError, "'2017-Q5' is not a period: no Q5"),
    (errors.InvalidDocument("a/0", "missing"), ValueError, "at a/0: missing"),
    (errors.RuleTypeError("x > 1", "x is text"), TypeError, "rule 'x > 1': x is text"),
    (errors.UnknownName("field", "amuont", ("amount",)), LookupError, "did you mean 'amount'?"),
    (errors.MissingExtra("narwhals", "frames"), ImportError, "salescore[frames]"),
    (errors.InexactResult("the sum"), ArithmeticError, "the sum cannot be held exactly"),
    (errors.ImportRefused("deals", "no such folder"), ValueError, "deals cannot be imported"),
    (errors.ExportRefused("a.csv", "it is there"), ValueError, "a.csv cannot be written"),
    (errors.InvalidFrame("cases", ("no id", "no day")), ValueError, "read: no id; no day"),
    (errors.EngineRefused("spark", "x * y", "39 digits"), ValueError, "cannot answer 'x * y'"),
    (errors.VersionConflict("orders", "O1", 2, 3), RuntimeError, "but is at 3; read it again"),
    (errors.KeyReused("event id", "E1"), ValueError, "event id 'E1' stands for other content"),
    (errors.StoreRefused("a.db", "newer"), ValueError, "the store a.db cannot be used: newer"),
    (errors.StoreBusy("a.db", "5 s"), TimeoutError, "the store a.db is busy: 5 s"),
    (errors.StoreFailed("a.db", "disk full"), OSError, "the store a.db failed: disk full"),
]


@pytest.mark.parametrize(("error", "builtin", "text"), SAMPLES, ids=lambda value: str(value)[:30])
def test_leaf(error: errors.SalesCoreError, builtin: type[Exception], text: str) -> None:
    """Every leaf is of the tree and of a builtin, and names thing and fault."""
    assert isinstance(error, errors.SalesCoreError)
    assert isinstance(error, builtin)
    assert text in str(error)


@pytest.mark.parametrize("error", [sample[0] for sample in SAMPLES], ids=str)
def test_pickle(error: errors.SalesCoreError) -> None:
    """An error that crosses a process keeps its type, data and text."""
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is type(error)
    assert vars(copy) == vars(error)
    assert copy.args == error.args == tuple(vars(error).values())
    assert str(copy) == str(error)


def test_tree() -> None:
    """The tree drawn in the docstring is the tree in the code, with at most 25 leaves."""
    leaves = [name for name in errors.__all__ if name != "SalesCoreError"]
    tree = ast.get_docstring(ast.parse(Path(errors.__file__).read_text(encoding="utf-8"))) or ""
    drawn = {}
    for line in tree.splitlines():
        if line.startswith(("├", "└")):
            name, _, rest = line.lstrip("├└─ ").partition("(")
            parents = rest.partition(")")[0].split(", ")
            drawn[name.strip()] = {getattr(builtins, parent) for parent in parents}
    assert sorted(drawn) == leaves
    assert len(leaves) <= 25
    for name, parents in drawn.items():
        leaf = getattr(errors, name)
        assert set(leaf.__bases__) == {errors.SalesCoreError, *parents}
        assert name in {type(sample[0]).__name__ for sample in SAMPLES}


def test_long_values_are_cut() -> None:
    """A text says what is wrong without repeating a hundred thousand digits."""
    assert len(str(errors.InvalidNumber("9" * 100_000, "too long"))) < 120
    assert len(str(errors.InvalidValue("list", list(range(10_000)), "too long"))) < 120
    assert "a very long int" in str(errors.InvalidValue("total", 10**100_000, "too long"))


def test_names_offered() -> None:
    """Where no known name is close, the first few are listed; where there is none, it says so."""
    known = ("lead", "won", "lost", "open", "held", "void")
    text = str(errors.UnknownName("stage", "zzzzz", known))
    assert text == "no stage 'zzzzz'; known are 'lead', 'won', 'lost', 'open', 'held' …"
    assert str(errors.UnknownName("stage", "zzzzz", ("lead",))).endswith("known are 'lead'")
    assert str(errors.UnknownName("stage", "x")) == "no stage 'x'; none is declared"
    assert str(errors.UnknownName("field", "AMOUNT", ("amount",))).endswith("'amount'?")
    assert str(errors.UnknownCurrency("x")) == "no currency 'x'; expected an ISO 4217 code"


def test_whole_document() -> None:
    """A fault of a whole document needs no path."""
    assert str(errors.InvalidDocument("", "not an object")) == "the document: not an object"
