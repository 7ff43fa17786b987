"""The terminal's front door: each room brings its own commands."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from ayni.assessment.commands import app as assessment
from ayni.base.console import language_of
from ayni.base.texts import LANGUAGE_VARIABLE, default_language, say
from ayni.exchange.commands import app as exchange
from ayni.ledger.commands import app as ledger
from ayni.parks.commands import app as parks
from ayni.portal.commands import app as portal
from ayni.reports.commands import app as reports
from ayni.zones.commands import app as zones

app = typer.Typer(
    name="ayni", help=say("cli.help", default_language()), no_args_is_help=True, pretty_exceptions_show_locals=False
)


@app.callback()
def speak(lang: Annotated[str, typer.Option("--lang", help="es | en", default_factory=default_language)]) -> None:
    """Take the language before the command too."""
    os.environ[LANGUAGE_VARIABLE] = language_of(lang)


for room in (reports, parks, ledger, assessment, exchange, zones, portal):
    app.add_typer(room)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
