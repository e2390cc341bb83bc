"""
The sales funnel: a process as data, and decisions that explain themselves.

A `Funnel` holds stages and the ways between them.
`decide` says what an event does to an opportunity, or every reason why it does nothing.
`StageHistory` holds the stages that an opportunity went through.
`qualify`, `disqualify` and `convert` are the life of a lead; `move_status` moves quotes, contracts
and orders through their states.
"""

from salescore.funnel._check import check_funnel
from salescore.funnel._conformance import (
    Conformance,
    Deviation,
    DeviationKind,
    Trace,
    Variant,
    conformance,
)
from salescore.funnel._context import Context
from salescore.funnel._conversion import Conversion, ConversionIds, convert
from salescore.funnel._decide import begin, decide
from salescore.funnel._decision_rule import decision_code, decision_rule
from salescore.funnel._diagram import dot, mermaid
from salescore.funnel._drawing import FunnelDrawing, StageCount, funnel_svg
from salescore.funnel._due import Due, NoDue, due
from salescore.funnel._due_text import due_words, limit_words
from salescore.funnel._events import OVERRIDE_USED, STAGE_ENTERED
from salescore.funnel._funnel import Funnel, StepPolicy
from salescore.funnel._funnel_json import (
    FUNNEL_SCHEMA,
    funnel_from_data,
    funnel_to_data,
    read_funnel,
)
from salescore.funnel._funnel_schema import funnel_schema
from salescore.funnel._guard_fields import EVENT_FIELDS, guard_schema
from salescore.funnel._history import StageHistory, histories, history_of
from salescore.funnel._leads import (
    QUALIFICATION,
    QualificationPolicy,
    disqualify,
    qualify,
    reconsider,
)
from salescore.funnel._many import decide_many, open_events
from salescore.funnel._migration import Migration, check_migration, migrate
from salescore.funnel._negotiations import (
    CLAUSE_FIELDS,
    STANDARD_CLAUSES,
    ClauseGaps,
    NegotiationState,
    clause_gaps,
    negotiation_state,
)
from salescore.funnel._outcome import Accepted, Alternative, Refused
from salescore.funnel._procedure import procedure
from salescore.funnel._qualification_json import (
    QUALIFICATION_SCHEMA,
    qualification_from_data,
    qualification_to_data,
    read_qualification,
)
from salescore.funnel._record_moves import STATUS_CHANGED, Moved, RefusedMove
from salescore.funnel._record_row import MovedRecord, record_schema
from salescore.funnel._refusal import OVERRIDABLE, Refusal, RefusalCode
from salescore.funnel._refusal_text import refusal_words
from salescore.funnel._rows import opportunity_row, opportunity_rows
from salescore.funnel._scxml import SCXML_SPACE, scxml
from salescore.funnel._solutions import SOLUTION_PARTS, CoveredNeeds, need_coverage, solution_gaps
from salescore.funnel._stage import Criterion, EventTemplate, LimitUnit, ServiceLimit, Stage
from salescore.funnel._standard import STANDARD_FUNNELS, standard_funnel
from salescore.funnel._standard_statuses import (
    DELIVERY_FIELDS,
    STANDARD_STATUS_TABLES,
    delivery_row,
    standard_status_table,
)
from salescore.funnel._status_check import check_status_table
from salescore.funnel._status_json import (
    STATUS_TABLE_SCHEMA,
    read_status_table,
    status_table_from_data,
    status_table_to_data,
)
from salescore.funnel._status_move import move_status
from salescore.funnel._status_schema import qualification_schema, status_table_schema
from salescore.funnel._status_table import Status, StatusMove, StatusTable
from salescore.funnel._step import Asked, Course, Step
from salescore.funnel._transition import Transition

__all__ = [
    "CLAUSE_FIELDS",
    "DELIVERY_FIELDS",
    "EVENT_FIELDS",
    "FUNNEL_SCHEMA",
    "OVERRIDABLE",
    "OVERRIDE_USED",
    "QUALIFICATION",
    "QUALIFICATION_SCHEMA",
    "SCXML_SPACE",
    "SOLUTION_PARTS",
    "STAGE_ENTERED",
    "STANDARD_CLAUSES",
    "STANDARD_FUNNELS",
    "STANDARD_STATUS_TABLES",
    "STATUS_CHANGED",
    "STATUS_TABLE_SCHEMA",
    "Accepted",
    "Alternative",
    "Asked",
    "ClauseGaps",
    "Conformance",
    "Context",
    "Conversion",
    "ConversionIds",
    "Course",
    "CoveredNeeds",
    "Criterion",
    "Deviation",
    "DeviationKind",
    "Due",
    "EventTemplate",
    "Funnel",
    "FunnelDrawing",
    "LimitUnit",
    "Migration",
    "Moved",
    "MovedRecord",
    "NegotiationState",
    "NoDue",
    "QualificationPolicy",
    "Refusal",
    "RefusalCode",
    "Refused",
    "RefusedMove",
    "ServiceLimit",
    "Stage",
    "StageCount",
    "StageHistory",
    "Status",
    "StatusMove",
    "StatusTable",
    "Step",
    "StepPolicy",
    "Trace",
    "Transition",
    "Variant",
    "begin",
    "check_funnel",
    "check_migration",
    "check_status_table",
    "clause_gaps",
    "conformance",
    "convert",
    "decide",
    "decide_many",
    "decision_code",
    "decision_rule",
    "delivery_row",
    "disqualify",
    "dot",
    "due",
    "due_words",
    "funnel_from_data",
    "funnel_schema",
    "funnel_svg",
    "funnel_to_data",
    "guard_schema",
    "histories",
    "history_of",
    "limit_words",
    "mermaid",
    "migrate",
    "move_status",
    "need_coverage",
    "negotiation_state",
    "open_events",
    "opportunity_row",
    "opportunity_rows",
    "procedure",
    "qualification_from_data",
    "qualification_schema",
    "qualification_to_data",
    "qualify",
    "read_funnel",
    "read_qualification",
    "read_status_table",
    "reconsider",
    "record_schema",
    "refusal_words",
    "scxml",
    "solution_gaps",
    "standard_funnel",
    "standard_status_table",
    "status_table_from_data",
    "status_table_schema",
    "status_table_to_data",
]
