"""A site takes the place of the one before at once: docs/decisions/0015-a-site-is-exchanged.md.

A site is written into a new folder beside its place. When it is whole, the two folders are
exchanged in one step; the new one stands in for the folder of the site while that, out of sight, is
brought up to date file by file; then they are exchanged back. So the folder itself stays, with its
rights and what others keep in it, and whoever looks sees the site before or the new one, whole.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from reports import file_list
from reports.errors import ReportError
from umbrella import system
from umbrella.building.lock import HeldError, lock
from umbrella.scratch import scratch_folder

STAND_IN = ".stand-in"
"""In every new folder: the name under which the folder of the site is found while it stands in."""

DECIDED = ".decided"
"""In a new folder that cannot stand in: what takes its place file by file must come to its end."""

SPARE = ".spare"
"""A file that is about to be given its name."""

MARKS = frozenset({file_list.NAME, STAND_IN, DECIDED, SPARE})


@contextmanager
def publishing(out: Path) -> Iterator[Path]:
    """A new folder for the time of a block; what is in it is the site when the block ends well.

    Else all is as it was. What a run left that was killed is put right first. Raises ReportError
    for a folder that another run writes or that holds files of others under names of the site.
    """
    home = real(out)
    with locked(home) as place:
        settle(home, place)
        check_names(home, ["index.html"])
        new = make_new(home, place)
        try:
            yield new
            check_names(home, file_list.read(new))
            system.write_through(new)
            put_in_place(new, home)
        finally:
            settle(home, place)


def real(out: Path) -> Path:
    """The folder that a path leads to; raises ReportError when that is none."""
    try:
        home = out.resolve()
    except (OSError, RuntimeError) as error:
        raise ReportError(f"{out} is a link that leads to itself.") from error
    if home.exists() and not home.is_dir():
        raise ReportError(f"{out} is a file; a site needs a folder.")
    return home


def publish_file(new: Path, named: Path) -> None:
    """Let a whole new file be the one of a name, in one step, with the permissions of one before.

    A link is followed. Raises ReportError where the name leads to no file.
    """
    place = Path(os.path.realpath(named))
    if place.is_symlink():
        raise ReportError(f"{named} is a link that leads back to itself; remove it.")
    if place.exists() and not place.is_file():
        raise ReportError(f"{named} is no file but a folder, a device or the like; remove it.")
    with scratch_folder(".umbrella-figure-", place.parent) as beside:
        whole = beside / place.name
        shutil.copyfile(new, whole)
        if place.exists():
            system.take_over_owner(place, whole)
            shutil.copymode(place, whole)
        system.replace(whole, place)


def what_is_left(out: Path) -> Callable[[], str]:
    """A function that says, after a run that failed, what became of the site there was before."""
    before = file_list.build_of(out)

    def sentence() -> str:
        if file_list.build_of(out) != before:  # stopped after its place was taken
            return f"The new site is in {out} already."
        return f"There is no site in {out}." if before is None else f"{out} is as it was."

    return sentence


@contextmanager
def locked(home: Path) -> Iterator[Path]:
    """Keep other runs from a site; the folder in which its new folder goes.

    That is beside it, or in it where a file beside it cannot be linked into it: where it is another
    file system, or the folder that holds it may not be written.
    """
    home.parent.mkdir(parents=True, exist_ok=True)
    is_beside = os.access(home.parent, os.W_OK) or not home.exists()
    outside = home.parent if is_beside else home
    held = outside / f".{home.name}.lock"
    try:
        with lock(held):
            yield outside if not home.exists() or can_link(held, home) else home
    except HeldError as error:
        raise ReportError(
            f"Another `umbrella report` is writing {home}{error}. Wait for it to end, or name "
            "another folder with --out."
        ) from error


def can_link(file: Path, folder: Path) -> bool:
    """Whether a file can get a second name in a folder; raises OSError where none can be made."""
    trial = folder / f"{file.name}-trial"
    trial.unlink(missing_ok=True)
    trial.touch()
    trial.unlink()
    try:
        os.link(file, trial)
    except OSError:
        return False
    trial.unlink()
    return True


def new_folders(home: Path, place: Path) -> list[Path]:
    """The new folders of a site that runs have left."""
    return sorted(place.glob(f"{escape(f'.{home.name}.building-')}*"))


def make_new(home: Path, place: Path) -> Path:
    """A new folder that nobody writes into any more, with the rights of the site's."""
    new = place / f".{home.name}.building-{secrets.token_hex(4)}"
    new.mkdir()
    (new / STAND_IN).write_text(new.name, encoding="utf-8")
    if home.exists():
        shutil.copystat(home, new)
        system.take_over_owner(home, new, group_alone=True)
    return new


def check_names(home: Path, names: Iterable[str]) -> None:
    """Raise ReportError where a file or folder of somebody else has a name of the site."""
    own = file_list.read(home)
    taken = sorted({name for name in names if is_taken(home, name, own)})
    if taken:
        listed = ", ".join(taken[:5]) + (" and others" if len(taken) > 5 else "")
        raise ReportError(
            f"{home} holds what no `umbrella report` wrote there, under names of the site: "
            f"{listed}. It is left alone. Name another folder with --out, or take that away."
        )


def is_taken(home: Path, name: str, own: Mapping[str, str]) -> bool:
    """True when a name of the site stands for something else."""
    path = home / name
    above = path.parents[: len(Path(name).parts) - 1]
    if any(part.is_symlink() or part.is_file() for part in above) or path.is_dir():
        return True
    return os.path.lexists(path) and name not in own


def put_in_place(new: Path, home: Path) -> None:
    """Let a whole new folder be the site, in one step where the system can."""
    if not home.exists():
        (new / STAND_IN).unlink()
        new.rename(home)
        return
    can_stand_in = system.CAN_EXCHANGE and new.parent == home.parent
    if can_stand_in:
        show_others(new, home)
    if not (can_stand_in and system.exchange(new, home)):
        (new / DECIDED).touch()


def show_others(new: Path, home: Path) -> None:
    """Have links to what others keep in the folder of a site while the new one stands in for it."""
    for name in file_list.others(home, {*file_list.read(home), *file_list.read(new), *MARKS}):
        link = new / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(link)  # its own path, at which the folder of the site will be


def settle(home: Path, place: Path) -> None:
    """Bring to its end what was decided, and remove the new folders of a site."""
    if (home / STAND_IN).exists():
        own = place / Path((home / STAND_IN).read_text(encoding="utf-8")).name
        if own.is_dir():
            bring_up_to_date(own, home)
        if not system.exchange(own, home):
            raise ReportError(f"{own} cannot be put back into the place of {home}: do so by hand.")
    for left in new_folders(home, place):
        if (left / DECIDED).exists():
            bring_up_to_date(home, left)
        discard(left, home)


def bring_up_to_date(folder: Path, new: Path) -> None:
    """Bring the folder of a site from the build before to a new one, file by file, pages last.

    Its list names all that is the site's at any time. What the site no longer has is deleted; a
    page that became empty would else stay beside the others.
    """
    before, now = file_list.read(folder), file_list.read(new)
    (new / SPARE).unlink(missing_ok=True)
    (new / SPARE).write_text(file_list.text(file_list.UNFINISHED, before | now), encoding="utf-8")
    system.replace(new / SPARE, folder / file_list.NAME)
    for name in sorted(now, key=lambda name: (name.endswith(".html"), name == "index.html", name)):
        put(new, folder, name)
    for name in set(before) - set(now):
        path = folder / name
        if path.parent.resolve().is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)
    put(new, folder, file_list.NAME)


def put(new: Path, folder: Path, name: str) -> None:
    """Give a file of a new folder its name in the folder of the site, too."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (new / SPARE).unlink(missing_ok=True)
    try:
        os.link(new / name, new / SPARE)
    except OSError:  # no links on this file system
        shutil.copy2(new / name, new / SPARE)
    system.replace(new / SPARE, folder / name)


def discard(folder: Path, home: Path) -> None:
    """Remove a new folder; what others wrote into it while it stood in is moved to the site.

    Where that has such a name already, the folder is left.
    """
    is_left = False
    if (folder / file_list.NAME).exists():
        for name in list(file_list.others(folder, {*file_list.read(folder), *MARKS})):
            path = folder / name
            if path.is_symlink() and path.readlink() == path:
                continue
            if os.path.lexists(home / name) or not home.is_dir():
                is_left = True
            else:
                path.rename(home / name)
    if not is_left:
        shutil.rmtree(folder, ignore_errors=True)
