"""
Review a quarter of real sales: read a folder of CSV, check it, print the page for a sales manager.

Run: make review, or: python examples/sales_review.py

The folder that ships is a cut of Superstore; the README beside it names its source and licence.
"""

from pathlib import Path

from salescore import Calendar, read_folder, review_book, review_text
from salescore.metrics import find_figure

FOLDER = Path(__file__).parent / "data" / "superstore"


def main() -> None:
    """Print the review, then what one of its figures is made of."""
    imported = read_folder(FOLDER, "superstore")
    review = review_book(
        imported.book,
        during=Calendar().parse("2017-Q4"),
        findings=imported.findings,
        files=imported.files,
    )
    print(review_text(review))

    margin = review.comparison("gross_margin").figure
    print(f"Why is the gross margin {margin.value:.1%}?")
    print(f"  {find_figure('gross_margin').words}")
    print(f"  USD {margin.numerator:,f} / {margin.denominator:,f}, over {margin.n:,} order lines.")


if __name__ == "__main__":
    main()
