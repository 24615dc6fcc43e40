"""Pages about the engine name every function, link to what exists and name tests that exist."""

import re
from pathlib import Path

from python_udfs import CATALOGUE
from tests.python.cases import each

ROOT = Path(__file__).parents[3]
INDEX = ROOT / "docs" / "engine" / "index.md"
VALIDATION = ROOT / "validation" / "README.md"
PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "validation").glob("*.md")),
    ROOT / "README.md",
    ROOT / "tests" / "README.md",
]


def test_index_names_every_function_once_or_more():
    words = set(re.findall(r"\w+", INDEX.read_text(encoding="utf-8")))
    assert {udf.name for udf in CATALOGUE} <= words


def test_every_function_stands_on_a_page_of_its_topic():
    topics = [page for page in INDEX.parent.glob("*.md") if page != INDEX]
    words = set(re.findall(r"\w+", " ".join(page.read_text(encoding="utf-8") for page in topics)))
    on_index_only = {"p_from_z", "z_from_p", "p_from_t", "t_from_p", "p_from_chi2"}  # tails
    assert {udf.name for udf in CATALOGUE} - words <= on_index_only


def anchors(page: Path) -> set[str]:
    """Names of the headings of a page as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each("page", PAGES)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text(encoding="utf-8"))
    targets = [(page.parent / link if link else page, anchor) for link, anchor in links]
    assert [path for path, _ in targets if not path.exists()] == []
    assert [(p, a) for p, a in targets if a and p.suffix == ".md" and a not in anchors(p)] == []


def test_pages_lead_to_the_function_of_the_headline_results():
    """Under the policy recommended, meta-analyses are correlated."""
    pools = (ROOT / "macros" / "engine" / "pool_inputs.sql").read_text(encoding="utf-8")
    function = re.search(r"^correlated as \(.*?(pool\w*)\(", pools, re.DOTALL | re.MULTILINE)[1]
    pages = ["docs/index.md", "docs/methods.md", "docs/engine/index.md", "docs/engine/pooling.md",
             "models/overview.md"]  # fmt: skip
    texts = {page: (ROOT / page).read_text(encoding="utf-8") for page in pages}
    assert [page for page, text in texts.items() if f"`{function}`" not in text] == []


def test_guards_against_peers_mistakes_exist():
    tests = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/python/**/*.py"))
    named = re.findall(r"`(test_\w+)`", VALIDATION.read_text(encoding="utf-8"))
    assert len(named) > 20
    assert [name for name in named if f"def {name}(" not in tests] == []


def test_scripts_and_folders_are_listed():
    text = VALIDATION.read_text(encoding="utf-8")
    scripts = {path.name for path in VALIDATION.parent.glob("*.[Rp]*") if path.suffix != ".pyc"}
    folders = {path.name for path in (ROOT / "tests" / "data").iterdir() if path.is_dir()}
    assert [name for name in (*sorted(scripts), *sorted(folders)) if f"{name}`" not in text] == []
