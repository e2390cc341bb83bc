"""
Everything `salescore` raises, as one tree.

Catch `SalesCoreError` for all of it, a leaf for one fault, or the builtin a leaf also inherits.

```text
SalesCoreError
├── CurrencyMismatch    (ValueError)   two currencies where one is needed
├── UnknownCurrency     (LookupError)  a code that is not in the registry
├── InvalidNumber       (ValueError)   a text or value that is no admissible decimal
├── InvalidDate         (ValueError)   a text or value that is no date or instant
├── InvalidValue        (ValueError)   any other value out of its range
├── InvalidRecord       (ValueError)   a record whose field breaks the record's rules
├── InvalidPeriod       (ValueError)   a text or range that is no period
├── InvalidDocument     (ValueError)   a JSON document that does not match its schema
├── RuleTypeError       (TypeError)    a rule that does not fit the fields it reads
├── UnknownName         (LookupError)  a name that nobody declared
├── MissingExtra        (ImportError)  an optional package that is not installed
├── InexactResult       (ArithmeticError, ValueError)  exact arithmetic that would have rounded
├── ImportRefused       (ValueError)   a folder or file that cannot be read at all
├── ExportRefused       (ValueError)   a folder or file that cannot be written
├── InvalidFrame        (ValueError)   a dataframe whose columns are not those of its fact table
├── EngineRefused       (ValueError)   what an engine cannot answer exactly
├── VersionConflict     (RuntimeError) a record that somebody else changed in between
├── KeyReused           (ValueError)   an idempotency key or event id that means something else
├── StoreRefused        (ValueError)   a store that cannot be opened, such as one of a newer form
├── StoreBusy           (TimeoutError) a store that others kept locked for too long
└── StoreFailed         (OSError)      a store whose disk or server failed; nothing was half kept
```

Each leaf carries plain data as positional attributes and builds its text when asked, so that
errors pickle and cost no text until shown.
"""

from salescore.errors._documents import (
    ExportRefused,
    ImportRefused,
    InvalidDocument,
    MissingExtra,
    RuleTypeError,
)
from salescore.errors._engines import (
    EngineRefused,
    InvalidFrame,
)
from salescore.errors._root import SalesCoreError
from salescore.errors._stores import (
    KeyReused,
    StoreBusy,
    StoreFailed,
    StoreRefused,
    VersionConflict,
)
from salescore.errors._values import (
    CurrencyMismatch,
    InexactResult,
    InvalidDate,
    InvalidNumber,
    InvalidPeriod,
    InvalidRecord,
    InvalidValue,
    UnknownCurrency,
    UnknownName,
)

__all__ = [
    "CurrencyMismatch",
    "EngineRefused",
    "ExportRefused",
    "ImportRefused",
    "InexactResult",
    "InvalidDate",
    "InvalidDocument",
    "InvalidFrame",
    "InvalidNumber",
    "InvalidPeriod",
    "InvalidRecord",
    "InvalidValue",
    "KeyReused",
    "MissingExtra",
    "RuleTypeError",
    "SalesCoreError",
    "StoreBusy",
    "StoreFailed",
    "StoreRefused",
    "UnknownCurrency",
    "UnknownName",
    "VersionConflict",
]
