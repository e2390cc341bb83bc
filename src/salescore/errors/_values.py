"""Errors of values, names and exact arithmetic."""

from __future__ import annotations

from salescore.errors._root import SalesCoreError, offer, shown


class CurrencyMismatch(SalesCoreError, ValueError):
    """
    Two amounts in different currencies met where one currency is needed.

    Attributes:
        left: Currency code of the first amount.
        right: Currency code of the second amount.
    """

    def __init__(self, left: str, right: str) -> None:
        """Keep both codes."""
        super().__init__(left, right)
        self.left = left
        self.right = right

    def __str__(self) -> str:
        """Name both currencies and the ways out."""
        return (
            f"{self.left} and {self.right} are different currencies; "
            "convert one of them first, or keep both in a MoneyBag"
        )


class UnknownCurrency(SalesCoreError, LookupError):
    """
    A currency code is not in the registry.

    Attributes:
        code: The code that was asked for.
        known: The codes that exist, or an empty tuple if the raiser offers none.
    """

    def __init__(self, code: str, known: tuple[str, ...] = ()) -> None:
        """Keep the code and what would have been right."""
        super().__init__(code, known)
        self.code = code
        self.known = known

    def __str__(self) -> str:
        """Name the code and the closest known one."""
        return f"no currency {shown(self.code)}; {offer(self.code, self.known, 'an ISO 4217 code')}"


class InvalidNumber(SalesCoreError, ValueError):
    """
    A text or value is no decimal number that the library accepts.

    Attributes:
        text: The text, or the value written as text.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, text: str, fault: str) -> None:
        """Keep the text and its fault."""
        super().__init__(text, fault)
        self.text = text
        self.fault = fault

    def __str__(self) -> str:
        """Name the text and its fault."""
        return f"{shown(self.text)} is not a number: {self.fault}"


class InvalidDate(SalesCoreError, ValueError):
    """
    A text or value is no date, or no instant.

    Attributes:
        text: The text, or the value written as text.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, text: str, fault: str) -> None:
        """Keep the text and its fault."""
        super().__init__(text, fault)
        self.text = text
        self.fault = fault

    def __str__(self) -> str:
        """Name the text and its fault."""
        return f"{shown(self.text)} is not a date or instant: {self.fault}"


class InvalidValue(SalesCoreError, ValueError):
    """
    A value lies outside what its purpose allows.

    Attributes:
        thing: What the value stands for, such as "weight".
        value: The value itself.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, thing: str, value: object, fault: str) -> None:
        """Keep the thing, its value and the fault."""
        super().__init__(thing, value, fault)
        self.thing = thing
        self.value = value
        self.fault = fault

    def __str__(self) -> str:
        """Name the thing, its value and the fault."""
        return f"{self.thing} is {shown(self.value)}: {self.fault}"


class InvalidRecord(SalesCoreError, ValueError):
    """
    A field of a record breaks the record's rules.

    Attributes:
        record: Name of the record's type, such as "Opportunity".
        field: Name of the field.
        value: The field's value.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, record: str, field: str, value: object, fault: str) -> None:
        """Keep the record's type, the field, its value and the fault."""
        super().__init__(record, field, value, fault)
        self.record = record
        self.field = field
        self.value = value
        self.fault = fault

    def __str__(self) -> str:
        """Name the record, the field, its value and the fault."""
        return f"{self.record}.{self.field} is {shown(self.value)}: {self.fault}"


class InvalidPeriod(SalesCoreError, ValueError):
    """
    A text or a range of dates is no period.

    Attributes:
        text: The text, or the range written as text.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, text: str, fault: str) -> None:
        """Keep the text and its fault."""
        super().__init__(text, fault)
        self.text = text
        self.fault = fault

    def __str__(self) -> str:
        """Name the text and its fault."""
        return f"{shown(self.text)} is not a period: {self.fault}"


class UnknownName(SalesCoreError, LookupError):
    """
    A name is not among those declared.

    Attributes:
        kind: What the name should have named, such as "field" or "time zone".
        name: The name that was asked for.
        known: The names that exist.
    """

    def __init__(self, kind: str, name: str, known: tuple[str, ...] = ()) -> None:
        """Keep the name and those that would have been right."""
        super().__init__(kind, name, known)
        self.kind = kind
        self.name = name
        self.known = known

    def __str__(self) -> str:
        """Name what is missing and the closest known name."""
        return f"no {self.kind} {shown(self.name)}; {offer(self.name, self.known, 'nothing')}"


class InexactResult(SalesCoreError, ArithmeticError, ValueError):
    """
    An exact operation would have had to round.

    Attributes:
        operation: The operation in words, such as "the sum of 3 values".
    """

    def __init__(self, operation: str) -> None:
        """Keep the operation."""
        super().__init__(operation)
        self.operation = operation

    def __str__(self) -> str:
        """Name the operation and the way out."""
        return f"{self.operation} cannot be held exactly; round its inputs first, with a named mode"
