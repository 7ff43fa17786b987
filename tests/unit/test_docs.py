"""The documents say what the program does: made pages are fresh, commands are all there, links lead somewhere."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
import typer
from typer.main import get_command

from ayni.cli import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands(command: typer.core.TyperGroup, words: str = "ayni") -> list[str]:
    found = []
    for name, child in command.commands.items():
        whole = f"{words} {name}"
        found += commands(child, whole) if isinstance(child, typer.core.TyperGroup) else [whole]
    return found


def test_the_page_of_the_workbook_is_fresh() -> None:
    made = tool("make_docs")
    assert (ROOT / "docs" / "workbook.md").read_text(encoding="utf-8") == made.document()


def test_every_command_is_documented() -> None:
    root = get_command(app)
    assert isinstance(root, typer.core.TyperGroup)
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    names = commands(root)
    assert len(names) >= 12
    assert not [name for name in names if f"`{name}" not in page]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not link.startswith("https:") and not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_place_of_one_machine(page: Path) -> None:
    assert not re.search(r"/(?:work|home|root|tmp|Users)/", page.read_text(encoding="utf-8"))
