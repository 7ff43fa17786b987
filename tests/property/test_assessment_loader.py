"""No document brings the loader down: it is read, or refused with findings that name their lines."""

import string
from contextlib import suppress
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment_samples import as_yaml, document, group, inputs_of, line, share
from ayni.assessment.framework import Framework, parse_framework
from ayni.assessment.framework.dimensions import scale_of
from ayni.assessment.framework.formula import FormulaFault, read_formula
from ayni.base.findings import Refused
from ayni.base.texts import LANGUAGES
from ayni.base.units import UnknownUnit

DRAFT = (resources.files("ayni.data") / "frameworks" / "eip-2017-draft.yaml").read_bytes().splitlines(keepends=True)
SMALL = as_yaml(
    document(
        group("g", line("A"), share("B", "part", "whole", partly_share=0.8), weight=2),
        group("h", line("C"), line("D"), rule="k_of_n", k=1),
        inputs=inputs_of("part", "whole"),
        levels=[{"id": "a", "text": {"en": "a"}, "from": 50}],
    )
)
PIECES = (
    b"\t", b"\xff", b"\x00", b"&a ", b"*a", b"!!python/name:os.system ", b"- ", b": ", b"{", b"}", b"[", b"]", b'"',
    b"'", b"| ", b"> ", b"? ", b"<<: ", b"---\n", b"#", b"\n", b"null", b"1e999", b"-", b"99999999999999999999",
    b"%YAML 1.1\n", "\u2028".encode(), "\ufeff".encode(), b"a ** 9 ** 9", b"__class__",
)  # fmt: skip


def loads(raw: bytes) -> Framework | None:
    """The framework in ``raw``; None where it is refused with findings that can be read."""
    try:
        return parse_framework(raw, "f.yaml")[0]
    except Refused as refusal:
        findings = refusal.findings
    assert findings
    lines = sum(mark in "\n\r\x85\u2028\u2029" for mark in raw.decode(errors="replace")) + 2
    for finding in findings:
        assert finding.place.row is None or 1 <= finding.place.row <= lines
        assert all(finding.message(language) for language in LANGUAGES)
    return None


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """The small document with some bytes cut out, doubled or replaced by pieces that hurt."""
    raw = SMALL
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(raw))), draw(st.integers(0, 30))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=4) | st.just(raw[at : at + length]))
        raw = raw[:at] + piece + raw[at + draw(st.integers(0, length)) :]
    return raw


@given(mutated())
@settings(max_examples=250, deadline=None)
def test_mutated_documents(raw: bytes) -> None:
    loads(raw)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_arbitrary_bytes(raw: bytes) -> None:
    assert loads(raw) is None


@given(st.lists(st.integers(0, len(DRAFT) - 1), min_size=1, max_size=3, unique=True), st.booleans())
@settings(max_examples=12, deadline=None)
def test_the_draft_with_lines_missing_or_doubled(rows: list[int], is_doubled: bool) -> None:
    changed = [part for at, part in enumerate(DRAFT) for _ in range(1 if at not in rows else 2 * is_doubled)]
    loads(b"".join(changed))


@given(st.text(alphabet="abn1.9 +-*/<>=()[]{}:,'\"_!%^&|~@#\\\n", max_size=60) | st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_formulas_are_read_or_refused(text: str) -> None:
    try:
        formula = read_formula(text)
    except FormulaFault:
        return
    assert formula.names
    assert all(name.isidentifier() for name in formula.names)


@given(st.text(alphabet=string.ascii_letters + "0123456789 /%³²*^()", max_size=20))
@settings(max_examples=300, deadline=None)
def test_units_are_known_or_refused(unit: str) -> None:
    with suppress(UnknownUnit):
        assert scale_of(unit).factor > 0


@pytest.mark.soak
@given(mutated())
@settings(max_examples=5000, deadline=None)
def test_many_mutated_documents(raw: bytes) -> None:
    loads(raw)
