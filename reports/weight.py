"""What a site weighs, by kinds of files."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000
HEAVIEST = 3


@dataclass(frozen=True)
class Weight:
    """Bytes of each kind of files of a site, the heaviest kind first."""

    kinds: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Bytes of all files."""
        return sum(size for _, size in self.kinds)

    @property
    def words(self) -> str:
        """The whole and the heaviest kinds, in megabytes."""
        heaviest = ", ".join(f"{kind} {_megabytes(size)}" for kind, size in self.kinds[:HEAVIEST])
        return f"It weighs {_megabytes(self.total)}: {heaviest}." if self.kinds else ""


def weigh(folder: Path, names: Iterable[str]) -> Weight:
    """What the files of a site weigh, by folder and ending."""
    sizes: dict[str, int] = {}
    for name in names:
        path = Path(name)
        kind = f"{path.parent.name or 'pages'} ({path.suffix.removeprefix('.') or path.name})"
        sizes[kind] = sizes.get(kind, 0) + (folder / name).stat().st_size
    return Weight(tuple(sorted(sizes.items(), key=lambda item: (-item[1], item[0]))))


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"
