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

FONTS = tuple(f"fonts/SourceSansPro-{weight}.ttf" for weight in ("Regular", "It", "Semibold", "Bold"))


CHARTS = "charts/vega.js"
"""The charts' scripts, bundled when they are first asked for: that takes some seconds."""


@cache
def wheel_file(name: str) -> Path | None:
    """Where a file lies that pages ask for by ``name``; None for a name that is not ours."""
    folder = Path(settings.ENVIRONMENT.data) / "wheel-files"
    if name == CHARTS:
        bundle = folder / f"vega-{version('vl-convert-python')}.js"
        if not bundle.exists():
            _write(bundle, vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").encode())
        _write(folder / name, bundle.read_bytes())
    elif name in FONTS:
        _write(folder / name, (Path(font_source_sans_pro.__file__).parent / "files" / Path(name).name).read_bytes())
    else:
        return None
    return folder / name


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


class WheelFinder(BaseFinder):
    """Finds ``fonts/…`` and ``charts/vega.js``."""

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        """The file's path where it is one of ours."""
        found = wheel_file(path)
        if found is None:
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:  # noqa: ARG002
        """Every file with its storage."""
        for name in (*FONTS, CHARTS):
            found = wheel_file(name)
            if found is not None:
                yield name, FileSystemStorage(location=found.parents[1])
