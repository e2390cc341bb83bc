"""
Figures of the shipped sales on Spark, on this machine alone.

Run: python examples/on_spark.py   (with the extra `spark`, and Java)
"""

import tempfile
from pathlib import Path

from pyspark.sql import SparkSession

from salescore import Calendar, Facts, figure, read_folder, slices
from salescore.frames import filter_frame, read_facts_parquet, write_facts_parquet
from salescore.rules import F


def main() -> None:
    """Write facts as Parquet, and ask Spark about them."""
    here = Path(__file__).parent
    book = read_folder(here / "data" / "superstore", profile="superstore").book
    with tempfile.TemporaryDirectory() as folder:
        write_facts_parquet(Facts.of(book), f"{folder}/facts")
        spark = (
            SparkSession.builder.master("local[2]")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.log.level", "ERROR")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", f"{folder}/warehouse")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .getOrCreate()
        )
        try:
            kept = read_facts_parquet(f"{folder}/facts", "spark", session=spark)
            quarter = Calendar().parse("2017-Q4")
            facts = kept.facts()
            print(figure("revenue", facts, during=quarter).value)
            for one in slices("gross_margin", facts, by="region", during=quarter):
                print(one.label, f"{one.value:.1%}")
            lines = kept.frames["sales_lines"]  # a Spark dataframe, and so is what comes back
            many = filter_frame(lines, F.region.is_in(["West", "East"]), "sales_lines")
            print(many.count(), "lines in the West and the East")
        finally:
            spark.stop()


if __name__ == "__main__":
    main()
