"""Tables whose rows a reader may choose: whole without a script, chosen from with it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from reports import html
from reports.pages.model import DetailsBlock, Page, Section, TableBlock
from reports.site import page_html
from reports.tables import DataTable
from tests.python.reports.browsing import window

from .fixture_warehouse import REVIEW

pytestmark = pytest.mark.browser

ROWS = (
    ("Effect of <b>one</b>", "Reproduced", "Abstract"),
    ("Effect of two", "Contradicted", "Abstract"),
    ("Effect of three", "Contradicted", "Results | Discussion"),
)


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A page with a table to choose from, as a file."""
    table = DataTable("All", ("Statement", "Verdict", "Section"), ROWS, frozenset())
    page = Page(
        slug="index",
        label="T",
        title="T",
        sections=(
            Section("s", "S", (), (TableBlock("t", table, filters=("Verdict",)),)),
            Section("d", "D", (), (DetailsBlock("more", "More", table),)),
        ),
        scripts=(html.own_file("filter.js"), html.own_file("open.js")),
    )
    path = tmp_path / "index.html"
    path.write_text(page_html(page, [page], REVIEW), encoding="utf-8")
    return path.as_uri()


def test_rows_are_chosen_by_column_and_words_under_the_policy(
    browser: Browser, address: str
) -> None:
    with window(browser) as shown:
        page, faults = shown.page, []
        page.on("console", lambda message: faults.append(message.text))
        page.goto(address)

        def seen() -> list[str]:
            rows = page.locator("#t tbody tr").all()
            return [row.locator("th").inner_text() for row in rows if row.is_visible()]

        assert len(seen()) == 3
        assert page.locator("#t option").all_inner_texts() == [
            "Any (3)",
            "Reproduced (1)",
            "Contradicted (2)",
        ]
        page.get_by_label("Verdict").select_option("Contradicted")
        assert seen() == ["Effect of two", "Effect of three"]
        page.get_by_label("Words in the row").fill("RESULTS |")
        assert seen() == ["Effect of three"]
        assert page.locator("#t output").inner_text() == "1 of 3 rows"
        page.get_by_label("Verdict").select_option("")
        page.get_by_label("Words in the row").fill("<b>")
        assert seen() == ["Effect of <b>one</b>"]
        page.keyboard.press("Enter")
        assert page.url == address
        assert faults == []


def test_without_scripts_the_table_is_whole(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("#t tbody tr:visible").count() == 3
    assert page.locator("#t form").count() == 0
    context.close()


def test_an_address_opens_the_details_that_it_names(browser: Browser, address: str) -> None:
    with window(browser) as shown:
        page = shown.page
        page.goto(f"{address}#more")
        assert page.locator("#more table").is_visible()
        page.goto(f"{address}#t")
        page.locator("#more summary").click()
        assert not page.locator("#more table").is_visible()
        page.evaluate("location.hash = 'more'")
        page.locator("#more table").wait_for(state="visible")
