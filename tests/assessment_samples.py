"""Small frameworks for tests, written as JSON (which is YAML), and answers and inputs to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ayni.assessment.framework import Framework, parse_framework
from ayni.assessment.inputs import GivenInput
from ayni.assessment.results import Assessment, Line
from ayni.assessment.schema import Answer, AnswerValue
from ayni.assessment.score import assess

YEAR = 2025
Keys = dict[str, Any]


def line(name: str, **keys: object) -> Keys:
    return {"id": name, "text": {"en": name}, "rule": "is_true", **keys}


def share(name: str, part: str, whole: str, rule: str = ">=", target: object = 50, **keys: object) -> Keys:
    return line(name, formula=f"{part} / {whole}", unit="%", rule=rule, target=target, **keys)


def group(name: str, *lines: Keys, **keys: object) -> Keys:
    return {"id": name, "text": {"en": name}, "requirements": list(lines), **keys}


def document(*groups: Keys, **keys: object) -> Keys:
    return {
        "code": "sample", "version": "1", "title": {"en": "Sample"}, "status": "sample", "language": "en",
        "aggregation": {"method": "pooled", "partly": 0.5}, "groups": list(groups), **keys,
    }  # fmt: skip


def inputs_of(*names: str, **units: str) -> Keys:
    return {name: {"text": {"en": name}, "unit": units.get(name, "")} for name in (*names, *units)}


def as_yaml(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def framework(*groups: Keys, **keys: object) -> Framework:
    return parse_framework(as_yaml(document(*groups, **keys)), "sample.yaml")[0]


def answer(requirement: str, value: str, code: str = "sample", **more: Any) -> Answer:
    return Answer(framework=code, requirement=requirement, answer=AnswerValue(value), **more)


def given(name: str, value: float, unit: str = "", year: int = YEAR, **more: Any) -> GivenInput:
    return GivenInput(name, value, unit, year, **more)


def judged(
    frame: Framework, answers: Mapping[str, str] | None = None, *inputs: GivenInput, **numbers: float
) -> Assessment:
    """The assessment of answers by line and of inputs, in full or as name and number."""
    kept = [answer(name, value, frame.code, reason="a reason") for name, value in (answers or {}).items()]
    return assess(frame, kept, [*inputs, *(given(name, number) for name, number in numbers.items())])


def the_line(assessment: Assessment, name: str) -> Line:
    return next(line for line in assessment.lines if line.requirement.id == name)
