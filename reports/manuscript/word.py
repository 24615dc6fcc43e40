"""Methods, tables and references as a Word file."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.figure import Row, Tables
from reports.manuscript.model import Heading, ManuscriptTable, abbreviations
from reports.words import fill, review_of

FONT = "Calibri"
TEXT_SIZE, TABLE_SIZE, NOTE_SIZE = Pt(11), Pt(8.5), Pt(8)
PAPER = Mm(210), Mm(297)
MARGIN = Mm(20)
RULE = 6
"""Width of the lines above and below a table, in eighths of a point."""


class Manuscript:
    """A Word file that is written from top to bottom; every text gets the words of the review."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._review: Row = review_of(tables)
        self._document = Document()
        self._n_tables = 0
        properties = self._document.core_properties
        properties.title, properties.author = self._review["title"] or "", ""
        properties.comments = ""
        _set_styles(self._document.styles)
        self._text = _cell_style(self._document.styles, "Table text", TABLE_SIZE)
        self._number = _cell_style(self._document.styles, "Table number", TABLE_SIZE)
        self._number.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._note = _cell_style(self._document.styles, "Table note", NOTE_SIZE)
        _set_page(self._document.sections[0], is_wide=False)

    def title(self, text: str) -> None:
        """The title of the review."""
        self._document.add_heading(self._words(text), level=0)

    def heading(self, text: str, level: int = 1) -> None:
        """A heading."""
        self._document.add_heading(self._words(text), level)

    def text(self, parts: Iterable[Heading | str]) -> None:
        """Headings of the second level, and paragraphs."""
        for part in parts:
            if isinstance(part, Heading):
                self.heading(part.text, 2)
            else:
                self._document.add_paragraph(self._words(part))

    def pages(self, *, is_wide: bool) -> None:
        """Go on on a new page, upright or across."""
        _set_page(self._document.add_section(WD_SECTION.NEW_PAGE), is_wide=is_wide)

    def across(self) -> None:
        """Lay the page that was begun last across."""
        _set_page(self._document.sections[-1], is_wide=True)

    def listed(self, texts: Sequence[str], *, is_numbered: bool) -> None:
        """Texts, one below the other."""
        for number, text in enumerate(texts, start=1):
            paragraph = self._document.add_paragraph(f"{number}. {text}" if is_numbered else text)
            paragraph.paragraph_format.left_indent = Mm(8)
            paragraph.paragraph_format.first_line_indent = Mm(-8)
            paragraph.paragraph_format.space_after = Pt(3)

    def table(self, table: ManuscriptTable) -> None:
        """A table with its number and title above, notes and abbreviations below."""
        self._n_tables += 1
        caption = self._document.add_paragraph(style="Caption")
        caption.add_run(f"Table {self._n_tables}. ").bold = True
        caption.add_run(self._words(table.table.caption))
        self._rows(table)
        said = list(table.notes)
        if short := abbreviations(table, self._tables):
            said.append(f"{short}.")
        for note in said:
            self._document.add_paragraph(self._words(note), self._note)
        self._document.add_paragraph()

    def save(self, path: Path) -> None:
        """Write the file."""
        self._document.save(str(path))

    def _words(self, text: str) -> str:
        return fill(text, self._review)

    def _rows(self, table: ManuscriptTable) -> None:
        data = table.table
        columns = data.columns
        shares = table.shares or (1.0,) * len(columns)
        section = self._document.sections[-1]
        room = section.page_width - section.left_margin - section.right_margin
        widths = [int(room * share / sum(shares)) for share in shares]
        grid = self._document.add_table(rows=1, cols=len(columns))
        grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, cell, width in zip(grid.columns, grid.rows[0].cells, widths, strict=True):
            column.width = cell.width = width  # rows that are added take that of the column
        numeric = [data.is_numeric(place) for place in range(len(columns))]
        self._fill(grid.rows[0], columns, numeric, is_bold=True)
        _repeat(grid.rows[0])
        for row in data.rows:
            line = grid.add_row()
            self._fill(line, row, numeric)
            _keep_whole(line)
        _rule(grid.rows[0], "top", "bottom")
        _rule(grid.rows[-1], "bottom")

    def _fill(
        self, row: Any, texts: Sequence[Any], numeric: Sequence[bool], *, is_bold: bool = False
    ) -> None:
        for cell, text, is_right in zip(row.cells, texts, numeric, strict=True):
            self._cell(cell, str(text), self._number if is_right else self._text, is_bold=is_bold)

    def _cell(self, cell: Any, text: str, style: Any, *, is_bold: bool = False) -> None:
        paragraph = cell.paragraphs[0]
        # Of the element: `paragraph.style` looks through all styles for every cell.
        paragraph._element.style = style.style_id
        run = paragraph.add_run(self._words(text))
        if is_bold:
            run.bold = True


def _set_styles(styles: Any) -> None:
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption"):
        font = styles[name].font
        font.name, font.color.rgb = FONT, None
        fonts = styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:hAnsi"), FONT)
    styles["Normal"].font.size = TEXT_SIZE
    styles["Normal"].paragraph_format.space_after = Pt(6)
    styles["Title"].font.size = Pt(18)
    styles["Caption"].font.size, styles["Caption"].font.bold = Pt(10), False
    styles["Caption"].paragraph_format.keep_with_next = True


def _cell_style(styles: Any, name: str, size: Any) -> Any:
    """A style of paragraphs in or below a table."""
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    style.font.size = size
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1)
    return style


def _set_page(section: Any, *, is_wide: bool) -> None:
    width, height = reversed(PAPER) if is_wide else PAPER
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = width, height
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN


def _repeat(row: Any) -> None:
    """Have a row stand at the head of each page of its table."""
    _keep_whole(row)
    head = OxmlElement("w:tblHeader")
    row._tr.get_or_add_trPr().append(head)


def _keep_whole(row: Any) -> None:
    """Have no page break within a row."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _rule(row: Any, *sides: str) -> None:
    """Draw a line along sides of a row."""
    for cell in row.cells:
        properties = cell._tc.get_or_add_tcPr()
        borders = properties.find(qn("w:tcBorders"))
        if borders is None:
            borders = OxmlElement("w:tcBorders")
            properties.append(borders)
        for side in sides:
            if borders.find(qn(f"w:{side}")) is not None:
                continue
            line = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", str(RULE)), ("color", "000000")):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
