"""The exchange's results as tables (XLSX) and as plain values (JSON)."""

from __future__ import annotations

import pandas as pd

from ayni.base.texts import Language, say
from ayni.exchange.network import ExchangeResult


def result_tables(result: ExchangeResult, language: Language) -> dict[str, pd.DataFrame]:
    """The tables of results by name: links with verdict, reason and rule in words, exchanges by month, the rule set."""
    links = result.links.assign(
        reason=[
            reason_words(reason, detail, language)
            for reason, detail in zip(result.links["reason"], result.links["detail"], strict=True)
        ],
        verdict=[say(f"exchange.verdict.{verdict}", language) for verdict in result.links["verdict"]],
        legal=[legal_words(legal, result, language) for legal in result.links["legal"]],
    )
    rules = [
        {
            "rule": rule.id, "legal": legal_words(rule.legal.value, result, language), "text": rule.text[language],
            "source": rule.source, "status": rule.status.value,
        }
        for rule in result.rules.rules
    ]  # fmt: skip
    rules += [{"rule": "", "legal": "", "text": text[language], "source": "", "status": ""}
              for text in result.rules.reminders]  # fmt: skip
    return {"links": links, "exchanges": result.exchanges, "rules": pd.DataFrame(rules)}


def reason_words(reason: str, detail: str, language: Language) -> str:
    """Why a link has its verdict, with the names and numbers that it rests on."""
    words = say(f"exchange.reason.{reason}", language)
    return f"{words} ({detail})" if detail else words


def legal_words(legal: str, result: ExchangeResult, language: Language) -> str:
    """What the rule set says, such as ``no objection in rule set exchange_pe 1a2b3c``."""
    rules = result.rules
    return say(f"exchange.legal.{legal}", language, rules=f"{rules.name} {rules.version}")


def exchange_json(result: ExchangeResult, language: Language) -> dict[str, object]:
    """The network, its proof, the rule set's version and the words that it is no legal advice."""
    tables = result_tables(result, language)
    summary = {name: getattr(result, name) for name in ("objective", "low", "high", "bound", "gap", "status", "solver")}
    return {
        **summary,
        "rules": {"name": result.rules.name, "version": result.rules.version},
        "notice": say("exchange.no_legal_advice", language),
        "links": _records(result.links.assign(words=tables["links"]["reason"])),
        "exchanges": _records(result.exchanges),
    }


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    """A table as records for JSON; what is not known is null."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in record.items()}
        for record in table.to_dict("records")
    ]
