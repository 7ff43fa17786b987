"""Static files that wheels carry: the typeface, and the charts' scripts that vl-convert bundles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import font_source_sans_pro
import vl_convert
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

FONTS = tuple(f"SourceSansPro-{weight}.ttf" for weight in ("Regular", "It", "Semibold", "Bold"))


@cache
def wheel_storage() -> FileSystemStorage:
    """The files by the names under which pages ask for them, made once per version of the wheels."""
    folder = Path(settings.ENVIRONMENT.data) / "wheel-files"
    fonts = Path(font_source_sans_pro.__file__).parent / "files"
    for name in FONTS:
        _write(folder / "fonts" / name, (fonts / name).read_bytes())
    bundle = folder / "charts" / f"vega-{version('vl-convert-python')}.js"
    if not bundle.exists():
        _write(bundle, vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").encode())
    _write(folder / "charts" / "vega.js", bundle.read_bytes())
    return FileSystemStorage(location=folder)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


class WheelFinder(BaseFinder):
    """Finds ``fonts/…`` and ``charts/vega.js``."""

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        """The file's path where it is one of ours."""
        storage = wheel_storage()
        if not storage.exists(path):
            return []
        return [storage.path(path)] if find_all else storage.path(path)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:  # noqa: ARG002
        """Every file with its storage."""
        storage = wheel_storage()
        for name in (*(f"fonts/{font}" for font in FONTS), "charts/vega.js"):
            yield name, storage
