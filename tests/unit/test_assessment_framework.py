"""Framework documents: hostile YAML, every check with its line, the shipped draft, the documented example."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from pydantic import BaseModel

from assessment_samples import Keys, as_yaml, document, framework, group, inputs_of, line, share
from ayni.assessment.framework import Framework, load_framework, parse_framework, read_framework, schema
from ayni.assessment.framework.checks import FIRM_COLUMNS
from ayni.base.findings import Finding, Refused
from ayni.base.texts import LANGUAGES, has_text
from ayni.base.yaml_reading import ENTRIES_MAX, SIZE_MAX, read_yaml
from ayni.ledger.schema import Firm

ROOT = Path(__file__).parents[2]


def refused(raw: bytes) -> tuple[Finding, ...]:
    with pytest.raises(Refused) as refusal:
        parse_framework(raw, "f.yaml")
    return refusal.value.findings


@pytest.mark.parametrize(
    ("raw", "code", "row"),
    [
        (b"a: 1\nb: !!python/object/apply:os.system [x]", "YAML-TAG", 2),
        (b"a: &x [1]\nb: *x", "YAML-ALIAS", 1),
        (b"a: 1\n<<: *x", "YAML-ALIAS", 2),
        (b"a: 1\n---\nb: 2", "YAML-DOCUMENTS", 2),
        (b"a: 1\n\tb: 2", "YAML-FORM", 2),
        (b"a: [1,\n  2", "YAML-FORM", 2),
        (b"a: \x01", "YAML-FORM", None),
        (b"a: 1\nb: 2\na: 3", "YAML-KEY-TWICE", 3),
        (b"? [1, 2]\n: 3", "YAML-KEY", 1),
        (b"a: 1\nb: \xff\xfe", "YAML-ENCODING", 2),
        (b"[" * 2000, "YAML-DEEP", 1),
        (b"a: " + b"x" * SIZE_MAX, "YAML-SIZE", None),
        (b"[" + b"a," * ENTRIES_MAX + b"a]", "YAML-ENTRIES", 1),
        (b"", "FRAMEWORK-NO-MAPPING", 1),
        (b"- a\n- b", "FRAMEWORK-NO-MAPPING", 1),
        (b"just words", "FRAMEWORK-NO-MAPPING", 1),
    ],
)
def test_hostile_yaml_is_one_finding_with_its_line(raw: bytes, code: str, row: int | None) -> None:
    findings = refused(raw)
    assert [(finding.code, finding.place.file, finding.place.row) for finding in findings] == [(code, "f.yaml", row)]


def test_a_billion_laughs_never_grow() -> None:
    laughs = "a0: &a0 [lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    assert refused(laughs.encode())[0].code == "YAML-ALIAS"


@pytest.mark.parametrize("quoted", ['"12"', "'12'"])
def test_quoted_numbers_stay_text(quoted: str) -> None:
    assert read_yaml(f"a: {quoted}\nb: 12\nc: 1.5\nd: null\ne: no\nf: true".encode(), "f").data == {
        "a": "12", "b": 12, "c": 1.5, "d": None, "e": "no", "f": True,
    }  # fmt: skip


def valid() -> Keys:
    """A document to be broken: one group of three lines, an input of each kind."""
    return document(
        group("g", line("A"), share("B", "part", "whole"), line("C", checklist=[{"id": "x", "text": {"en": "x"}}])),
        inputs=inputs_of("part", "whole", mass="t", volume="m3"),
        populations={"large": {"text": {"en": "large"}, "where": "employees > 250", "count": "whole"}},
        references={"mean": {"text": {"en": "mean"}, "unit": "%"}},
    )


def first(doc: Keys) -> Keys:
    lines: list[Keys] = doc["groups"][0]["requirements"]
    return lines[0]


def second(doc: Keys) -> Keys:
    lines: list[Keys] = doc["groups"][0]["requirements"]
    return lines[1]


BREAKS: list[tuple[str, Callable[[Keys], object]]] = [
    ("FRAMEWORK-KEY-MISSING", lambda doc: doc.pop("version")),
    ("FRAMEWORK-KEY-UNKNOWN", lambda doc: first(doc).update(wieght=2)),
    ("FRAMEWORK-VALUE", lambda doc: first(doc).update(weight=0)),
    ("FRAMEWORK-VALUE", lambda doc: doc.update(code="a b")),
    ("FRAMEWORK-VALUE-LIST", lambda doc: doc.update(status="verified")),
    ("FRAMEWORK-VALUE-LIST", lambda doc: doc.update(aggregation={"method": "pooled", "no_data": "exclude"})),
    ("FRAMEWORK-VALUE-STRING", lambda doc: doc.update(version=1.5)),
    ("FRAMEWORK-VALUE-FLOAT", lambda doc: second(doc).update(target="90")),
    ("FRAMEWORK-VALUE-INT", lambda doc: doc["groups"][0].update(rule="k_of_n", k=1.5)),
    ("FRAMEWORK-VALUE-DATE", lambda doc: doc.update(valid_from="2025-02-31")),
    ("FRAMEWORK-VALUE-TUPLE", lambda doc: doc.update(groups={"a": 1})),
    ("FRAMEWORK-VALUE-DICT", lambda doc: first(doc).update(text="words")),
    ("FRAMEWORK-VALUE-MODEL", lambda doc: second(doc).update(possible=3)),
    ("FRAMEWORK-ID-TWICE", lambda doc: second(doc).update(id="A")),
    ("FRAMEWORK-ID-TWICE", lambda doc: second(doc).update(id="g")),
    ("FRAMEWORK-UNIT", lambda doc: doc["inputs"]["part"].update(unit="furlong")),
    ("FRAMEWORK-UNIT", lambda doc: second(doc).update(unit="furlong")),
    ("FRAMEWORK-WEIGHTLESS", lambda doc: doc["groups"][0].update(weight=0)),
    ("FRAMEWORK-WEIGHTS", lambda doc: doc["aggregation"].update(weights_sum=100)),
    ("FRAMEWORK-COUNT", lambda doc: doc.update(counts={"requirements": 4})),
    ("FRAMEWORK-COUNT", lambda doc: doc.update(counts={"by_kind": {"prerequisite": 1}})),
    ("FRAMEWORK-COUNT", lambda doc: doc.update(counts={"by_group": {"h": 1}})),
    (
        "FRAMEWORK-LEVEL-TWICE",
        lambda doc: doc.update(levels=[{"id": name, "text": {"en": name}, "from": 5} for name in "ab"]),
    ),
    ("FRAMEWORK-DATES", lambda doc: doc.update(valid_from="2025-02-02", valid_to="2025-02-01")),
    ("FRAMEWORK-NAME-UNKNOWN", lambda doc: second(doc).update(formula="part / hole")),
    ("FRAMEWORK-NAME-UNKNOWN", lambda doc: second(doc).update(population="small")),
    ("FRAMEWORK-NAME-UNKNOWN", lambda doc: second(doc).update(target={"reference": "other"})),
    ("FRAMEWORK-NAME-UNKNOWN", lambda doc: second(doc).update(survey={"answered": "nobody"})),
    ("FRAMEWORK-NAME-UNKNOWN", lambda doc: doc["populations"]["large"].update(count="nobody")),
    ("FRAMEWORK-NAME-UNKNOWN", lambda doc: doc["populations"]["large"].update(where="turnover > 3")),
    (
        "FRAMEWORK-NAME-UNKNOWN",
        lambda doc: doc.update(levels=[{"id": "a", "text": {"en": "a"}, "from": 5, "gates": ["Z"]}]),
    ),
    (
        "FRAMEWORK-NAME-UNKNOWN",
        lambda doc: doc.update(crosswalk=[{"requirement": "Z", "framework": "f", "other": "o", "relation": "same"}]),
    ),
    ("FRAMEWORK-NAME-TAKEN", lambda doc: doc["inputs"].update(inputs_of("max"))),
    ("FRAMEWORK-EARLIER", lambda doc: doc["inputs"]["part"].update(of="whole")),
    ("FRAMEWORK-EARLIER", lambda doc: doc["inputs"]["part"].update(of="mass", years_before=1)),
    ("FRAMEWORK-TEXT-LANGUAGE", lambda doc: first(doc).update(text={"es": "sí"})),
    ("FRAMEWORK-K", lambda doc: doc["groups"][0].update(rule="k_of_n")),
    ("FRAMEWORK-K", lambda doc: doc["groups"][0].update(k=1)),
    ("FRAMEWORK-K-LARGE", lambda doc: doc["groups"][0].update(rule="k_of_n", k=4)),
    ("FRAMEWORK-K-WEIGHTS", lambda doc: (doc["groups"][0].update(rule="k_of_n", k=1), first(doc).update(weight=3))),
    ("FRAMEWORK-POINTS-MIN", lambda doc: doc["groups"][0].update(points_min=1)),
    ("FRAMEWORK-POINTS-MIN", lambda doc: doc["groups"][0].update(rule="sum_points", points_min=9)),
    ("FRAMEWORK-ELECTIVE", lambda doc: first(doc).update(obligation="elective")),
    ("FRAMEWORK-KEY-NEEDED", lambda doc: second(doc).pop("target")),
    ("FRAMEWORK-KEY-NEEDED", lambda doc: second(doc).pop("formula")),
    ("FRAMEWORK-KEY-NEEDED", lambda doc: first(doc).pop("rule")),
    ("FRAMEWORK-KEY-NEEDED", lambda doc: second(doc).update(survey={"answered": "part", "response_min": 50})),
    ("FRAMEWORK-KEY-UNREAD", lambda doc: first(doc).update(target=3)),
    ("FRAMEWORK-KEY-UNREAD", lambda doc: first(doc).update(unit="%")),
    ("FRAMEWORK-KEY-UNREAD", lambda doc: first(doc).update(window={"years": 5, "take": "mean"})),
    ("FRAMEWORK-KEY-UNREAD", lambda doc: first(doc).update(partly_share=0.5)),
    ("FRAMEWORK-KEY-UNREAD", lambda doc: second(doc).update(checklist=[{"id": "x", "text": {"en": "x"}}])),
    ("FRAMEWORK-KEY-UNREAD", lambda doc: second(doc).update(respondents={"firms": 1})),
    ("FRAMEWORK-KEY-UNREAD", lambda doc: second(doc).update(trend={"years": 3, "change": "relative", "compare": ">"})),
    ("FRAMEWORK-KEY-UNREAD", lambda doc: first(doc).update(kind="disclosure")),
    ("FRAMEWORK-TARGET-KIND", lambda doc: second(doc).update(rule="between")),
    ("FRAMEWORK-TARGET-KIND", lambda doc: second(doc).update(target={"low": 1, "high": 2})),
    (
        "FRAMEWORK-TARGET-KIND",
        lambda doc: second(doc).update(
            rule="trend", trend={"years": 3, "change": "relative", "compare": ">"}, target={"reference": "mean"}
        ),
    ),
    ("FRAMEWORK-RANGE", lambda doc: second(doc).update(rule="between", target={"low": 3, "high": 2})),
    ("FRAMEWORK-RANGE", lambda doc: second(doc).update(possible={"low": 3, "high": 2})),
    ("FRAMEWORK-PARTLY", lambda doc: (doc["aggregation"].pop("partly"), second(doc).update(partly_share=0.8))),
    ("FRAMEWORK-PARTLY-TARGET", lambda doc: second(doc).update(partly_share=0.8, target=0)),
    ("FRAMEWORK-POINTS-JUDGED", lambda doc: first(doc).update(rule="points", points=[{"points": 1, "from": 2}])),
    (
        "FRAMEWORK-POINTS-RANGES",
        lambda doc: (
            second(doc).update(rule="points", points=[{"points": 1}, {"points": 2, "from": 1}]),
            second(doc).pop("target"),
        ),
    ),
    ("FRAMEWORK-POINTS-VALUES", lambda doc: first(doc).update(rule="points", points=[{"points": 0}])),
    (
        "FRAMEWORK-REFERENCE-UNIT",
        lambda doc: (second(doc).update(target={"reference": "mean"}), doc["references"]["mean"].update(unit="t")),
    ),
    ("FORMULA-LONG", lambda doc: second(doc).update(formula="part + " * 60 + "part")),
    ("FORMULA-UNREADABLE", lambda doc: second(doc).update(formula="part /")),
    ("FORMULA-UNREADABLE", lambda doc: second(doc).update(formula="part = 3")),
    ("FORMULA-PART", lambda doc: second(doc).update(formula="part ** 9 ** 9 ** 9")),
    ("FORMULA-PART", lambda doc: second(doc).update(formula="part.__class__")),
    ("FORMULA-PART", lambda doc: second(doc).update(formula="__import__('os')")),
    ("FORMULA-PART", lambda doc: second(doc).update(formula="part if part else whole")),
    ("FORMULA-PART", lambda doc: second(doc).update(formula="[part for part in whole]")),
    ("FORMULA-PART", lambda doc: second(doc).update(formula="part * 'a'")),
    ("FORMULA-PART", lambda doc: second(doc).update(formula="min(part)")),
    ("FORMULA-CONSTANT", lambda doc: second(doc).update(formula="3 / 4")),
    ("FORMULA-UNITS", lambda doc: second(doc).update(formula="(part + mass) / whole")),
    ("FORMULA-UNITS", lambda doc: second(doc).update(formula="max(mass, volume) / mass")),
    ("FORMULA-UNITS", lambda doc: second(doc).update(formula="part / (3 - 3)")),
    ("FORMULA-DIMENSION", lambda doc: second(doc).update(formula="volume / mass")),
    ("FORMULA-PERCENT", lambda doc: second(doc).update(formula="100 * part / whole")),
    ("FORMULA-NO-CONDITION", lambda doc: first(doc).update(formula="part / whole")),
    ("FORMULA-NO-CONDITION", lambda doc: first(doc).update(applicability=["part"])),
    ("FORMULA-CONDITION", lambda doc: second(doc).update(formula="part > whole")),
]


ABSENT = {"FRAMEWORK-KEY-MISSING", "FRAMEWORK-KEY-NEEDED", "FRAMEWORK-K", "FRAMEWORK-K-WEIGHTS"}
"""Findings about what is not there, or about a whole group: they stand at the line of the part that lacks it."""


@pytest.mark.parametrize(("code", "break_it"), BREAKS, ids=[f"{at}-{code}" for at, (code, _) in enumerate(BREAKS)])
def test_every_fault_of_a_document_is_found_at_its_line(code: str, break_it: Callable[[Keys], object]) -> None:
    doc = valid()
    break_it(doc)
    findings = refused(as_yaml(doc))
    assert code in {finding.code for finding in findings}
    lines = as_yaml(doc).decode().splitlines()
    for finding in findings:
        assert finding.place.row is not None
        near = lines[max(0, finding.place.row - 2) : finding.place.row]
        is_absent = finding.code in ABSENT or not any(f'"{finding.place.column}"' in text for text in lines)
        assert is_absent or any(f'"{finding.place.column}"' in text for text in near)
        for language in LANGUAGES:
            assert finding.message(language)


def test_every_code_of_the_document_checks_is_tried() -> None:
    source = "".join(path.read_text() for path in (ROOT / "src/ayni/assessment/framework").glob("*.py"))
    codes = set(re.findall(r'"((?:FRAMEWORK|FORMULA)-[A-Z-]*[A-Z])"', source))
    others = {"FRAMEWORK-UNREADABLE", "FRAMEWORK-NO-MAPPING", "FRAMEWORK-TRANSLATION", "FRAMEWORK-INPUT-UNUSED"}
    assert codes - others <= {code for code, _ in BREAKS}


def test_every_code_in_the_room_has_its_text() -> None:
    source = "".join(path.read_text() for path in (ROOT / "src/ayni/assessment").rglob("*.py"))
    codes = set(re.findall(r'"((?:FRAMEWORK|FORMULA|YAML|ANSWER|INPUT|SURVEY|ASSESSMENT)-[A-Z-]*[A-Z])"', source))
    codes |= set(re.findall(r'"(assessment\.why\.\w+)"', source))
    assert {code for code in codes if not has_text(code)} == set()
    texts = tomllib.loads((resources.files("ayni.data") / "texts" / "assessment.toml").read_text("utf-8"))
    written = {
        key for key in texts if re.match(r"[A-Z]+-|assessment\.why", key) and not key.startswith("FRAMEWORK-VALUE-")
    }
    assert written - codes == set()


def test_remarks_that_do_not_block() -> None:
    doc = valid()
    doc["title"]["es"] = "Muestra"
    _, findings = parse_framework(as_yaml(doc), "f.yaml")
    assert Counter((finding.code, finding.severity) for finding in findings) == {
        ("FRAMEWORK-INPUT-UNUSED", "warning"): 2,
        ("FRAMEWORK-TRANSLATION", "note"): 1,
    }


def test_an_unknown_code_names_the_known_ones() -> None:
    with pytest.raises(Refused) as refusal:
        read_framework("eip-2021")
    assert "eip-2017-draft" in refusal.value.findings[0].message("es")


def test_populations_ask_what_a_firm_has() -> None:
    assert set(FIRM_COLUMNS) <= Firm.model_fields.keys()


# --- hash ---


def test_hash_sees_content_only() -> None:
    doc = valid()
    turned = dict(reversed(list(doc.items())))
    numbers = valid()
    second(numbers)["target"] = 50.0
    other = valid()
    second(other)["target"] = 50.5
    kept = {
        parse_framework(raw, "f")[0].hash
        for raw in (as_yaml(doc), as_yaml(turned), as_yaml(numbers), b"# x\n" + as_yaml(doc))
    }
    assert len(kept) == 1
    assert parse_framework(as_yaml(other), "f")[0].hash not in kept


# --- the shipped draft ---


def draft() -> Framework:
    return load_framework("eip-2017-draft")


def test_the_draft_has_the_lines_that_are_known() -> None:
    """51 lines (Sustainability 2020, 12(24), 10611, abstract); 18/33 and 8/21/13/9 are unverified."""
    lines = [requirement for _, requirement in draft().lines()]
    assert Counter(requirement.kind for requirement in lines) == {"prerequisite": 18, "indicator": 33}
    assert [len(part.requirements) for part in draft().groups] == [8, 21, 13, 9]
    assert len(lines) == 51


def test_the_draft_says_what_it_is_and_speaks_both_languages() -> None:
    frame, findings = read_framework("eip-2017-draft")
    assert findings == ()
    assert (frame.status, frame.is_official) == ("draft_unverified", False)
    assert "noncommercial" in str(frame.rights)
    assert frame.notice
    assert "2.0" not in f"{frame.code} {frame.version} {frame.title}"
    for _, requirement in frame.lines():
        assert requirement.text["es"] != requirement.text["en"]


def test_the_draft_computes_every_line_that_has_a_number() -> None:
    lines = {requirement.id: requirement for _, requirement in draft().lines()}
    computed = {name for name, requirement in lines.items() if requirement.is_computed}
    assert len(computed) == 31
    assert {name for name in lines if name not in computed and "-I" in name} == {"EN-I4", "EN-I5"}
    targets = {name: lines[name].target for name in ("PM-I1", "PM-I3", "EN-I11", "EC-I3", "EC-I5", "SO-I11")}
    assert targets == {"PM-I1": 100, "PM-I3": 6, "EN-I11": 50, "EC-I3": 25, "EC-I5": 50, "SO-I11": 2}
    assert lines["PM-I3"].rule == lines["EN-I11"].rule == "<="


# --- the documented example ---


def test_every_key_is_documented() -> None:
    page = (ROOT / "docs" / "frameworks.md").read_text("utf-8")
    words = set(re.findall(r"[a-z_0-9]+", page))
    parts = [part for part in vars(schema).values() if isinstance(part, type) and issubclass(part, BaseModel)]
    keys = {info.alias or name for part in parts for name, info in part.model_fields.items()}
    assert keys - words == set()


def test_a_sample_framework_loads() -> None:
    frame = framework(group("g", line("A")))
    assert frame.words({"en": "yes", "es": "sí"}, "es") == "sí"
    assert frame.words({"en": "yes"}, "es") == "yes"
