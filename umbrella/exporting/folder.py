"""A folder that a command exports into: it takes its place when it is whole.

Its list names every file with a checksum, so that a later export knows which files are its own and
which were edited since; an edited file is never written over.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from reports.file_list import LINE, digests, is_inside, is_there
from umbrella import system
from umbrella.errors import UmbrellaError
from umbrella.scratch import scratch_folder

LIST = ".exported"
HEADING = "# umbrella export "
SHOWN = 5


@contextmanager
def exported_folder(target: Path, kind: str) -> Iterator[Path]:
    """A new folder for the time of a block, which is the target when the block ends well.

    `kind` is the word of the command. Raises UmbrellaError where the target is no folder, holds
    what no such export wrote, or holds a file that was edited since.
    """
    target = Path(os.path.realpath(target))
    _require_own(target, kind)
    if not target.parent.is_dir():
        raise UmbrellaError(f"The folder {target.parent} does not exist; make it first.")
    try:
        with scratch_folder(f".{target.name}.exporting-", target.parent) as scratch:
            new = scratch / "new"
            new.mkdir()
            yield new
            files = [path for path in new.rglob("*") if path.is_file()]
            found = digests(new, (path.relative_to(new).as_posix() for path in files))
            (new / LIST).write_text(_text(kind, found), encoding="utf-8")
            system.write_through(new)
            _require_own(target, kind)  # nobody wrote into it meanwhile
            _put_in_place(new, target, scratch / "before")
    except OSError as error:
        raise UmbrellaError(f"Cannot write {target}: {error.strerror or error}.") from error


def _put_in_place(new: Path, target: Path, aside: Path) -> None:
    if not target.exists():
        new.rename(target)
    elif not system.exchange(new, target):
        target.rename(aside)
        try:
            new.rename(target)
        except OSError:
            aside.rename(target)
            raise


def _require_own(target: Path, kind: str) -> None:
    """Raise UmbrellaError unless a target is absent, empty or as an export of the kind left it."""
    if not target.exists():
        return
    if not target.is_dir():
        raise UmbrellaError(f"{target} is a file; --to names a folder.")
    names = sorted(
        path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()
    )
    if not names and not any(target.iterdir()):
        return
    own = _read(target, kind)
    if own is None:
        raise UmbrellaError(
            f"{target} holds files that no `umbrella export {kind}` wrote. It is left alone. Name "
            "another folder with --to."
        )
    added = [name for name in names if name not in own and name != LIST]
    if added:
        raise UmbrellaError(
            f"{target} also holds files of somebody else: {_shown(added)}. It is left alone. Take "
            "them away, or name another folder with --to."
        )
    now = digests(target, (name for name in names if name != LIST))
    edited = [name for name, sha in now.items() if sha != own[name]]
    if edited:
        raise UmbrellaError(
            f"Edited since it was exported to {target}: {_shown(edited)}. It is left alone. Name "
            "another folder with --to, or take the edited file away."
        )


def _text(kind: str, found: Mapping[str, str]) -> str:
    """The list, as `sha256sum --check` reads it."""
    return "".join(
        [f"{HEADING}{kind}\n", *(f"{sha}  {name}\n" for name, sha in sorted(found.items()))]
    )


def _read(folder: Path, kind: str) -> dict[str, str] | None:
    """Checksums by name of an export of the kind; None where the folder is none."""
    path = folder / LIST
    if not is_there(path):
        return None
    heading, *lines = path.read_text(encoding="utf-8", errors="replace").splitlines() or [""]
    if heading != f"{HEADING}{kind}":
        return None
    named = [LINE.fullmatch(line) for line in lines]
    return {match[2]: match[1] or "" for match in named if match and is_inside(match[2])}


def _shown(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
