"""
Grading: how customers are judged by rules, why, and what each grade is owed.

A policy is data: fields that are measured for every customer, ordered grades with rules of entry
and exit, and how moves between them are tempered.
Grading is a pure function of facts, policy, history and day; it returns decisions with reasons.
"""

from salescore.grading._boundary import WITHIN, NearBoundary, near_boundaries
from salescore.grading._check_policy import check_policy
from salescore.grading._customer_scores import scores_of
from salescore.grading._customer_table import AS_OF, TAGS, CustomerTable, customer_table
from salescore.grading._decay import Decay, ExponentialDecay, LinearDecay, StepDecay, decayed
from salescore.grading._decision import GradeDecision
from salescore.grading._field_json import field_to_data, read_field
from salescore.grading._fields import (
    AbcField,
    CustomerField,
    CustomerFigure,
    DerivedField,
    RfmFields,
    ScoreField,
    TableFields,
)
from salescore.grading._figures import CUSTOMER_FIGURES, customer_figure
from salescore.grading._grade import grade
from salescore.grading._grading import Grading, grade_customers, preview
from salescore.grading._history import GradeHistory, check_histories, grade_histories
from salescore.grading._lead_counts import CaseCount, FieldCounts
from salescore.grading._lead_example import LeadExample
from salescore.grading._lead_facts import lead_examples
from salescore.grading._lead_model import LeadModel
from salescore.grading._lead_score import LeadFactor, LeadField, LeadScore, Neutral
from salescore.grading._lead_skill import SkillReport, SkillVerdict, skill_report
from salescore.grading._policy import Grade, GradingPolicy
from salescore.grading._policy_json import (
    POLICY_SCHEMA,
    policy_from_data,
    policy_to_data,
    read_policy,
    read_segment,
    read_tag_rule,
    segment_to_data,
    tag_rule_to_data,
)
from salescore.grading._policy_schema import grading_policy_schema
from salescore.grading._reasons import GradeReason, Move, ReasonCode
from salescore.grading._score import score
from salescore.grading._score_card import EventLine, ScoreCard, ScoreGroup, ScoreLine
from salescore.grading._scored import Score, ScoredGroup, ScoredLine
from salescore.grading._segments import (
    Segment,
    SegmentMembers,
    check_segments,
    segment_fields,
    segment_members,
)
from salescore.grading._service_gaps import (
    GapKind,
    GradeLoad,
    ServiceGap,
    ServiceReview,
    service_review,
)
from salescore.grading._service_plan import Requirement, ServicePlan
from salescore.grading._standard import (
    STANDARD_POLICIES,
    abc_policy,
    lifecycle_policy,
    matrix_policy,
    rfm_policy,
    standard_policies,
    value_policy,
)
from salescore.grading._standard_segments import (
    STANDARD_SEGMENT_FIELDS,
    STANDARD_SEGMENTS,
    value_segments,
)
from salescore.grading._tags import TagRule, retagged

__all__ = [
    "AS_OF",
    "CUSTOMER_FIGURES",
    "POLICY_SCHEMA",
    "STANDARD_POLICIES",
    "STANDARD_SEGMENTS",
    "STANDARD_SEGMENT_FIELDS",
    "TAGS",
    "WITHIN",
    "AbcField",
    "CaseCount",
    "CustomerField",
    "CustomerFigure",
    "CustomerTable",
    "Decay",
    "DerivedField",
    "EventLine",
    "ExponentialDecay",
    "FieldCounts",
    "GapKind",
    "Grade",
    "GradeDecision",
    "GradeHistory",
    "GradeLoad",
    "GradeReason",
    "Grading",
    "GradingPolicy",
    "LeadExample",
    "LeadFactor",
    "LeadField",
    "LeadModel",
    "LeadScore",
    "LinearDecay",
    "Move",
    "NearBoundary",
    "Neutral",
    "ReasonCode",
    "Requirement",
    "RfmFields",
    "Score",
    "ScoreCard",
    "ScoreField",
    "ScoreGroup",
    "ScoreLine",
    "ScoredGroup",
    "ScoredLine",
    "Segment",
    "SegmentMembers",
    "ServiceGap",
    "ServicePlan",
    "ServiceReview",
    "SkillReport",
    "SkillVerdict",
    "StepDecay",
    "TableFields",
    "TagRule",
    "abc_policy",
    "check_histories",
    "check_policy",
    "check_segments",
    "customer_figure",
    "customer_table",
    "decayed",
    "field_to_data",
    "grade",
    "grade_customers",
    "grade_histories",
    "grading_policy_schema",
    "lead_examples",
    "lifecycle_policy",
    "matrix_policy",
    "near_boundaries",
    "policy_from_data",
    "policy_to_data",
    "preview",
    "read_field",
    "read_policy",
    "read_segment",
    "read_tag_rule",
    "retagged",
    "rfm_policy",
    "score",
    "scores_of",
    "segment_fields",
    "segment_members",
    "segment_to_data",
    "service_review",
    "skill_report",
    "standard_policies",
    "tag_rule_to_data",
    "value_policy",
    "value_segments",
]
