"""Write the table of docs/findings.md from the sheet of rules; a test holds the page to it.

usage: python validation/write_rules_page.py
"""

import csv
from pathlib import Path

from reports.pages.data_quality import SEVERITIES

ROOT = Path(__file__).parents[1]
SHEET = ROOT / "seeds/protocol/finding_rules.csv"
PAGE = ROOT / "docs/findings.md"
BEGIN = "<!-- rules -->\n"
END = "<!-- end of rules -->"
HEADER = "| Rule | What must hold, or what is found | Source | Example |\n|---|---|---|---|"


def table() -> str:
    """The rules by severity, as Markdown."""
    with SHEET.open(encoding="utf-8", newline="") as file:
        rules = sorted(csv.DictReader(file), key=lambda row: int(row["sort_order"]))
    parts = []
    for severity, (words, _) in SEVERITIES.items():
        parts.append(f"### {words}\n\n{HEADER}")
        parts.extend(
            f"| `{rule['rule']}`: {cell(rule['label'])} | {cell(rule['formula'])} | "
            f"{cell(rule['source'])} | {cell(rule['example'])} |"
            for rule in rules
            if rule["severity"] == severity
        )
        parts.append("")
    return "\n".join(parts)


def cell(text: str) -> str:
    """Text within a Markdown table."""
    for character in "\\|*_<":
        text = text.replace(character, f"\\{character}")
    return text


def page(text: str) -> str:
    """The page with its table as the sheet has it."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
