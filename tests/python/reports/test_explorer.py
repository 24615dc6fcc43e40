"""The page that pools again: its data and chart, and what a reader does with it in a browser."""

import codecs
import csv
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser, Page
from scipy import stats

from reports import explorer, formats, html, site, spreadsheets, text, theme
from reports.exports import WarehouseTables, describe_tables, open_tables
from reports.figure import Row, Tables
from reports.pages import explorer as explorer_page
from reports.pages.model import Content
from tests.python.conftest import ROOT, append, build_warehouse
from tests.python.reports.browsing import DESKTOP, LOW_CONTRAST, PAPER, PHONE, window
from tests.python.reports.fixture_explorer import ANALYSES, MARKUP, METHODS, expected
from tests.python.warehouse.independent_pools import rows as sheet_rows
from umbrella.project import PROJECT_FILE, read_properties

from .fixture_warehouse import REVIEW

NUMBERS = ("estimate", "ci_low", "ci_high", "tau2", "i2", "q")
READY = "document.querySelectorAll('#explorer-live tr').length > 0"
LIVE = """() => Object.fromEntries([...document.querySelectorAll("#explorer-live data")]
  .map((item) => [item.className, Number(item.value)]))"""
LABELS = """() => [...document.querySelectorAll("#explorer-members th")]
  .map((cell) => cell.textContent.trim())"""
# Name of each control as the label says it.
NAMES = """() => [...document.querySelectorAll("#explorer-form select, #explorer-form input")]
  .map((control) => [control.id, [...control.labels].map((label) => label.textContent).join()])"""
TOLERANCE = 1e-9
FORMULAS = ("=1+1", "+A1", "-2+3", "@SUM(A1)")
PAGE_TABLES = (
    "rpt_explorer",
    "rpt_explorer_analyses",
    "rpt_explorer_codes",
    "rpt_explorer_kinds",
    "rpt_explorer_options",
    "rpt_explorer_pools",
    "fct_selection_ranks",
    "dim_selection_rules",
)
SMD = explorer.Kind(
    key="smd", label="Standardised mean difference", measure="SMD", decimals=2, shown_as="identity",
    no_effect=0.0, member="meta-analysis", members="meta-analyses",
    studies="trials",
)  # fmt: skip
# Cut, what is typed or chosen, and which members are left.
CUT: tuple[tuple[str, str, Callable[[Row], bool]], ...] = (
    ("source", "full text", lambda row: row["source_kind"] == "full_text"),
    ("min_amstar", "5", lambda row: (row["amstar_score"] or 0) >= 5),
    ("min_trials", "20", lambda row: (row["n_trials"] or 0) >= 20),
    ("year_from", "2018", lambda row: row["year"] >= 2018),
    ("year_to", "2016", lambda row: row["year"] <= 2016),
    ("estimate_from", "0.4", lambda row: row["yi"] >= 0.4),
    ("estimate_to", "0.4", lambda row: row["yi"] <= 0.4),
)


def content_of(tables: Tables) -> Content:
    """All that the page is made from, without figures."""
    return Content(tables=tables, drawn=(), review=REVIEW, database=Path("not read"))


def write_page(tables: Tables, folder: Path) -> Path:
    """The page alone."""
    [page] = explorer_page.pages(content_of(tables))
    target = folder / page.file_name
    target.write_text(site.page_html(page, [page], REVIEW), encoding="utf-8")
    return target


def members_of(tables: Tables, analysis: str) -> list[Row]:
    """Members of an analysis of the made-up review."""
    *_, members = ANALYSES[analysis]
    return [row for row in tables["rpt_explorer"] if row["effect_id"] in members]


def pooled(rows: Iterable[Row]) -> dict[str, float]:
    """What the live pool must give, by other code."""
    found = expected([(row["yi"], row["vi"]) for row in rows])
    return {("i2" if name == "i2_q" else name): value for name, value in found.items()}


def assert_equal(live: Mapping[str, float], wanted: Mapping[str, float]) -> None:
    """Each number that is wanted is there."""
    for name in NUMBERS:
        if wanted.get(name) is not None and ("q" in live or name in NUMBERS[:3]):
            assert live[name] == pytest.approx(wanted[name], rel=0, abs=TOLERANCE), name


@pytest.fixture(scope="module")
def file(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the made-up review."""
    return write_page(tables, tmp_path_factory.mktemp("page"))


def facts_of(file: Path) -> dict[str, Any]:
    """What a page gives its script."""
    held = re.search(r'id="explorer-facts">(.*?)</script>', file.read_text(), re.DOTALL)
    return json.loads(held[1])


@pytest.fixture(scope="module")
def facts(file: Path) -> dict[str, Any]:
    """What the page gives its script."""
    return facts_of(file)


@pytest.fixture(scope="module")
def kind(facts: dict[str, Any]) -> dict[str, Any]:
    """What it says of its only kind of analysis."""
    [only] = facts["kinds"].values()
    return only


def test_each_cut_has_one_control(file: Path, kind: dict[str, Any]) -> None:
    text = file.read_text()
    controls = [item.name for item in explorer_page.cuts([kind])]
    assert sorted(controls) == sorted([*(name for name, *_ in CUT), explorer.BRUSH_MODE])
    for name in controls:
        assert text.count(f'id="{explorer.control_id(name)}"') == 1


def test_scores_end_where_those_of_the_review_end(tables: Tables) -> None:
    rows = [row | {"amstar_score": 16} for row in tables["rpt_explorer"]]
    assert explorer_page.limits_of_cuts(rows)["min_amstar"] == (0, 16, 1)


def test_a_method_that_the_page_cannot_compute_is_not_offered(tables: Tables) -> None:
    odd = changed_seed(tables, ci_method="PL")
    policies = explorer.policies(odd["rpt_explorer_pools"])
    assert list(explorer.offered_policies(policies)) == ["recommended"]
    chosen = [item.chosen for item in explorer_page.methods(policies["seed_paper"]["settings"])]
    assert chosen == ["DL", "z", "HTS"]


def rows_of(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    """Rows of a table that the page has as a list for each column."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def test_the_filters_are_those_of_the_warehouse(
    file: Path, kind: dict[str, Any], tables: Tables
) -> None:
    names = list(dict.fromkeys(row["filter_name"] for row in tables["rpt_explorer_options"]))
    assert list(kind["filters"]) == names
    text = file.read_text()
    for name in names:
        assert text.count(f'id="{explorer.control_id(name)}"') == 1
        is_open = kind["filters"][name]["may_be_open"]
        control = re.search(rf'<select id="{explorer.control_id(name)}".*?</select>', text, re.S)[0]
        assert ('value="">Any<' in control or 'value="" selected>Any<' in control) == is_open


def test_every_effect_and_pool_is_on_the_page(kind: dict[str, Any], tables: Tables) -> None:
    names = ("effect_id", "cluster_id", "scope", "yi", "vi", "source_locator")
    effects, pools = rows_of(kind["effects"]), rows_of(kind["pools"])
    shown = [[row[name] for name in names] for row in effects]
    assert shown == [[row[name] for name in names] for row in tables["rpt_explorer"]]
    codes = {
        (row["row_id"], row["filter_name"]): row["code"]
        for row in tables["rpt_explorer_codes"]
        if row["row_kind"] == "effect"
    }
    for row in effects:
        for name, code in zip(kind["filters"], row["codes"], strict=True):
            assert codes.get((row["effect_id"], name)) == code
    keys = [(pool["analysis_id"], pool["policy_id"]) for pool in pools]
    pooled = [key for key, (*_, members) in ANALYSES.items() if members]
    assert sorted(keys) == sorted((a, policy) for a in pooled for policy in METHODS)


def test_texts_of_a_member(tables: Tables) -> None:
    row = dict(tables["rpt_explorer"][0]) | {
        "estimate": -0.204,
        "ci_low": -3.0,
        "ci_high": 0.25,
        "n_trials": None,
        "n_participants": 12567,
        "amstar_score": None,
    }
    codes = {row["effect_id"]: {"guidance": "guided"}}
    asked, places = {row["effect_id"]: {"guidance"}}, {row["effect_id"]: {"newest": 3}}
    [made] = explorer.effect_rows(SMD, [row], codes, asked, places, ["therapy", "guidance"])
    assert made["result"] == "−0.20 (−3.00 to 0.25)"
    assert (made["trials"], made["size"]) == ("NR", "12\u2009567")
    per_time, row["person_time"] = replace(SMD, person_time_unit="person-years"), 14820.4
    [timed] = explorer.effect_rows(per_time, [row], codes, asked, places, ["therapy", "guidance"])
    assert (per_time.size, timed["size"]) == ("Person-years", "14\u2009820")
    assert made["codes"] == [None, "guided"]
    assert (made["asked"], made["places"]) == ([1], {"newest": 3})
    [(key, facts)] = explorer.members([row]).items()
    assert (key, facts["amstar"]) == (row["cluster_id"], "not rated")


def test_a_pool_without_a_result_is_left_out(tables: Tables) -> None:
    rows = [row for row in tables["rpt_explorer_pools"] if row["analysis_id"] == "stress"]
    changed = [
        row | {"estimate": None} if row["policy_id"] == "seed_paper" else row for row in rows
    ]
    assert [pool["policy_id"] for pool in explorer.pool_rows(changed)] == ["recommended"]


@pytest.mark.parametrize("name", ["rpt_explorer", "rpt_explorer_analyses"])
def test_without_effects_or_analyses_there_is_no_page(tables: Tables, name: str) -> None:
    assert explorer_page.pages(content_of({**tables, name: []})) == []


def test_years_that_are_not_known(tables: Tables) -> None:
    rows = [row | {"year": None} for row in tables["rpt_explorer"]]
    assert explorer_page.years_of(rows) == (1900, 2100)
    assert explorer_page.years_of(tables["rpt_explorer"]) == (2010, 2031)


def test_json_inside_a_page_ends_no_element() -> None:
    text = html.embedded({"a": "</script><b>"})
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><b>"}
    with pytest.raises(ValueError, match="Out of range float"):
        html.embedded([float("nan")])


def test_content_policy_names_what_a_page_may_do() -> None:
    plain = html.content_policy()
    assert "script-src" not in plain
    full = html.content_policy(
        ["p{}"], ["one", "two"], {"script-src": ("'wasm-unsafe-eval'",), "worker-src": ("blob:",)}
    )
    assert f"{html.digest('one')} {html.digest('two')} 'wasm-unsafe-eval'" in full
    assert f"{html.digest(html.style_sheet())} {html.digest('p{}')}; " in full
    assert full.endswith("; worker-src blob:")


def until(page: Page, expression: str) -> None:
    """Wait for an expression to be true; what waits inside the page would need its eval."""
    for _ in range(400):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"It is never true that {expression}")


@contextmanager
def opened(
    browser: Browser, file: Path, viewport: Mapping[str, int] = DESKTOP, scheme: str = "light"
) -> Iterator[tuple[Page, list[str]]]:
    """The drawn page, offline, with everything it complained about or asked for."""
    with window(browser, viewport, scheme) as shown:
        shown.open(file.as_uri())
        until(shown.page, READY)
        assert shown.events == []
        yield shown.page, shown.events


def fill(page: Page, name: str, value: str) -> None:
    """Choose or type a value."""
    control = page.locator(f"#{explorer.control_id(name)}")
    if control.evaluate("(node) => node.tagName") == "SELECT":
        control.select_option(value)
    else:
        control.fill(value)


def until_said(page: Page, name: str, said: str) -> None:
    """Wait until a part of the page holds some words."""
    until(page, f"document.getElementById('explorer-{name}').textContent.includes({said!r})")


def words(page: Page, name: str) -> str:
    """Text of a part of the page."""
    return page.locator(f"#explorer-{name}").text_content()


@pytest.fixture(params=["made-up", pytest.param("shipped", marks=pytest.mark.build)])
def review(
    request: pytest.FixtureRequest, tmp_path: Path, tables: Tables, file: Path
) -> Iterator[tuple[Path, Tables]]:
    """A page and the tables behind it: of the made-up review, or of the shipped one."""
    if request.param == "made-up":
        yield file, tables
        return
    with open_tables(request.getfixturevalue("shipped_database")) as shipped:
        yield write_page(shipped, tmp_path), shipped


def choose(page: Page, values: Mapping[str, str]) -> None:
    """Set several controls at once and wait until the page shows what they give."""
    page.evaluate(
        """async (values) => {
          for (const [name, value] of Object.entries(values)) {
            const control = document.querySelector(`#explorer-form [name="${name}"]`);
            control.value = value;
            control.dispatchEvent(new Event("input", { bubbles: true }));
          }
          await new Promise((resolve) => setTimeout(resolve, 30));
        }""",
        dict(values),
    )


def declared(tables: Tables) -> Iterator[tuple[Row, Row, dict[str, str], Row]]:
    """Each analysis that the page can pool, its kind, what asks for it, and its pool."""
    kinds = {row["analysis_kind"]: row for row in tables["rpt_explorer_kinds"]}
    for analysis in tables["rpt_explorer_analyses"]:
        codes = {
            row["filter_name"]: row["code"]
            for row in tables["rpt_explorer_codes"]
            if (row["row_kind"], row["row_id"]) == ("analysis", analysis["analysis_id"])
        }
        names = {
            row["filter_name"]
            for row in tables["rpt_explorer_options"]
            if row["analysis_kind"] == analysis["analysis_kind"]
        }
        offered = {name: code for name, code in codes.items() if name in names}
        chosen = dict.fromkeys(names, "") | offered
        chosen[explorer.SELECTION] = analysis["selection_rule"]
        if kind_has_scopes(tables, analysis["analysis_kind"]):
            chosen[explorer.SCOPE] = analysis["required_scope"]
        [pool] = [
            row | {"i2": row["i2_q"]}
            for row in tables["rpt_explorer_pools"]
            if (row["analysis_id"], row["policy_id"]) == (analysis["analysis_id"], "seed_paper")
        ]
        yield analysis, kinds[analysis["analysis_kind"]], chosen, pool


def kind_has_scopes(tables: Tables, key: str) -> bool:
    """Whether a kind of analysis has rows that are no main pools."""
    rows = [row for row in tables["rpt_explorer"] if row["analysis_kind"] == key]
    return any(row["scope"] != "overall" for row in rows)


def show_kind(page: Page, key: str) -> None:
    """Choose a kind of analysis, where there are several, and wait for its chart."""
    control = page.locator(f"#{explorer.control_id(explorer.MEASURE)}")
    if control.count() and control.input_value() != key:
        page.evaluate("document.getElementById('explorer-live').replaceChildren()")
        control.select_option(key)
        until(page, READY)


def assert_all_reproduced(browser: Browser, page_file: Path, tables: Tables) -> int:
    """Each declared analysis as the warehouse pools it; returns how many have something to pool."""
    shown = facts_of(page_file)["kinds"]
    n_pooled = 0
    with opened(browser, page_file) as (page, events):
        for analysis, kind, chosen, pool in declared(tables):
            if kind["analysis_kind"] not in shown:
                assert pool["k"] == 0, "a kind without rows"
                continue
            show_kind(page, kind["analysis_kind"])
            choose(page, chosen)
            label = analysis["analysis_label"]
            assert words(page, "status").startswith(f"{label}: "), chosen
            live = page.evaluate(LIVE)
            if pool["k"] == 0:
                assert "nothing to pool" in words(page, "live"), label
                assert "nothing to pool here either" in words(page, "equality"), label
                continue
            n_pooled += 1
            named = kind["member_word"] if pool["k"] == 1 else kind["members_word"]
            assert f"{pool['k']} of {pool['k']} {named} give" in words(page, "status"), label
            assert live["k"] == pool["k"], label
            assert_equal(live, pool)
            assert "the live pool equals the warehouse's result" in words(page, "equality"), label
        assert events == []
    return n_pooled


@pytest.mark.browser
def test_every_declared_analysis_is_reproduced(
    browser: Browser, review: tuple[Path, Tables]
) -> None:
    page_file, tables = review
    n_pooled = assert_all_reproduced(browser, page_file, tables)
    is_subgroup = [row["required_scope"] == "any" for row in tables["rpt_explorer_analyses"]]
    assert any(is_subgroup)
    assert n_pooled > len(tables["rpt_explorer_analyses"]) / 2


def random_analyses(sheets: Path, rng: random.Random, number: int) -> list[dict[str, str]]:
    """Analyses that nobody declared: some codes of a reported effect as filters, and a scope."""
    classes = {
        row["code"]: row["comparator_class"]
        for row in sheet_rows(sheets / "vocabulary", "comparators")
    }
    analyses = sheet_rows(sheets / "protocol", "analyses")
    declared_filters = read_properties(ROOT / PROJECT_FILE)["vars"]["analysis_filters"]
    filters = [name for name, acts_on in declared_filters.items() if "effects" in acts_on]

    def asked(row: Mapping[str, str]) -> tuple[str, ...]:
        """What a row asks for; one that names no time asks for effects after treatment."""
        named = {**row, "timepoint": row["timepoint"] or "post"}
        return tuple(named[name] for name in (*filters, "required_scope"))

    taken = {asked(row) for row in analyses}
    effects = [row for row in sheet_rows(sheets / "extraction", "reported_effects")
               if row["outcome"] == "symptom"]  # fmt: skip
    made: list[dict[str, str]] = []
    while len(made) < number:
        effect = rng.choice(effects)
        codes = effect | {"comparator_class": classes[effect["comparator"]]}
        chosen = {
            name: codes.get(name, "") if rng.random() < 0.35 else "" for name in filters
        } | {"outcome": "symptom"}  # fmt: skip
        if chosen["comparator_class"] not in ("", "active", "inactive"):
            continue
        chosen["required_scope"] = rng.choice(["overall", "any"])
        if asked(chosen) in taken:
            continue
        taken.add(asked(chosen))
        made.append({
            **chosen, "analysis_id": f"random_{len(made)}", "label": f"Random {len(made)}",
            "analysis_group": "secondary", "unit": "meta_analysis", "scale": "smd",
            "selection_rule": "all", "sort_order": str(9000 + len(made)),
        })  # fmt: skip
    return made


@pytest.mark.browser
@pytest.mark.build
def test_any_filters_choose_as_the_warehouse_does(
    browser: Browser, copied_sheets: Path, tmp_path: Path
) -> None:
    added = random_analyses(copied_sheets, random.Random(13), 80)
    append(copied_sheets / "protocol/analyses.csv", *added)
    database = build_warehouse(tmp_path, copied_sheets, selection=" ".join(PAGE_TABLES))
    with duckdb.connect(str(database), read_only=True) as connection:
        found = WarehouseTables(connection, describe_tables(connection))
        tables = {name: found[name] for name in PAGE_TABLES} | {"rpt_headline": []}
    shown = {row["analysis_id"] for row in tables["rpt_explorer_analyses"]}
    assert {row["analysis_id"] for row in added} <= shown
    n_pooled = assert_all_reproduced(browser, write_page(tables, tmp_path), tables)
    assert n_pooled > len(shown) / 2


@pytest.mark.browser
def test_the_filters_of_a_subgroup_take_its_pools_by_themselves(
    browser: Browser, file: Path
) -> None:
    with opened(browser, file) as (page, events):
        assert words(page, "status").startswith("Depression: 14 of 14")
        assert "Author20 A 2030" in words(page, "choice")
        counts = r"\d+ reported results of \d+ meta-analyses can be pooled"
        assert re.match(counts, words(page, "choice"))
        fill(page, "comparator_class", "active")
        until_said(page, "status", "Depression: against active controls: 7 of 7")
        assert "instead of Author21 A 2031." in words(page, "choice")
        assert "(main pools and subgroups); 7 enter" in words(page, "choice")
        fill(page, "guidance", "guided")
        until_said(page, "status", "Depression, Active, Guided: 6 of 6")
        assert "no analysis of exactly these filters" in words(page, "equality")
        assert page.locator("#explorer-warehouse tr").count() == 0
        fill(page, explorer.SCOPE, "overall")
        until_said(page, "status", "Depression, Active, Guided: 4 of 4")
        assert events == []


@pytest.mark.browser
def test_what_is_said_follows_every_control(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        fill(page, "min_amstar", "5")
        until_said(page, "equality", "(AMSTAR, at least 5)")
        kept = page.evaluate(LABELS)
        fill(page, "estimate_from", "-5")
        until_said(page, "equality", "(AMSTAR, at least 5; SMD from -5)")
        assert page.evaluate(LABELS) == kept, "the same rows, other words"


STATE = {
    "condition": "",
    "guidance": "guided",
    "pools": "any",
    "year_from": "2012",
    "brush_mode": "drop",
}


@pytest.mark.browser
def test_the_state_stands_in_the_address(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, events):
        assert "#" not in page.url
        choose(page, STATE)
        assert page.url.partition("#")[2] == (
            "condition=&guidance=guided&pools=any&year_from=2012&brush_mode=drop"
        )
        left = page.evaluate(LABELS)
        said = words(page, "status")
        address = page.url
        page.goto("about:blank")
        page.goto(address)
        until(page, READY)
        assert page.evaluate(LABELS) == left
        assert words(page, "status") == said
        for name, value in STATE.items():
            assert page.locator(f"#{explorer.control_id(name)}").input_value() == value
        assert not page.locator("#explorer-address").is_visible()
        page.get_by_role("button", name="Clear all filters").click()
        until(page, "location.hash === ''")
        assert events == [f"request: {file.as_uri()}"]


@pytest.mark.browser
def test_a_new_address_is_read_and_links_within_the_page_are_none(
    browser: Browser, file: Path
) -> None:
    with opened(browser, file) as (page, events):
        page.evaluate("location.hash = '#condition=stress'")
        until_said(page, "status", "Stress: 3 of 3")
        page.evaluate("location.hash = '#section-pool'")
        page.wait_for_timeout(100)
        assert words(page, "status").startswith("Stress: 3 of 3")
        assert not page.locator("#explorer-address").is_visible()
        assert events == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("guidance=nobody", "guidance=nobody"),
        ("year_from=soon", "year_from=soon"),
        ("year_from=", "year_from="),
        (
            "year_from=0x7d0&year_to=%2B2015&min_trials=2.&min_amstar=%202",
            "year_from=0x7d0, year_to=+2015, min_trials=2., min_amstar= 2",
        ),
        ("rectangle=1%200%202010%202020", "rectangle=1 0 2010 2020"),
        ("rectangle=0%201%202010", "rectangle=0 1 2010"),
        ("rectangle=0%20%202010%202020", "rectangle=0  2010 2020"),
        ("%3Cb%3E=1", "<b>=1"),
        ("toString=1", "toString=1"),
    ],
)
def test_a_bad_address_is_said_and_ignored(
    browser: Browser, file: Path, bad: str, told: str
) -> None:
    with window(browser) as shown:
        shown.open(f"{file.as_uri()}#{bad}&condition=stress")
        page = shown.page
        until(page, READY)
        assert words(page, "status").startswith("Stress: 3 of 3")
        alert = page.locator("#explorer-address")
        assert alert.is_visible()
        assert alert.text_content().endswith(f"ignored: {told}.")
        fill(page, "condition", "ocd")
        until_said(page, "status", "Compulsions: 1 of 1")
        assert page.url.endswith("#condition=ocd")
        assert not alert.is_visible()
        assert shown.events == []


@pytest.mark.browser
@pytest.mark.parametrize(("name", "value", "passes"), CUT, ids=[item[0] for item in CUT])
def test_a_cut_pools_what_is_left(
    browser: Browser,
    file: Path,
    tables: Tables,
    name: str,
    value: str,
    passes: Callable[[Row], bool],
) -> None:
    members = members_of(tables, "depression")
    left = [row for row in members if passes(row)]
    assert 1 < len(left) < len(members)
    with opened(browser, file) as (page, events):
        fill(page, name, value)
        until_said(page, "status", f"Depression: {len(left)} of")
        assert sorted(page.evaluate(LABELS)) == sorted(row["citation_label"] for row in left)
        live = page.evaluate(LIVE)
        assert live["k"] == len(left)
        assert_equal(live, pooled(left))
        assert f"{len(left)} of {len(members)} meta-analyses" in words(page, "status")
        out = f"{len(members) - len(left)} of {len(members)} meta-analyses are left out"
        label = page.locator(f"label[for={explorer.control_id(name)}]").text_content()
        assert f"{out} ({label} {value.capitalize()}): " in words(page, "equality")
        fill(page, name, "")
        until_said(page, "status", f"Depression: {len(members)} of")
        assert len(page.evaluate(LABELS)) == len(members)
        assert events == []


@pytest.mark.browser
def test_filters_add_up_until_nothing_is_left(browser: Browser, file: Path, tables: Tables) -> None:
    with opened(browser, file) as (page, events):
        fill(page, "year_from", "2015")
        fill(page, "year_to", "2015")
        until_said(page, "status", "Depression: 1 of 14")
        [only] = [row for row in members_of(tables, "depression") if row["year"] == 2015]
        assert page.evaluate(LABELS) == [only["citation_label"]]
        live = page.evaluate(LIVE)
        assert set(live) == {"estimate", "ci_low", "ci_high", "p_value", "k"}
        assert_equal(live, pooled([only]))
        fill(page, "estimate_to", str(only["yi"] - 0.01))
        until_said(page, "status", "none of 14")
        assert page.evaluate(LABELS) == []
        assert "none of 14" in words(page, "status")
        assert "nothing to pool" in words(page, "live")
        page.get_by_role("button", name="Clear all filters").click()
        until(page, "document.querySelectorAll('#explorer-members tr').length === 14")
        assert page.locator("#explorer-year-from").input_value() == ""
        assert events == []


@pytest.mark.browser
def test_a_rectangle_keeps_or_drops_what_it_covers(
    browser: Browser, file: Path, tables: Tables
) -> None:
    members = {row["citation_label"]: row for row in members_of(tables, "depression")}
    with opened(browser, file) as (page, events):
        plot = page.locator("#explorer-chart .upper-plot")
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        left, top = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.2
        page.mouse.move(left, top)
        page.mouse.down()
        page.mouse.move(left + box["width"] * 0.3, top + box["height"] * 0.6, steps=4)
        page.mouse.up()
        kept = page.evaluate(LABELS)
        assert 0 < len(kept) < len(members)
        assert_equal(page.evaluate(LIVE), pooled(members[label] for label in kept))
        address = page.url
        assert "#rectangle=" in address
        page.set_viewport_size(PHONE)
        until(page, "document.querySelector('#explorer-chart svg').clientWidth < 380")
        assert page.evaluate(LABELS) == kept, "the rectangle survives another width"
        page.set_viewport_size(DESKTOP)
        until(page, "document.querySelector('#explorer-chart svg').clientWidth > 700")
        page.goto("about:blank")
        page.goto(address)
        until(page, READY)
        assert page.evaluate(LABELS) == kept, "the address holds the rectangle"
        fill(page, explorer.BRUSH_MODE, "drop")
        until_said(page, "equality", "drops")
        assert "(Rectangle drawn in the chart drops what it covers)" in words(page, "equality")
        dropped = page.evaluate(LABELS)
        assert sorted([*kept, *dropped]) == sorted(members)
        assert_equal(page.evaluate(LIVE), pooled(members[label] for label in dropped))
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        page.mouse.dblclick(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
        until(page, "document.querySelectorAll('#explorer-members tr').length === 14")
        assert events == [f"request: {file.as_uri()}"]


@pytest.mark.browser
def test_what_lies_beyond_the_axis_is_an_arrowhead_that_a_rectangle_takes(
    browser: Browser, tables: Tables, tmp_path: Path
) -> None:
    far = {"yi": 40.0, "vi": 25.0, "estimate": 40.0, "ci_low": 30.2, "ci_high": 49.8}
    rows = [row | far if row["effect_id"] == "depression_05" else row
            for row in tables["rpt_explorer"]]  # fmt: skip
    points = """() => [...document.querySelectorAll("#explorer-chart .point")].map((node) => (
      { key: node.dataset.key ?? null, told: node.textContent, shape: node.localName,
        bottom: node.getBBox().y + node.getBBox().height }))"""
    with opened(browser, write_page({**tables, "rpt_explorer": rows}, tmp_path)) as (page, events):
        drawn = page.evaluate(points)
        beyond = [one for one in drawn if one["told"].endswith("\nBeyond the axis")]
        assert [one["shape"] for one in beyond] == ["path"]
        assert [one["shape"] for one in drawn].count("circle") == 13
        assert page.locator("#explorer-chart .member .estimate").count() == 13
        plot = page.locator("#explorer-chart .upper-plot")
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"], box["y"] + box["height"], steps=4)
        page.mouse.up()
        assert "Author05 A 2015" in page.evaluate(LABELS)
        assert re.search(r"#rectangle=[\d.]+\+Infinity\+", page.url)
        choose(page, {explorer.BRUSH_MODE: "drop", "upper": "se"})
        kept = page.evaluate(LABELS)
        assert "Author05 A 2015" not in kept
        drawn = page.evaluate(points)
        assert [one for one in drawn if "undefined" in one["told"]] == []
        assert max(one["bottom"] for one in drawn) < 130, "what is dropped stays in the funnel"
        dropped = [one for one in drawn if one["key"] is None]
        assert len(dropped) == 14 - len(kept) > 0
        assert all("\nWeight: out\n" in one["told"] for one in dropped)
        assert events == []


@pytest.mark.browser
def test_the_keyboard_alone_is_enough(
    browser: Browser, file: Path, facts: dict[str, Any], tables: Tables
) -> None:
    with opened(browser, file) as (page, events):
        named = page.evaluate(NAMES)
        assert all(name for _, name in named)
        assert len({name for _, name in named}) == len(named)
        controls = page.evaluate("document.querySelectorAll('#explorer-form [name]').length")
        assert len(named) == controls == len(facts["filters"]) + 2 + len(CUT) + 1 + 3 + 2
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == named[0][0]:
                break
        page.keyboard.press("ArrowDown")
        until_said(page, "status", "Stress: 3 of 3")
        for key, _ in named[1:]:
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.id") == key
            shown = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(shown) != "none"
            if key == explorer.control_id("year_from"):
                page.keyboard.type("2011")
        left = [row for row in members_of(tables, "stress") if row["year"] >= 2011]
        until_said(page, "status", "Stress: 2 of 3")
        assert page.evaluate(LIVE)["k"] == len(left) == 2
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        until(page, "document.querySelectorAll('#explorer-members tr').length === 14")
        assert events == []


@pytest.mark.browser
def test_screen_readers_are_told(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        assert page.get_by_role("status").text_content().startswith("Depression: 14 of 14")
        chart = page.get_by_role("img", name=re.compile("Depression: 14 of 14"))
        assert chart.count() == 1
        page.locator("main summary").click()
        assert page.get_by_role("table", name="Meta-analyses that are left").count() == 1
        amstar = page.get_by_label("AMSTAR, at least")
        hint = page.locator(f"#{amstar.get_attribute('aria-describedby')}")
        assert hint.text_content() == "Leaves out those not rated."


@pytest.mark.browser
def test_the_chart_draws_what_the_table_lists(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        drawn = page.locator("#explorer-chart text").all_text_contents()
        for cells in page.evaluate(
            "[...document.querySelectorAll('#explorer-members tr')]"
            ".map((row) => [...row.cells].slice(0, 6).map((cell) => cell.textContent))"
        ):
            del cells[3]  # what the others give without it
            assert {cell.strip() for cell in cells} <= set(drawn)
        assert MARKUP in drawn
        assert "Live pool, k=14" in drawn
        widths = page.evaluate(
            "[...document.querySelectorAll('#explorer-chart .interval')]"
            ".map((line) => line.x2.baseVal.value - line.x1.baseVal.value)"
        )
        assert max(widths) == pytest.approx(explorer.WIDE.plot, abs=1), "the longest is cut"


@pytest.mark.browser
def test_a_row_tells_its_source(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, events):
        row = page.locator("#explorer-chart .member", has_text=MARKUP).locator("title")
        assert "Place in the source: Table 1\n" in row.text_content()
        assert row.text_content().startswith(f"{MARKUP}\n")
        assert events == []


def rgb(colour: str) -> str:
    """A hex colour as a browser prints it."""
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_readable_in_both_schemes_and_widths(
    browser: Browser, file: Path, viewport: Mapping[str, int], scheme: str
) -> None:
    with opened(browser, file, viewport, scheme) as (page, events):
        page.locator("main summary").click()
        result = page.evaluate(LOW_CONTRAST)
        assert result["low"] == []
        assert result["checked"] > 100
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        svg = page.locator("#explorer-chart svg").bounding_box()
        assert svg["x"] + svg["width"] <= viewport["width"]
        fills = page.evaluate(
            "[...document.querySelectorAll('#explorer-chart :is(text, path, line, circle, rect)')]"
            ".map((node) => [getComputedStyle(node).fill, getComputedStyle(node).stroke]).flat()"
        )
        allowed = {rgb(getattr(colour, scheme)) for colour in theme.COLOURS}
        assert set(fills) <= allowed | {"none", "rgba(0, 0, 0, 0)"}
        assert events == []


@pytest.mark.browser
def test_the_chart_follows_the_width_and_the_rows(browser: Browser, file: Path) -> None:
    size = "document.querySelector('#explorer-chart svg').getBoundingClientRect()"
    with opened(browser, file) as (page, events):
        tall = page.evaluate(f"{size}.height")
        fill(page, "condition", "stress")
        until(page, f"{size}.height < {tall} - 100")
        page.set_viewport_size(PHONE)
        until(page, f"{size}.width < 380")
        assert words(page, "status").startswith("Stress: 3 of 3"), "choices survive"
        page.set_viewport_size(DESKTOP)
        until(page, f"{size}.width > 700")
        assert events == []


@pytest.mark.browser
def test_on_paper_the_chart_stays_and_the_controls_go(browser: Browser, file: Path) -> None:
    with opened(browser, file, PAPER) as (page, _):
        page.emulate_media(media="print")
        assert page.locator("#explorer-chart svg").is_visible()
        assert page.locator("#explorer-status").is_visible()
        assert not page.locator("#explorer-form").is_visible()


@pytest.mark.browser
def test_without_scripts_the_page_says_where_to_look(browser: Browser, file: Path) -> None:
    with window(browser, java_script_enabled=False) as shown:
        shown.open(file.as_uri())
        assert not shown.page.locator("#explorer-page").is_visible()


@pytest.mark.browser
def test_rows_go_out_by_click_and_by_key_and_come_back(
    browser: Browser, file: Path, tables: Tables
) -> None:
    members = {row["citation_label"]: row for row in members_of(tables, "depression")}
    with opened(browser, file) as (page, events):
        label = page.evaluate(LABELS)[2]
        page.locator("#explorer-chart .member", has_text=label).click()
        until_said(page, "equality", "1 of 14 meta-analyses are left out (by hand 1): ")
        kept = [row for name, row in members.items() if name != label]
        assert_equal(page.evaluate(LIVE), pooled(kept))
        page.locator("main summary").click()
        box = page.locator("#explorer-members input").nth(4)
        second = box.evaluate("(node) => node.closest('th').textContent").strip()
        box.focus()
        page.keyboard.press("Space")
        until_said(page, "equality", "(by hand 2)")
        assert page.evaluate("document.activeElement.checked") is False, "focus stays"
        left = [row for row in kept if row["citation_label"] != second]
        assert_equal(page.evaluate(LIVE), pooled(left))
        first_in = page.evaluate(
            "[...document.querySelectorAll('#explorer-members tr')].map((row) => "
            "[row.cells[0].textContent.trim(), row.cells[3].textContent])"
        )[0]
        others = pooled(row for row in left if row["citation_label"] != first_in[0])
        assert first_in[1].startswith(f"{others['estimate']:.2f} (".replace("-", "−"))
        address = page.url
        page.goto("about:blank")
        page.goto(address)
        until(page, READY)
        assert_equal(page.evaluate(LIVE), pooled(left))
        page.get_by_role("button", name="Undo the last left out").click()
        until_said(page, "equality", "(by hand 1)")
        assert_equal(page.evaluate(LIVE), pooled(kept))
        page.evaluate("location.hash = '#out=nobody'")
        until_said(page, "address", "ignored: out=nobody.")
        assert_equal(page.evaluate(LIVE), pooled(members.values()))
        assert events == [f"request: {file.as_uri()}"]


def two_sided(result: Mapping[str, str]) -> float:
    """The P value of a result with an interval of Student's t, by other code."""
    estimate, low, high = (float(result[name]) for name in ("estimate", "ci_low", "ci_high"))
    t = stats.t(int(result["k"]) - 1)
    return 2 * t.sf(2 * t.ppf(0.975) * abs(estimate) / (high - low))


def with_formulas(rows: Iterable[Row]) -> list[Row]:
    """Rows of which some have a name that a spreadsheet would run."""
    return [
        row | {"citation_label": FORMULAS[row["year"] - 2010], "yi": -0.1, "estimate": -0.1}
        if row["year"] - 2010 < len(FORMULAS)
        else row
        for row in rows
    ]


@pytest.mark.browser
def test_settings_order_and_files_follow_the_choice(
    browser: Browser, tables: Tables, tmp_path: Path
) -> None:
    odd = {
        **changed_seed(tables, p_value=0.3157),
        "rpt_explorer": with_formulas(tables["rpt_explorer"]),
    }
    members = {row["citation_label"]: row for row in members_of(odd, "depression")}
    with opened(browser, write_page(odd, tmp_path)) as (page, events):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Settings: Recommended").click()
        assert page.url.endswith("#tau2_method=REML&ci_method=HK_adhoc&pi_method=V")
        until_said(page, "method", "Restricted maximum likelihood")
        assert "allows for trials that meta-analyses share" in words(page, "equality")
        assert "A new meta-analysis is expected between" in words(page, "status")
        fill(page, "tau2_method", "CE")
        until_said(page, "equality", "does not pool by just these settings")
        assert page.evaluate(LIVE)["tau2"] == 0
        fill(page, "order", "year")
        years = [members[name]["year"] for name in page.evaluate(LABELS)]
        assert years == sorted(years, reverse=True)
        fill(page, "upper", "se")
        assert page.locator("#explorer-chart .upper polyline").count() == 1
        assert "Egger's test: slope on the standard error" in words(page, "small")
        with page.expect_download() as held:
            page.get_by_role("button", name="Save the data").click()
        saved = held.value.path()
        assert saved.read_bytes().startswith(codecs.BOM_UTF8)
        lines = list(csv.DictReader(saved.read_text("utf-8-sig").splitlines()))
        names = [line["name"] for line in lines[:-1]]
        assert sorted(names) == sorted(map(spreadsheets.as_text, members))
        assert sorted(set(names) - set(members)) == sorted(f"'{name}" for name in FORMULAS)
        assert any(line["estimate"].startswith("-") for line in lines), "a number stays one"
        assert [line["is_in"] for line in lines] == ["true"] * 14 + [""]
        assert lines[-1]["tau2_method"] == "CE"
        [p_value] = page.locator("#explorer-live .p_value").all()
        assert lines[-1]["p_value"] == p_value.get_attribute("value")
        assert p_value.text_content() == formats.p_number(two_sided(lines[-1]))
        assert page.locator("#explorer-warehouse tr td:nth-child(3)").all_text_contents() == [
            "0.32",
            "–",
        ]
        page.get_by_role("button", name="Copy link").click()
        until_said(page, "copied", "Copied.")
        assert page.evaluate("navigator.clipboard.readText()") == page.url
        assert float(lines[-1]["estimate"]) == page.evaluate(LIVE)["estimate"]
        with page.expect_download() as held:
            page.get_by_role("button", name="Save as SVG").click()
        assert "Live pool, k=14" in held.value.path().read_text("utf-8")
        with page.expect_download() as held:
            page.get_by_role("button", name="Save as PNG").click()
        assert held.value.path().read_bytes().startswith(b"\x89PNG")
        assert events == []


@pytest.mark.browser
def test_each_address_leads_to_its_analysis(browser: Browser, file: Path, tables: Tables) -> None:
    addresses = explorer.addresses(tables)
    labels = {row["analysis_id"]: row["analysis_label"] for row in tables["rpt_explorer_analyses"]}
    assert set(addresses) == set(labels)
    with opened(browser, file) as (page, events):
        for key, address in addresses.items():
            name, _, fragment = address.partition("#")
            assert name == file.name
            page.evaluate("(to) => { location.hash = to; }", fragment)
            until_said(page, "status", f"{labels[key]}: ")
            assert words(page, "method").startswith("Variance between meta-analyses: Restricted")
            assert not page.locator("#explorer-address").is_visible(), fragment
        assert events == []


def changed_seed(tables: Tables, **values: Any) -> Tables:
    """Tables in which the seed paper's results have other values."""
    rows = [
        row | values if row["policy_id"] == "seed_paper" else row
        for row in tables["rpt_explorer_pools"]
    ]
    return {**tables, "rpt_explorer_pools": rows}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"estimate": 0.123}, "one of them is wrong"),
        ({"estimate": 0.123, "overlap_handling": "shared_trials"}, "allows for trials"),
        ({"estimate": None}, "no result by the settings of “Conventional method”"),
    ],
    ids=["wrong", "shared trials", "none"],
)
def test_a_difference_is_told(
    browser: Browser, tables: Tables, tmp_path: Path, values: dict[str, Any], told: str
) -> None:
    page_file = write_page(changed_seed(tables, **values), tmp_path)
    with opened(browser, page_file) as (page, _):
        assert told in words(page, "equality")


def test_a_long_name_ends_before_the_numbers_and_the_tooltip_has_it_whole(tables: Tables) -> None:
    name = "van der Waal-Bartholomeusz and de la Fontaine-Zaragoza 2010a"
    row = {**tables["rpt_explorer"][0], "citation_label": name}
    [made] = explorer.members([row]).values()
    assert made["citation_label"] == name
    assert made["short_label"].endswith("… 2010a")
    assert text.width(made["short_label"], theme.TEXT) <= explorer.LABEL_LIMIT
