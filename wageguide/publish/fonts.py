"""The Chinese font of charts and booklet: carried as a dependency, never left to the machine."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from wageguide.errors import ReleaseError

#: Name of the font's family, as its file says it.
FAMILY = "Noto Sans SC"
_PACKAGE, _FILE = "zhplot", Path("fonts") / "NotoSansSC-Regular.ttf"


@cache
def font_file() -> Path:
    """Path of the font, Noto Sans SC (SIL Open Font License).

    The package that carries it is found and not imported: importing it would change
    settings of matplotlib for everybody.

    Raises
    ------
    ReleaseError
        If the font is not there; boxes are never printed in its place.
    """
    spec = find_spec(_PACKAGE)
    places = [Path(p) for p in (spec.submodule_search_locations or [])] if spec else []
    for place in places:
        if (place / _FILE).is_file():
            return place / _FILE
    raise ReleaseError(
        f"Charts and the booklet need the font {FAMILY}, which the package {_PACKAGE} carries, and "
        f"it is not installed. Install it: pip install {_PACKAGE}"
    )


@cache
def chart_font() -> str:
    """Register the font with matplotlib and give its family name."""
    from matplotlib import font_manager

    font_manager.fontManager.addfont(str(font_file()))
    return FAMILY


@cache
def booklet_font() -> str:
    """Register the font with ReportLab, to be embedded in part, and give its name."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    registerFont(TTFont("NotoSansSC", str(font_file())))
    return "NotoSansSC"
