"""Write the JSON Schemas of records, rules, policies and funnels into the package."""

import json
import sys
from pathlib import Path

from salescore.entities import RECORD_TABLES
from salescore.funnel import funnel_schema, qualification_schema, status_table_schema
from salescore.grading import grading_policy_schema
from salescore.plain import json_schema
from salescore.rules import decision_table_schema, rule_schema

ROOMS = Path(__file__).parent.parent / "src" / "salescore"
FOLDER = ROOMS / "entities" / "schemas"
RULES = ROOMS / "rules" / "schemas"
GRADING = ROOMS / "grading" / "schemas"
FUNNEL = ROOMS / "funnel" / "schemas"


def schema_texts() -> dict[str, str]:
    """Return the text of each schema file of a record type by its name."""
    return {f"{table.name}.schema.json": as_text(json_schema(table)) for table in RECORD_TABLES}


def rule_schema_texts() -> dict[str, str]:
    """Return the text of each schema file of a form of rules by its name."""
    return {
        "decision-table.schema.json": as_text(decision_table_schema()),
        "rule.schema.json": as_text(rule_schema()),
    }


def grading_schema_texts() -> dict[str, str]:
    """Return the text of each schema file of grading by its name."""
    return {"grading-policy.schema.json": as_text(grading_policy_schema())}


def funnel_schema_texts() -> dict[str, str]:
    """Return the text of each schema file of funnels by its name."""
    return {
        "funnel.schema.json": as_text(funnel_schema()),
        "qualification.schema.json": as_text(qualification_schema()),
        "status-table.schema.json": as_text(status_table_schema()),
    }


def as_text(schema: dict[str, object]) -> str:
    """Return a schema as it stands in a file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def write(folder: Path, texts: dict[str, str]) -> None:
    """Write the files of a folder and remove those of schemas that are gone."""
    folder.mkdir(exist_ok=True)
    for stale in folder.glob("*.schema.json"):
        if stale.name not in texts:
            stale.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{folder.parent.name}/{folder.name}: {len(texts)} written")


def main(
    folder: Path = FOLDER, rules: Path = RULES, grading: Path = GRADING, funnel: Path = FUNNEL
) -> int:
    """Write the folders and return 0."""
    write(folder, schema_texts())
    write(rules, rule_schema_texts())
    write(grading, grading_schema_texts())
    write(funnel, funnel_schema_texts())
    return 0


if __name__ == "__main__":
    sys.exit(main())
