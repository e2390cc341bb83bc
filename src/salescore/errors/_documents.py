"""Errors of documents, rules, files and what they need."""

from __future__ import annotations

from salescore.errors._root import SalesCoreError, shown


class InvalidDocument(SalesCoreError, ValueError):
    """
    A JSON document does not match its schema.

    Attributes:
        path: Where in the document, such as "customers/0/name"; empty for the whole document.
        fault: What is wrong there and what would be right.
    """

    def __init__(self, path: str, fault: str) -> None:
        """Keep the path and the fault."""
        super().__init__(path, fault)
        self.path = path
        self.fault = fault

    def __str__(self) -> str:
        """Name the place and the fault."""
        return f"at {self.path}: {self.fault}" if self.path else f"the document: {self.fault}"


class RuleTypeError(SalesCoreError, TypeError):
    """
    A rule does not fit the fields it reads.

    Attributes:
        rule: The rule, or the part of it at fault, as text.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, rule: str, fault: str) -> None:
        """Keep the rule and its fault."""
        super().__init__(rule, fault)
        self.rule = rule
        self.fault = fault

    def __str__(self) -> str:
        """Name the rule and its fault."""
        return f"rule {shown(self.rule)}: {self.fault}"


class MissingExtra(SalesCoreError, ImportError):
    """
    An optional package is needed and not installed.

    Attributes:
        package: The package that could not be imported.
        extra: The extra of this library that brings it.
    """

    def __init__(self, package: str, extra: str) -> None:
        """Keep the package and the extra that brings it."""
        super().__init__(package, extra)
        self.package = package
        self.extra = extra

    def __str__(self) -> str:
        """Name the package and the command that installs it."""
        return f"{self.package} is not installed; pip install 'salescore[{self.extra}]' brings it"


class ImportRefused(SalesCoreError, ValueError):
    """
    A folder or file cannot be read at all.

    Attributes:
        path: The folder or file as the caller named it.
        fault: What is wrong with it and what would be right.
    """

    def __init__(self, path: str, fault: str) -> None:
        """Keep the path and the fault."""
        super().__init__(path, fault)
        self.path = path
        self.fault = fault

    def __str__(self) -> str:
        """Name the path and the fault."""
        return f"{self.path} cannot be imported: {self.fault}"


class ExportRefused(SalesCoreError, ValueError):
    """
    A folder or file cannot be written.

    Attributes:
        path: The folder or file as the caller named it.
        fault: What stands in the way and what would be right.
    """

    def __init__(self, path: str, fault: str) -> None:
        """Keep the path and the fault."""
        super().__init__(path, fault)
        self.path = path
        self.fault = fault

    def __str__(self) -> str:
        """Name the path and the fault."""
        return f"{self.path} cannot be written: {self.fault}"
