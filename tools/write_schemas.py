"""Write the JSON Schema of every record type into the package, for readers in any language."""

import json
import sys
from pathlib import Path

from salescore.entities import RECORD_TABLES
from salescore.plain import json_schema

FOLDER = Path(__file__).parent.parent / "src" / "salescore" / "entities" / "schemas"


def schema_texts() -> dict[str, str]:
    """Return the text of each schema file by its name."""
    return {
        f"{table.name}.schema.json": json.dumps(json_schema(table), ensure_ascii=False, indent=2)
        + "\n"
        for table in RECORD_TABLES
    }


def main(folder: Path = FOLDER) -> int:
    """Write the files, remove those of record types that are gone, and return 0."""
    texts = schema_texts()
    folder.mkdir(exist_ok=True)
    for stale in folder.glob("*.schema.json"):
        if stale.name not in texts:
            stale.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(texts)} schemas in {folder.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
