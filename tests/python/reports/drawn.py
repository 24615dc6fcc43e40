"""Where the texts of a picture stand: for tests that nothing is cut or lies on something else."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reports import text
from tests.python.reports.conftest import TEXT

NUMBER = re.compile(r"-?[0-9.]+")
Node = tuple[ElementTree.Element, float, float]


@dataclass(frozen=True)
class Drawn:
    """A text of a picture and the box that its letters take, in px of the picture."""

    words: str
    left: float
    right: float
    top: float
    bottom: float

    def moved(self, right: float, down: float) -> "Drawn":
        """The same text elsewhere."""
        return replace(
            self,
            left=self.left + right,
            right=self.right + right,
            top=self.top + down,
            bottom=self.bottom + down,
        )

    def overlaps(self, other: "Drawn") -> bool:
        """True when the letters of two texts touch."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > 0 and high > 0


def nodes(svg: str) -> Iterator[Node]:
    """Every element of an SVG with the place of its origin in the picture."""
    waiting = [(ElementTree.fromstring(svg), 0.0, 0.0)]
    while waiting:
        node, x, y = waiting.pop()
        if "translate" in node.attrib.get("transform", ""):
            across, down = NUMBER.findall(node.attrib["transform"])[:2]
            x, y = x + float(across), y + float(down)
        yield node, x, y
        waiting += [(child, x, y) for child in node]


def drawn_texts(svg: str) -> list[Drawn]:
    """Every text of a picture with its box."""
    return [drawn_text(*node) for node in nodes(svg) if node[0].tag == TEXT]


def drawn_text(node: ElementTree.Element, x: float, y: float) -> Drawn:
    """A text whose baseline begins, has its middle or ends at a place."""
    words, size = "".join(node.itertext()), float(node.attrib["font-size"].removesuffix("px"))
    wide = text.width(words, size, node.attrib.get("font-weight") == "bold")
    start = -wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[node.attrib["text-anchor"]]
    if "rotate" in node.attrib["transform"]:
        return Drawn(words, x - size / 2, x + size / 2, y + start, y + start + wide)
    return Drawn(words, x + start, x + start + wide, y - 0.75 * size, y + 0.2 * size)
