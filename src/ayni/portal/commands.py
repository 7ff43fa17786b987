"""The portal's commands: serve, worker, manage, backup, restore. Django is loaded only when one of them runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ayni.base.console import JsonOption, LanguageOption, language_of, leave, output, refusals
from ayni.base.findings import error
from ayni.base.texts import Language, default_language, say

if TYPE_CHECKING:
    from ayni.portal.config.serving import Wish

SPOKEN = default_language()
app = typer.Typer()


@app.command("serve", help=say("help.serve", SPOKEN))
def serve_portal(
    lang: LanguageOption,
    demo: Annotated[bool, typer.Option("--demo", help=say("help.serve.demo", SPOKEN))] = False,
    once: Annotated[bool, typer.Option("--once", help=say("help.serve.once", SPOKEN))] = False,
    host: Annotated[str, typer.Option(help=say("help.serve.host", SPOKEN))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help=say("help.serve.port", SPOKEN))] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help=say("help.serve.workers", SPOKEN))] = 1,
) -> None:
    """Pages and workers together, until told to stop."""
    from ayni.portal.config.serving import Wish, serve

    language = language_of(lang)
    output.print(say("serve.preparing", language))
    key = "serve.checked" if once else "serve.ready"
    with refusals(as_json=False, language=language):
        wish = Wish(host, port, workers, demo, once)
        is_ready = serve(wish, lambda address: _say_ready(wish, say(key, language, address=address), language))
    if not is_ready:
        leave({}, [error("SERVE-NOT-READY")], as_json=False, language=language)


def _say_ready(wish: Wish, line: str, language: Language) -> None:
    """The address; of a demonstration also its accounts and where their codes stand."""
    from ayni.portal.demo import ACCOUNTS, PASSWORD

    output.print(line)
    if not wish.demo:
        return
    output.print(say("serve.demo.accounts", language, password=PASSWORD))
    for account in ACCOUNTS:
        output.print(f"  {account.email:<26} {account.role.words(language)}")


@app.command("worker", help=say("help.worker", SPOKEN))
def work_on_runs(lang: LanguageOption) -> None:
    """A worker alone, where a machine has only workers."""
    with refusals(as_json=False, language=language_of(lang)):
        _set_up()
    from ayni.portal.runs.working import work

    work()


@app.command(
    "manage", help=say("help.manage", SPOKEN), add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)  # fmt: skip
def manage(context: typer.Context) -> None:
    """Django's management commands."""
    with refusals(as_json=False, language=SPOKEN):
        _set_up()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["ayni manage", *context.args])


@app.command("backup", help=say("help.backup", SPOKEN))
def back_up(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("help.backup.file", SPOKEN))],
    lang: LanguageOption,
    as_json: JsonOption = False,
) -> None:
    """The database and the files in one file, for either database engine."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        _set_up()
        from ayni.portal.config.backup import back_up as write

        made = write(file)
    if not as_json:
        output.print(say("backup.done", language, file=str(file), **made.counts()))
    leave(made.payload(), made.findings, as_json=as_json, language=language)


@app.command("restore", help=say("help.restore", SPOKEN))
def bring_back(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("help.restore.file", SPOKEN))],
    lang: LanguageOption,
    as_json: JsonOption = False,
) -> None:
    """A backup into an empty database, with proof that what comes back is what went in."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        _set_up()
        from ayni.portal.config.backup import restore

        made = restore(file)
    if not as_json:
        output.print(say("restore.done", language, **made.counts()))
    leave(made.payload(), made.findings, as_json=as_json, language=language)


def _set_up() -> None:
    from ayni.portal.config.preparing import set_up

    set_up()
