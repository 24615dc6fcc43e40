"""What a figure, a page of it and a kind of figure are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # loading it takes longer than most commands, which draw nothing
    import altair as alt

Row = Mapping[str, Any]

SIDES = (
    "scale_label",
    "above_favours",
    "above_text",
    "below_text",
    "side_verb",
    "above_axis",
    "below_axis",
)
"""Columns of rpt_figures that say what its axis is and what its sides stand for."""
PARTICIPANTS = "Participants"
"""What stands over the sizes of members where they are people."""
RATES = {"percent": "percentage", "rate": "rate"}
"""Measures of the rates of one group, with what sentences call them."""
TOOLS = {"amstar": "AMSTAR", "amstar2": "AMSTAR 2"}
"""Tools that meta-analyses are appraised by."""
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
    slug: str
    decimals: int | None = None
    condition: str | None = None
    scale_label: str | None = None
    above_favours: bool | None = None
    above_text: str | None = None
    below_text: str | None = None
    side_verb: str | None = None
    above_axis: str | None = None
    below_axis: str | None = None
    page_caption: str = ""

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
            page_caption=row["page_caption"] or "",
            published_figure=row["published_figure"],
            measure=row["measure"],
            is_log_scale=bool(row["is_log_scale"]),
            slug=row["slug"],
            decimals=row["decimals"],
            condition=row["condition"],
            **{name: row[name] for name in SIDES},
        )

    @property
    def is_percent(self) -> bool:
        """True for percentages of one group."""
        return self.measure == "percent"

    @property
    def is_of_rates(self) -> bool:
        """True for rates of one group, in percent or per person-time: no value means no effect."""
        return self.measure in RATES

    @property
    def rate_word(self) -> str:
        """What sentences call a rate of one group."""
        return RATES[self.measure or ""]

    @property
    def measure_heading(self) -> str:
        """What stands over a column of its numbers."""
        return self.rate_word.capitalize() if self.is_of_rates else self.measure or "Estimate"

    @property
    def measure_label(self) -> str:
        """What the numbers of the figure are called."""
        return self.scale_label or self.measure or "Estimate"

    @property
    def first_side(self) -> str:
        """The side that is told of first: the good one, or the one above no effect."""
        return "below" if self.above_favours is False else "above"

    def side_of_most(self, above: int, below: int) -> tuple[str, int]:
        """The side with more results, and how many; the first side where both have as many."""
        first = self.first_side
        counts = {"above": above, "below": below}
        side = max(counts, key=lambda side: (counts[side], side == first))
        return side, counts[side]

    def on_side(self, side: str | None, *, several: bool = False) -> str:
        """`favours the intervention`, `show a higher risk of relapse`, `no clear effect`."""
        if side not in ("above", "below"):
            return "no clear effect"
        words = self.above_text if side == "above" else self.below_text
        verb = (words and self.side_verb) or "lie"
        return f"{verb}{'' if several else 's'} {words or f'{side} no effect'}"


@dataclass(frozen=True)
class Area:
    """A part of a picture that leads somewhere on the site, in px of the view, with its name."""

    x: float
    y: float
    width: float
    height: float
    href: str
    name: str


@dataclass(frozen=True)
class Panel:
    """One page of a figure, without title and notes.

    The origin of the view is `left` px from the left edge of the page; everything drawn lies
    between y = 0 and y = `bottom` px, within `width` px. `notes` are footnotes of this page,
    `figure_notes` those of all pages together where they differ from the pages' own. `areas` lead
    somewhere on a page of the site; the files have none.
    """

    layers: "tuple[alt.Chart, ...]"
    left: float
    view_width: float
    view_height: float
    bottom: float
    width: float
    notes: tuple[str, ...] = ()
    figure_notes: tuple[str, ...] = ()
    page: int = 1
    pages: int = 1
    areas: tuple[Area, ...] = ()

    def file_stem(self, slug: str) -> str:
        """File name without ending: the slug, and the page number where there are several."""
        return slug if self.pages == 1 else f"{slug}-page-{self.page}"


Draw = Callable[[Figure, Tables], tuple[Panel, ...]]
RECOMMENDED = "recommended"
"""The policy that figures show where they show one."""


@dataclass(frozen=True)
class Outlined:
    """The figures of a kind that `umbrella outline` writes, and their place among the others.

    With `sheets` it is one, where one of them has rows, and what the review calls a condition
    stands for `{condition}` in its title. Without, it is one for each headline, which is its block
    and whose label stands before the title; identifier, label and short name of the headline take
    the place of `{analysis}`, `{label}` and `{short}`. Empty texts
    are those of the scale of the headline. A headline that is a rate has those for rates alone,
    one of fewer than `least` meta-analyses none.
    """

    order: int
    figure_id: str
    title: str
    subtitle: str = ""
    measure: str = ""
    sheets: tuple[str, ...] = ()
    block: str = "{short}"
    is_for_rates: bool = False
    least: int = 1


@dataclass(frozen=True)
class FigureKind:
    """All that one kind of figure is; its parts are functions of a figure and the tables.

    reads      names of the tables it reads, the one behind its picture first
    draw       its pages
    message    what its data show in one line; None where they allow no statement
    describe   alternative text: what a reader who does not see the picture must know
    columns    column names of its data table; those in `numeric` align right
    data_rows  rows of its data table, as texts
    leads      address and name of what each row of its data table leads to, from its first number;
               an empty address for none
    renamed    columns of its data table that have another name here; None for none
    page       slug of the page that shows it where it is about no single condition
    section    section that shows it on the page of a condition
    phone      its pages for a narrow screen; None where the wide ones scroll there
    own_rows   rows of its first table that are its own; None for all
    where      the SQL condition that finds these; None where `figure_id` does, or all are
    is_long    True where it may break between pages on paper
    is_words   True for a table of words, which a site has not as PNG unless that is asked for
    is_detail  True for one that a site folds away: it has its picture as SVG alone, PNG and PDF
               where they are asked for
    outlined   what `umbrella outline` writes of it; None for what it makes otherwise
    """

    reads: tuple[str, ...]
    draw: Draw
    message: Callable[[Figure, Tables], str | None]
    describe: Callable[[Figure, Tables], str]
    columns: tuple[str, ...]
    numeric: frozenset[str]
    data_rows: Callable[[Figure, Tables], list[tuple[str, ...]]]
    page: str
    renamed: Callable[[Figure, Tables], Mapping[str, str]] | None = None
    section: str | None = None
    phone: Draw | None = None
    leads: Callable[[Figure, Tables], list[tuple[str, str]]] | None = None
    own_rows: Callable[[Figure, Tables], Sequence[Row]] | None = None
    where: Callable[[Figure, Tables], str] | None = None
    is_long: bool = False
    is_words: bool = False
    is_detail: bool = False
    outlined: Outlined | None = None

    def headings(self, figure: Figure, tables: Tables) -> tuple[str, ...]:
        """The column names of the data table of a figure."""
        names = self.renamed(figure, tables) if self.renamed else {}
        return tuple(names.get(column, column) for column in self.columns)

    def title(self, figure: Figure, tables: Tables) -> str:
        """What a figure shows in one line, or its own title where the data allow no statement."""
        return self.message(figure, tables) or figure.title
