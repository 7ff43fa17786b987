"""The terminal's front door: each room brings its own commands."""

from __future__ import annotations

import typer

from ayni.assessment.commands import app as assessment
from ayni.base.texts import default_language, say
from ayni.exchange.commands import app as exchange
from ayni.ledger.commands import app as ledger
from ayni.parks.commands import app as parks
from ayni.reports.commands import app as reports
from ayni.zones.commands import app as zones

app = typer.Typer(
    name="ayni", help=say("cli.help", default_language()), no_args_is_help=True, pretty_exceptions_show_locals=False
)
for room in (reports, parks, ledger, assessment, exchange, zones):
    app.add_typer(room)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
