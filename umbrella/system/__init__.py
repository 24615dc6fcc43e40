"""All in which operating systems differ: nothing outside this package may ask which one it is.

`posix` and `windows` have the same functions. `ruff` refuses what only one system has in any other
module (pyproject.toml), and `tests/python/system/` runs the Windows half on any system.
"""

import sys

if sys.platform == "win32":
    from umbrella.system import windows as here
else:
    from umbrella.system import posix as here

try_lock = here.try_lock
is_named = here.is_named
remove_locked = here.remove_locked
hold_folder = here.hold_folder
remove_held = here.remove_held
remove_if_dead = here.remove_if_dead
Shared = here.Shared
without_writer = here.without_writer
replace = here.replace
sync = here.sync
sync_names = here.sync_names
write_through = here.write_through
CAN_EXCHANGE = here.CAN_EXCHANGE
exchange = here.exchange
take_over_owner = here.take_over_owner
take_over_permissions = here.take_over_permissions
open_at_once = here.open_at_once
stop_signals = here.stop_signals
signals_of_terminal = here.signals_of_terminal
wait_for_end_of = here.wait_for_end_of
memory_limited = here.memory_limited
STREAM_ENCODING = here.STREAM_ENCODING
REUSES_ADDRESS = here.REUSES_ADDRESS
quoted = here.quoted
what_is_wrong_with = here.what_is_wrong_with
number_of = here.number_of
