"""The assessment's sheets: answers with evidence, and inputs with units."""

from __future__ import annotations

import datetime

from ayni.base.sheets import Choice, Row, Sheet, column


class AnswerValue(Choice):
    """What was answered. No, no data and not applicable are three things."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"


class Answer(Row):
    """The answer to one requirement of a framework."""

    framework: str = column("Framework", "Code of the framework, such as eip-2017-draft.")
    requirement: str = column("Requirement", "Id of the line, such as PM-P1.")
    answer: AnswerValue = column("Answer", "Yes, partly, no, no data, not applicable.")
    reason: str | None = column("Reason", "Needed for not applicable.", default=None)
    evidence: str | None = column("Evidence", "Document, date and place of the proof.", default=None)
    date: datetime.date | None = column("Date", "Date of the answer.", default=None)
    responsible: str | None = column("Responsible", "Who answers for it.", default=None)
    respondent: str | None = column(
        "Respondent", "Whose answer it is, where the framework weighs several, such as operator or firms.", default=None
    )
    points: float | None = column("Points", "For a line that gives points by judgement.", default=None, ge=0)


class Input(Row):
    """A number that indicators are computed from, where the ledger does not give it."""

    name: str = column("Name", "Name as in the framework, such as firms_surveyed.", pattern=r"^[a-z][a-z0-9_]*$")
    value: float = column("Value", "The number.", ge=0)
    unit: str = column("Unit", "Unit; empty for a count.", default="")
    year: int = column("Year", "Year it refers to.", ge=1990, le=2100)
    basis: str | None = column("Basis", "On which basis it was counted.", default=None)
    evidence: str | None = column("Evidence", "Document, date and place of the proof.", default=None)


ANSWERS = Sheet("answers", Answer, unique=("framework", "requirement", "respondent"), required=False)
INPUTS = Sheet("inputs", Input, unique=("name", "year"), required=False)
SHEETS = (ANSWERS, INPUTS)
