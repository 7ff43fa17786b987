"""From a park's results to what a report shows: tables of each room brought into the shapes of ``content``."""

from __future__ import annotations

import pandas as pd

import ayni
from ayni.assessment.results import Assessment
from ayni.assessment.writing import categories_table, lines_table
from ayni.base.texts import Language
from ayni.exchange.network import ExchangeResult
from ayni.exchange.writing import legal_words, reason_words
from ayni.ledger.account import NOT_STATED, Account
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import DataOrigin, FlowKind
from ayni.ledger.writing import balance_table
from ayni.parks.results import Results, ZoneResults
from ayni.reports.content import Design, Exchange, Flows, Footprint, Head, Proof, ReportData, Scorecard
from ayni.zones.build import zone_rows
from ayni.zones.weeks import typical_weeks
from ayni.zones.writing import (
    abatement_table,
    capacity_table,
    class_table,
    cost_table,
    foreign_profiles,
    load_table,
    measure_table,
    swing_table,
)  # fmt: skip

KG_PER_TONNE = 1000.0
UNASSIGNED = "unassigned"
PARK = "park"
"""Stands for another firm of the park, where a table names the kind of node only."""
NOTHING = 1e-6


def content_of(results: Results, language: Language) -> ReportData:
    """What the report of ``results`` shows, with the names of frameworks and reasons in ``language``."""
    ledger = results.records.ledger
    return ReportData(
        head=_head(ledger), book=results.figures, findings=results.findings,
        flows=Flows(energy=_energy_use(results), materials=_materials(ledger)),
        footprint=_footprint(results, results.before), scorecard=_scorecard(results.assessment, language),
        exchange=_exchange(results.exchange, language),
        design=None if results.zone is None else _design(results, results.zone, language),
    )  # fmt: skip


def _head(ledger: Ledger) -> Head:
    park = ledger.park
    firms = pd.DataFrame(
        [(firm.firm, firm.name, firm.activity, firm.latitude, firm.longitude) for firm in ledger.firms.values()],
        columns=["firm", "name", "activity", "latitude", "longitude"],
    )
    return Head(
        park=park.name, place=park.place.value, year=park.year, is_sample=park.origin is DataOrigin.MADE_UP,
        version=ayni.__version__,
        price_date=park.price_date, pen_per_usd=park.pen_per_usd, usd_per_eur=park.usd_per_eur,
        discount_rate=park.discount_rate / 100, firms=firms,
    )  # fmt: skip


def _energy_use(results: Results) -> pd.DataFrame:
    """firm, carrier, use, energy: equipment takes its share of the bills, what is left is unassigned."""
    bills = results.before.footprint.energy.rename(columns={"site": "firm"})
    total = bills.set_index(["firm", "carrier"])["energy"]
    shares = pd.DataFrame(
        [
            (row.firm, row.carrier.value, row.kind.value, row.share / 100)
            for row in zone_rows(results.records.rows).equipment
        ],
        columns=["firm", "carrier", "use", "share"],
    )
    assigned = shares.groupby(["firm", "carrier"])["share"].sum().reindex(total.index, fill_value=0.0)
    rest = (1 - assigned).rename("share").reset_index().assign(use=UNASSIGNED)
    use = pd.concat([shares, rest], ignore_index=True).merge(
        bills[["firm", "carrier", "energy"]], on=["firm", "carrier"]
    )
    use = use.assign(energy=use["share"] * use["energy"])
    return use[use["energy"] > NOTHING].groupby(["firm", "carrier", "use"], as_index=False)[["energy"]].sum()


def _materials(ledger: Ledger) -> pd.DataFrame:
    """firm, side, end, amount [t] of what passes fences in kilograms, water left aside."""
    flows = ledger.crossing_flows()
    is_material = flows["kind"].isin([FlowKind.MATERIAL, FlowKind.PRODUCT, FlowKind.WASTE]) & (flows["unit"] == "kg")
    flows = flows[is_material]
    firms = list(ledger.firms)
    coming = flows[flows["taker"].isin(firms)]
    going = flows[flows["giver"].isin(firms)]
    ends = going["management"].fillna(NOT_STATED).where(going["kind"] == FlowKind.WASTE, "product")
    parts = [
        pd.DataFrame({"firm": coming["taker"], "side": "in", "end": coming["resource"], "amount": coming["amount"]}),
        pd.DataFrame({
            "firm": going["giver"], "side": "out", "end": ends.mask(going["taker"].isin(firms), PARK),
            "amount": going["amount"],
        }),
    ]  # fmt: skip
    rows = pd.concat(parts, ignore_index=True).assign(amount=lambda frame: frame["amount"] / KG_PER_TONNE)
    return rows.groupby(["firm", "side", "end"], as_index=False, sort=False)[["amount"]].sum()


def _footprint(results: Results, account: Account) -> Footprint:
    flows, ledger = account.footprint, results.records.ledger
    firms = frozenset(ledger.firms)
    contracts = [(site, contract.option.value) for site, contract in ledger.contracts.items() if site in firms]
    names = {"site": "firm"}
    waste = flows.waste.rename(columns=names)
    return Footprint(
        energy=flows.energy.rename(columns=names)[["firm", "carrier", "energy", "amount", "unit"]],
        emissions=flows.emissions.rename(columns=names)[["firm", "carrier", "scope", "co2e", "biogenic"]],
        cost=account.cost.lines.rename(columns=names)[["firm", "item", "component", "amount"]],
        water=_water(flows.water, flows.wastewater, firms),
        waste=waste.assign(management=waste["management"].fillna(NOT_STATED)),
        balances=_balances(results),
        tariffs=pd.DataFrame(contracts, columns=["firm", "option"]),
    )  # fmt: skip


def _water(water: pd.DataFrame, wastewater: pd.DataFrame, firms: frozenset[str]) -> pd.DataFrame:
    """firm, kind, way, amount [m3]: water by where it comes from, wastewater by its management or where it goes."""

    def node(name: str) -> str:
        return PARK if name in firms else name

    taken = water.assign(kind=FlowKind.WATER.value, way=water["source"].map(node))
    given = wastewater.assign(
        kind=FlowKind.WASTEWATER.value, way=wastewater["management"].fillna(wastewater["destination"].map(node))
    )
    both = pd.concat([taken, given]).rename(columns={"site": "firm"})
    return both.groupby(["firm", "kind", "way"], as_index=False, sort=False)[["amount"]].sum()


def _balances(results: Results) -> pd.DataFrame:
    """Every process's balance, masses in tonnes."""
    frame = balance_table(results.balances)
    is_mass = frame["unit"] == "kg"
    amounts = ["amount_in", "amount_out", "residual", "tolerance"]
    scaled = {name: frame[name].where(~is_mass, frame[name] / KG_PER_TONNE) for name in amounts}
    frame = frame.assign(**scaled, unit=frame["unit"].mask(is_mass, "t"))
    return frame[["process", "firm", "quantity", "unit", *amounts, "verdict"]]


def _scorecard(assessment: Assessment, language: Language) -> Scorecard | None:
    """The self-check; None where no line applies."""
    if assessment.score_low is None or assessment.score_high is None:
        return None
    framework = assessment.framework
    return Scorecard(
        name=framework.words(framework.title, language), code=framework.code, version=framework.version,
        status=framework.status, hash=framework.hash, score_low=assessment.score_low, score_high=assessment.score_high,
        level=assessment.level or "", categories=categories_table(assessment, language),
        lines=lines_table(assessment, language),
    )  # fmt: skip


def _exchange(result: ExchangeResult, language: Language) -> Exchange | None:
    """The network; None where no offer meets a want."""
    links = result.links
    if links.empty:
        return None
    reasons = [reason_words(*cells, language) for cells in zip(links["reason"], links["detail"], strict=True)]
    legal = [legal_words(verdict, result, language) for verdict in links["legal"]]
    proof = Proof(result.status, result.solver, result.objective, result.bound, result.gap)
    return Exchange(links.assign(reason=reasons, legal=legal), proof, f"{result.rules.name} {result.rules.version}")


def _design(results: Results, zone: ZoneResults, language: Language) -> Design:
    case, plan, notes, design = zone.case, zone.plan, zone.notes, zone.design
    return Design(
        proof=Proof(design.status, design.solver, design.cost, design.bound, design.gap),
        capacities=capacity_table(case, plan), costs=cost_table(results.exchanged, zone.ledger, case, plan, notes),
        classes=class_table(design), measures=measure_table(case, plan, notes),
        weeks=typical_weeks(case, plan, notes.hours), loads=load_table(notes), foreign_profiles=foreign_profiles(notes),
        abatement=abatement_table(zone.abatement, notes, language), inputs=swing_table(zone.appraisal, language),
        survives=zone.appraisal.survives, tariff=notes.tariff.option.value,
        carbon=design.cost_lines.get("carbon", 0.0),
    )  # fmt: skip
