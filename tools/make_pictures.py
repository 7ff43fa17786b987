"""Write the pictures of README from the example park's report. Takes as long as a run of the example."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from ayni.parks.example import write_example
from ayni.parks.intake import take_in
from ayni.parks.run import run
from ayni.reports.content_of_results import content_of
from ayni.reports.pdf import page_pictures

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
PAGES = {"resumen": 1, "flujos": 2, "intercambios": 5, "diseno": 6}
"""File → page of the report."""


def main() -> None:
    """Run the example park and write the chosen pages."""
    with TemporaryDirectory() as folder:
        records, findings = take_in(write_example(Path(folder), "es"))
        results = run(records, findings)
    pages = page_pictures(content_of(results, "es"), "es")
    FOLDER.mkdir(exist_ok=True)
    for name, number in PAGES.items():
        (FOLDER / f"{name}.png").write_bytes(pages[number - 1])


if __name__ == "__main__":
    main()
