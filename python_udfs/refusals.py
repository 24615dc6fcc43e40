"""What DuckDB refuses or gives up, in words that say what to do."""

import re
from dataclasses import dataclass

from python_udfs.whole import damage_in_words, is_damage


@dataclass(frozen=True)
class Ways:
    """How the one who asks opens up: the words differ between Python and a shell."""

    files: str
    timeout: str
    memory: str


PYTHON = Ways(
    files="connect(allow_files=True)",
    timeout="connect(timeout=seconds)",
    memory="connect(memory='16GB')",
)

SHELL = Ways(
    files="umbrella sql --allow-files",
    timeout="umbrella sql --timeout SECONDS",
    memory="umbrella sql --memory 16GB",
)

CLOSED = (
    "SQL may use no file, no network, no extension and no other database here. {ways.files} opens "
    "files of your own; the warehouse stays read-only."
)
NO_NETWORK = "SQL may not use the network: load {0} with another program and read the file."
NO_EXTENSIONS = "SQL may not install or load an extension of DuckDB, nor use what needs one."
NO_SECRETS = "SQL may keep no secrets."
NO_SETTINGS = (
    "Settings are fixed while the warehouse is open, {0} too. The limits are set when it is "
    "opened: {ways.timeout}, {ways.memory}; 0 for none."
)
READ_ONLY = (
    "The warehouse is read-only ({0} refused). A table of your own lives as long as the session: "
    "create temp table ..."
)
TOO_LONG = "The query was stopped at its time limit. {ways.timeout} sets another, 0 for none."
TOO_LARGE = (
    "The query needs more memory than its limit. Ask for less at once, or set another limit: "
    "{ways.memory}, 0 for DuckDB's own."
)
INTERNAL = (
    "DuckDB failed in itself: {0}. The warehouse is as it was; open it again and ask another way."
)

REFUSALS = (
    (r'Cannot access file "(\w+://[^"]*)', NO_NETWORK),
    (r"LocalFileSystem has been disabled|file system operations are disabled", CLOSED),
    (
        r"Loading external extensions is disabled|it exists in the \w+ extension"
        r"|requires the extension",
        NO_EXTENSIONS,
    ),
    (r"Persistent secrets are disabled", NO_SECRETS),
    (r'Cannot change configuration option "+(\w+)"+ - the configuration', NO_SETTINGS),
    (r'Cannot execute statement of type "(\w+)" on database .* read-only', READ_ONLY),
    (r"exceeded maximum execution time", TOO_LONG),
    (r"^(?:INTERNAL|FATAL) Error: ([^\n]*)", INTERNAL),
    (r"Out of Memory Error", TOO_LARGE),
)
"""What DuckDB says, as a pattern, and what it means here; the first that fits counts."""


def in_plain_words(message: object, ways: Ways) -> str:
    """What a message of DuckDB means here; one that is about the query itself stays as it is."""
    if is_damage("", message):
        return damage_in_words("The warehouse")
    for pattern, sentence in REFUSALS:
        found = re.search(pattern, str(message))
        if found:
            return sentence.format(*found.groups(), ways=ways)
    return str(message)
