"""Every write of records: handing in, typing, evidence, submitting, deciding."""

from ayni.portal.records.services.decisions import Conflict, accept, return_for_correction, submit, withdraw
from ayni.portal.records.services.drafts import correct, hand_in_rows, hand_in_workbook, start_form
from ayni.portal.records.services.evidence import EvidenceRefused, attach_evidence, remove_evidence
from ayni.portal.records.services.limits import TooOften
from ayni.portal.records.services.typing import delete_form_row, recheck, save_form_row

__all__ = [
    "Conflict",
    "EvidenceRefused",
    "TooOften",
    "accept",
    "attach_evidence",
    "correct",
    "delete_form_row",
    "hand_in_rows",
    "hand_in_workbook",
    "recheck",
    "remove_evidence",
    "return_for_correction",
    "save_form_row",
    "start_form",
    "submit",
    "withdraw",
]
