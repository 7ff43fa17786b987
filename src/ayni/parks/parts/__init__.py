"""The parts of a park's records: what each firm says of itself, what the park says, and both put together again."""

from ayni.parks.parts.accounts import FirmYear, FlowSum, Founded, completeness, firm_year
from ayni.parks.parts.checks import FirmContext, check_firm, check_park
from ayni.parks.parts.merging import Origins, compare_reports, merge_park
from ayni.parks.parts.sheets import FIRM_SHEETS, PARK_SHEETS, Rows, sheet_named, split_park
from ayni.parks.parts.study import study_rows
from ayni.parks.parts.workbook import Part, read_firm_workbook, read_park_part, read_values, write_firm_template

__all__ = [
    "FIRM_SHEETS",
    "PARK_SHEETS",
    "FirmContext",
    "FirmYear",
    "FlowSum",
    "Founded",
    "Origins",
    "Part",
    "Rows",
    "check_firm",
    "check_park",
    "compare_reports",
    "completeness",
    "firm_year",
    "merge_park",
    "read_firm_workbook",
    "read_park_part",
    "read_values",
    "sheet_named",
    "split_park",
    "study_rows",
    "write_firm_template",
]
