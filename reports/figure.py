"""What a figure is: its row of rpt_figures, and the pages that a chart function draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt

Row = Mapping[str, Any]
Tables = Mapping[str, list[Row]]


@dataclass(frozen=True)
class Figure:
    """One row of rpt_figures."""

    figure_id: str
    sort_order: int
    kind: str
    title: str
    subtitle: str
    caption: str
    published_figure: str | None
    measure: str | None
    is_log_scale: bool
    condition: str | None = None

    @classmethod
    def from_row(cls, row: Row) -> "Figure":
        """Read a row of rpt_figures; NULL texts become empty."""
        return cls(
            figure_id=row["figure_id"],
            sort_order=row["sort_order"] or 0,
            kind=row["figure_kind"],
            title=row["title"] or row["figure_id"],
            subtitle=row["subtitle"] or "",
            caption=row["caption"] or "",
            published_figure=row["published_figure"],
            measure=row["measure"],
            is_log_scale=bool(row["is_log_scale"]),
            condition=row["condition"],
        )


@dataclass(frozen=True)
class Panel:
    """One page of a figure, without title and notes.

    The origin of the view is `left` px from the left edge of the page; everything drawn lies
    between y = 0 and y = `bottom` px, within `width` px. `notes` are footnotes of this page,
    `figure_notes` those of all pages together where they differ from the pages' own.
    """

    layers: tuple[alt.Chart, ...]
    left: float
    view_width: float
    view_height: float
    bottom: float
    width: float
    notes: tuple[str, ...] = ()
    figure_notes: tuple[str, ...] = ()
    page: int = 1
    pages: int = 1

    def file_stem(self, figure_id: str) -> str:
        """File name without ending: the figure id, and the page number where there are several."""
        return figure_id if self.pages == 1 else f"{figure_id}-page-{self.page}"
