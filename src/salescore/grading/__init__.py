"""
Grading: how customers are judged by rules, why, and what each grade is owed.

A policy is data: fields that are measured for every customer, ordered grades with rules of entry
and exit, and how moves between them are tempered.
Grading is a pure function of facts, policy, history and day; it returns decisions with reasons.
"""

__all__: list[str] = []
