"""Write docs/workbook.md from the sheets that the rooms declare. Run after a change of a schema."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

from ayni.base.sheets import Choice, Sheet, is_month, kind_of
from ayni.parks.workbook import SHEETS

DOCUMENT = Path(__file__).parents[1] / "docs" / "workbook.md"
WORDS = {str: "text", float: "number", int: "whole number", bool: "yes or no", datetime.date: "date"}
HEAD = """# The workbook

One park, one XLSX file. `ayni template FILE.xlsx` writes an empty one, with explanations in the headers and
lists in the cells; `ayni check FILE.xlsx` says what is wrong with a filled one. Sheets, headers and list values are
understood in Spanish and in English. A sheet marked *form* holds one record down its columns A and B. Made by
`tools/make_docs.py` from the schemas; do not edit.
"""


def kind_words(info: Any) -> str:
    """What belongs into a column, in words."""
    kind = kind_of(info)
    if issubclass(kind, Choice):
        return "one of " + ", ".join(f"`{choice.label('es')}`" for choice in kind)
    return "month" if is_month(info) else WORDS[kind]


def default_words(info: Any) -> str:
    """Whether a column must be filled, or what holds where it is empty."""
    if info.is_required():
        return "required"
    default = info.default
    if default is None or default == "":
        return "optional"
    return f"default {default.label('es') if isinstance(default, Choice) else default}"


def section(sheet: Sheet) -> str:
    """One sheet as a table."""
    marks = [word for word, holds in (("form", sheet.form), ("required", sheet.required)) if holds]
    unique = f" Unique: {', '.join(f'`{field}`' for field in sheet.unique)}." if sheet.unique else ""
    lines = [
        f"\n## {sheet.title('es')} · {sheet.title('en')}" + (f" ({', '.join(marks)})" if marks else ""),
        f"\n{sheet.note('en')}{unique}\n",
        "| column | header (es) | value | | meaning |",
        "|---|---|---|---|---|",
    ]
    for field, info in sheet.row.model_fields.items():
        header = sheet.header(field, "es").replace("|", "\\|")
        lines.append(f"| `{field}` | {header} | {kind_words(info)} | {default_words(info)} | {info.description} |")
    return "\n".join(lines)


def document() -> str:
    """The whole page."""
    return HEAD + "\n".join(section(sheet) for sheet in SHEETS) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT}\n")
