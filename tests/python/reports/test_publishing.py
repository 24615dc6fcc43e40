"""A site is published at once: killed at any step, what is in its place is whole."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from reports import file_list, publishing
from reports.errors import ReportError
from umbrella import system
from umbrella.building.lock import lock
from umbrella.system import posix

NAMES = ("index.html", "topic.html", "data/rows.csv", "figures/forest.svg")
OTHERS = {"CNAME": "a.example", ".git/HEAD": "ref", "data/own.txt": "mine", "notes/a/b.txt": "b"}
WATCHED = frozenset(
    {"open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink",
     "os.chmod", "os.utime", "ctypes.dlsym"}
)  # fmt: skip
"""What a publication does to the disk, as Python's audit events name it."""


@pytest.fixture(autouse=True)
def written(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were written through, which takes too long for hundreds of sites."""
    folders: list[Path] = []
    monkeypatch.setattr(system, "write_through", folders.append)
    return folders


def publish(out: Path, build: str, more: str = "") -> None:
    """Publish a site of four pages and tables, each of which holds the name of the build."""
    with publishing.publishing(out) as new:
        for name in (*NAMES, *more.split()):
            (new / name).parent.mkdir(exist_ok=True)
            (new / name).write_text(build, encoding="utf-8")
        found = file_list.digests(new, (*NAMES, *more.split()))
        (new / file_list.NAME).write_text(file_list.text(build, found), encoding="utf-8")


def add_others(out: Path) -> None:
    """Put what others keep into the folder of a site."""
    for name, text in OTHERS.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")


def builds(out: Path) -> set[str]:
    """The builds that the files of a site are of; `none` for one that is missing."""
    return {(out / n).read_text("utf-8") if (out / n).exists() else "none" for n in NAMES}


def others(out: Path) -> dict[str, str]:
    """What others keep in the folder of a site, as it can be read now."""
    return {name: (out / name).read_text(encoding="utf-8") for name in OTHERS}


def beside(out: Path) -> list[str]:
    """What lies beside the folder of a site."""
    return sorted(path.name for path in out.parent.iterdir() if path != out)


def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system be one that cannot exchange folders."""
    monkeypatch.setattr(system, "exchange", lambda _one, _other: False)


class Killed(BaseException):
    """The end of a process, in place of one: after it nothing reaches the disk."""


class Watch:
    """Lets so many steps be done on the disk, and none after them."""

    def __init__(self) -> None:
        self.left: int | None = None
        sys.addaudithook(self.count)

    def count(self, event: str, _arguments: tuple) -> None:
        """Take one step off those that are left."""
        if self.left is not None and event in WATCHED:
            self.left -= 1
            if self.left < 0:
                raise Killed


@cache
def watch() -> Watch:
    """The one watch: Python forgets no audit hook."""
    return Watch()


def killed_at(step: int, out: Path) -> bool:
    """Publish build b as a process does that is killed before a step; False when it has no such."""
    watch().left = step
    try:
        publish(out, "b", "new.html")
    except Killed:
        return True
    finally:
        watch().left = None
    return False


def test_a_site_is_the_one_before_or_the_new_one_whatever_step_it_is_killed_at(
    tmp_path: Path,
) -> None:
    seen, step, is_killed = set(), 0, True
    while is_killed:
        out = tmp_path / str(step) / "site"
        publish(out, "a", "gone.html")
        add_others(out)
        number = out.stat().st_ino
        is_killed = killed_at(step, out)
        found = builds(out)
        assert found in ({"a"}, {"b"}), step
        assert (out / "gone.html").exists() == (found == {"a"}), step
        assert (out / "new.html").exists() == (found == {"b"}), step
        assert others(out) == OTHERS, step
        seen |= found
        publish(out, "c")
        assert builds(out) == {"c"}, step
        assert others(out) == OTHERS, step
        assert not (out / "gone.html").exists(), step
        assert not (out / "new.html").exists(), step
        assert out.stat().st_ino == number, step
        assert beside(out) == [], step
        assert not [path for path in out.rglob("*") if path.is_symlink()], step
        step += 1
    assert seen == {"a", "b"}
    assert step > 60


def test_a_first_site_is_there_or_not(tmp_path: Path) -> None:
    seen, step, is_killed = set(), 0, True
    while is_killed:
        out = tmp_path / str(step) / "site"
        out.parent.mkdir()
        is_killed = killed_at(step, out)
        seen.add(out.exists())
        assert not out.exists() or builds(out) == {"b"}, step
        publish(out, "c")
        assert builds(out) == {"c"}, step
        assert beside(out) == [], step
        assert {p.name for p in out.iterdir()} == {"index.html", "topic.html", "data", "figures",
                                                   ".files"}  # fmt: skip
        step += 1
    assert seen == {False, True}


def test_where_folders_cannot_be_exchanged_no_file_is_half_and_the_list_tells_of_a_mixture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_place(monkeypatch)
    mixed, step, is_killed = 0, 0, True
    while is_killed:
        out = tmp_path / str(step) / "site"
        publish(out, "a", "gone.html")
        add_others(out)
        is_killed = killed_at(step, out)
        found = builds(out)
        assert found <= {"a", "b"}, step
        assert others(out) == OTHERS, step
        if len(found) > 1:
            mixed += 1
            assert file_list.build_of(out) == file_list.UNFINISHED, step
        publish(out, "c")
        assert builds(out) == {"c"}, step
        assert others(out) == OTHERS, step
        assert not (out / "gone.html").exists(), step
        assert not (out / "new.html").exists(), step
        assert beside(out) == [], step
        step += 1
    assert mixed


def test_what_a_run_decided_is_brought_to_its_end_by_one_that_fails(tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(out, "a")
    step = 0
    while builds(out) == {"a"}:
        killed_at(step, out)
        step += 1
    with pytest.raises(ZeroDivisionError), publishing.publishing(out):
        raise ZeroDivisionError
    assert builds(out) == {"b"}
    assert beside(out) == []
    assert not (out / publishing.STAND_IN).exists()


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ReportError, OSError])
def test_a_run_that_fails_leaves_all_as_it_was(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    out = tmp_path / "site"
    publish(out, "a")
    before = {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in out.rglob("*")}

    def failed() -> None:
        with publishing.publishing(out) as new:
            (new / "index.html").write_text("half")
            raise failure

    with pytest.raises(failure):
        failed()
    assert {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in out.rglob("*")} == before
    assert beside(out) == []


def test_what_is_left_is_said(tmp_path: Path) -> None:
    out = tmp_path / "site"
    say = publishing.what_is_left(out)
    assert say() == f"There is no site in {out}."
    publish(out, "a")
    assert say() == f"The new site is in {out} already."
    assert publishing.what_is_left(out)() == f"{out} is as it was."


def test_through_a_link_the_folder_it_leads_to_is_the_site(tmp_path: Path) -> None:
    real = tmp_path / "www" / "site"
    real.mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(real)
    publish(link, "a")
    publish(link, "b")
    assert link.is_symlink()
    assert builds(real) == {"b"}
    assert beside(real) == []
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(ReportError, match="leads to itself"):
        publish(loop, "a")


def test_rights_stay_and_read_only_files_are_replaced(tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(out, "a")
    out.chmod(0o2775)
    (out / "index.html").chmod(0o444)
    publish(out, "b")
    assert out.stat().st_mode & 0o7777 == 0o2775
    assert builds(out) == {"b"}


def test_a_shell_in_the_folder_stays_in_it(tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(out, "a")
    shell = subprocess.Popen(
        ["/bin/sh", "-c", "read line; cat index.html"],
        cwd=out, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    publish(out, "b")
    assert shell.communicate("\n")[0] == "b"


def test_names_that_others_have_taken_are_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "site"
    out.mkdir()
    (out / "index.html").write_text("of the team")
    with pytest.raises(ReportError, match=r"no `umbrella report` wrote there.*: index\.html\. It"):
        publish(out, "a")
    assert (out / "index.html").read_text() == "of the team"
    (out / "index.html").unlink()
    (out / "data").write_text("of the team")
    with pytest.raises(ReportError, match=r"data/rows\.csv"):
        publish(out, "a")
    (out / "data").unlink()
    (out / "data").symlink_to(tmp_path)
    with pytest.raises(ReportError, match=r"data/rows\.csv"):
        publish(out, "a")
    assert beside(out) == []
    assert not (tmp_path / "rows.csv").exists()


def test_what_others_write_while_the_new_site_stands_in_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    publish(out, "a")
    bring = publishing.bring_up_to_date

    def busy(folder: Path, new: Path) -> None:
        (out / "late.txt").write_text("late")
        (out / ".git").mkdir()
        bring(folder, new)

    monkeypatch.setattr(publishing, "bring_up_to_date", busy)
    publish(out, "b")
    assert builds(out) == {"b"}
    assert (out / "late.txt").read_text() == "late"
    assert (out / ".git").is_dir()


def test_two_runs_do_not_write_one_site(tmp_path: Path) -> None:
    out = tmp_path / "site"
    with publishing.publishing(out):
        with pytest.raises(ReportError, match=rf"Another .* is writing .*process {os.getpid()}\)"):
            publish(out, "a")
        publish(tmp_path / "other", "a")
    with lock(tmp_path / ".site.lock"):
        pass


def test_a_site_is_on_the_disk_before_it_is_seen(
    tmp_path: Path, written: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    publish(out, "a")
    place = publishing.put_in_place

    def watched(new: Path, home: Path) -> None:
        assert written[-1] == new
        assert builds(new) == {"b"}
        place(new, home)

    monkeypatch.setattr(publishing, "put_in_place", watched)
    publish(out, "b")
    assert len(written) == 2
    posix.write_through(out)


def test_a_list_leads_to_no_file_outside(tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(out, "a")
    (tmp_path / "outside.txt").write_text("of the team")
    with (out / ".files").open("a") as file:
        file.write(f"../outside.txt\n{tmp_path / 'outside.txt'}\n")
    publish(out, "b")
    assert (tmp_path / "outside.txt").exists()


def test_a_list_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(out, "a", "gone.html")
    (out / ".files").write_text("".join(f"{name}\n" for name in (*NAMES, "gone.html", ".files")))
    publish(out, "b")
    assert builds(out) == {"b"}
    assert not (out / "gone.html").exists()


def test_the_list_is_one_that_sha256sum_checks(tmp_path: Path) -> None:
    out = tmp_path / "site"
    publish(out, "a")
    check = ["sha256sum", "--check", "--strict", "--quiet", ".files"]
    assert subprocess.run(check, cwd=out, check=False).returncode == 0
    (out / "data/rows.csv").write_text("of another build")
    done = subprocess.run(check, cwd=out, check=False, capture_output=True, text=True)
    assert done.stdout == "data/rows.csv: FAILED\n"
