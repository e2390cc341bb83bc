"""The few sets of states that the library itself knows; all other words are the business's own."""

from enum import Enum


class Lifecycle(Enum):
    """How far a customer has come; a value grade is another axis."""

    LEAD = "lead"
    PROSPECT = "prospect"
    CUSTOMER = "customer"
    LAPSED = "lapsed"


class LeadKind(Enum):
    """What became of a lead, whatever the business calls it."""

    OPEN = "open"
    QUALIFIED = "qualified"
    CONVERTED = "converted"
    DISQUALIFIED = "disqualified"


class StageKind(Enum):
    """What the stage of an opportunity stands for, whatever the business calls it."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    VOID = "void"
    HOLD = "hold"


class DocumentKind(Enum):
    """
    What the status of a quote, contract, order or invoice stands for.

    A draft is not yet sent, a closed one done with, a void one never counts.
    """

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    VOID = "void"


class RoundingPolicy(Enum):
    """Where the amounts of a document are rounded."""

    LINE = "line"
    TAX_GROUP = "tax_group"
    DOCUMENT = "document"


class Direction(Enum):
    """Who began a contact: the customer, or we."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class DemonstrationKind(Enum):
    """Whether we showed what we sell, or the customer tried it."""

    DEMO = "demo"
    TRIAL = "trial"


class TargetLevel(Enum):
    """How ambitious a target is."""

    BASE = "base"
    STRETCH = "stretch"
    CHALLENGE = "challenge"


class TagSource(Enum):
    """Who gave a tag."""

    MANUAL = "manual"
    RULE = "rule"
