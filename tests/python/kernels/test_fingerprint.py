"""The fingerprint follows the code of the kernels, and compiled code follows the fingerprint."""

import os
import shutil
import subprocess
import sys

import pytest

from python_udfs.kernels.fingerprint import (
    FOLDER,
    code_of,
    fingerprint,
    fingerprint_of,
    kept_fingerprint,
)

CALL = """
import duckdb, python_udfs
con = python_udfs.register(duckdb.connect())
con.execute("select fail_safe_n([0.1, 0.3], [0.1, 0.1])")
"""


@pytest.fixture
def package(tmp_path):
    """A copy of the package without compiled code."""
    copy = tmp_path / "python_udfs"
    shutil.copytree(FOLDER.parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def replace(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def compiled(package):
    """Call a function in a new process; then the files of compiled code and when each was written.

    They are in a cache of their own, not in that of the person who tests.
    """
    environment = {key: value for key, value in os.environ.items() if "NUMBA" not in key}
    environment |= {
        "PYTHONPATH": str(package.parent),
        "XDG_CACHE_HOME": str(package.parent / "cache"),
    }
    subprocess.run([sys.executable, "-c", CALL], env=environment, cwd=package.parent, check=True)
    return {path: path.stat().st_mtime_ns for path in package.parent.rglob("*.nb[ic]")}


def test_changed_words_compile_nothing_and_changed_code_everything(package):
    first = compiled(package)
    assert {path.name.split(".")[2] for path in first} == {"bias", "lists"}

    replace(package / "catalogue" / "bias.py", "Fail-safe N, discouraged", "A number not to trust")
    replace(package / "kernels" / "bias" / "fail_safe.py", "how many unseen", "the number of")
    assert compiled(package) == first

    replace(package / "kernels" / "tails.py", "import numpy as np\n", "import numpy as np\nX = 1\n")
    after = compiled(package)
    new = after.keys() - first.keys()
    assert {path: after[path] for path in first} == first
    assert {path.name for path in new} == {path.name for path in first}


def test_words_do_not_count(package):
    kernels = package / "kernels"
    assert fingerprint_of(kernels) == fingerprint()
    changed = kernels / "bias" / "fail_safe.py"
    replace(changed, "how many unseen", "the number of")
    changed.write_text("# words\n\n" + changed.read_text() + "# words\n")
    assert fingerprint_of(kernels) == fingerprint()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tails.py", "import numpy as np\n", "import numpy as np\nX = 1\n"),
        ("labels.py", '"single_study"', '"one_study"'),
        ("pooling/options.py", '"REML"', '"Reml"'),
    ],
)
def test_code_counts(package, file, old, new):
    replace(package / "kernels" / file, old, new)
    assert fingerprint_of(package / "kernels") != fingerprint()


def test_kept_until_a_text_changes(package):
    kernels = package / "kernels"
    assert kept_fingerprint(kernels) == fingerprint()
    (kept,) = (kernels / "__pycache__").glob("fingerprint.*")
    kept.write_text(kept.read_text().replace(fingerprint(), "0123456789ab"))
    assert kept_fingerprint(kernels) == "0123456789ab"

    replace(kernels / "tails.py", "import numpy as np\n", "import numpy as np\nX = 1\n")
    assert kept_fingerprint(kernels) == fingerprint_of(kernels)
    kept.write_text("torn")
    assert kept_fingerprint(kernels) == fingerprint_of(kernels)


def test_names_of_files_count(package):
    kernels = package / "kernels"
    (kernels / "tails.py").rename(kernels / "tail.py")
    assert fingerprint_of(kernels) != fingerprint()


def test_code_is_the_source_without_docstrings_comments_and_layout():
    source = b'''"""Module."""
X = ( 1,
      "# no comment")  # comment
class A:
    """Class."""
    def f(self):
        """Function."""
    async def g(self):
        """Function."""
        return """
kept"""
'''
    assert code_of(source) == (
        "X = (1, '# no comment')\n\n"
        "class A:\n\n"
        "    def f(self):\n\n"
        "    async def g(self):\n"
        "        return '\\nkept'"
    )


def test_compiled_code_is_stamped_with_the_fingerprint():
    """Numba alone would keep a caller compiled with the old text of a function it calls."""
    from python_udfs.kernels.pooling import pool, tau2

    for function in (pool._fit_groups, tau2.estimate_tau2):
        assert function._cache._cache_file._source_stamp == fingerprint()
