"""The published figures of the Sustainable Industrial Zones of Peru, as records by stage."""

import pytest

from ayni.base.figures import Stage
from ayni.base.status import Status
from ayni.ledger.savings import ZIS, read_records, share_of_stage, summarise


def test_yardsticks_of_the_zones() -> None:
    """knowledge/programme.md section 5 (derived): 147 % of feasibility, grant 32.5 %, payback 2.83 and 1.91 years."""
    stages = summarise(read_records(ZIS))
    assert share_of_stage(stages, Stage.REPORTED, Stage.FEASIBILITY) == pytest.approx(1.47, abs=0.005)
    assert share_of_stage(stages, Stage.REPORTED, Stage.POTENTIAL) == pytest.approx(0.104, abs=0.0005)
    reported = stages[Stage.REPORTED]
    assert reported.grant_share == pytest.approx(0.325, abs=0.0005)
    assert reported.payback == pytest.approx(2.83, abs=0.005)
    assert reported.payback_with_grant == pytest.approx(1.91, abs=0.005)


def test_stages_are_kept_apart_and_what_is_not_known_is_none() -> None:
    records = read_records(ZIS)
    stages = summarise(records)
    assert list(stages) == [Stage.POTENTIAL, Stage.FEASIBILITY, Stage.REPORTED]
    assert [stages[stage].co2e for stage in stages] == [80_000.0, 5_637.29, 8_282.56]
    assert stages[Stage.FEASIBILITY].payback is None
    assert stages[Stage.FEASIBILITY].payback_with_grant is None
    assert share_of_stage(stages, Stage.VERIFIED, Stage.REPORTED) is None
    assert all(record.source and record.status is Status.SOURCED for record in records)


def test_one_quantity_has_one_unit() -> None:
    first = read_records(ZIS)[0]
    with pytest.raises(ValueError, match="co2e in"):
        summarise([first, type(first)(first.stage, "co2e", 1.0, "kg", "2025", "x", Status.SOURCED)])
