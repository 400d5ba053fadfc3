"""What a process that reads files of strangers natively gives up, once and for all, before it does.

On Linux: new privileges, core files and being looked into (`limits`), the file system but for what it needs
(`landlock`), sockets, programs and further processes (`seccomp`). A kernel that lacks one of them does not stop the
program; `doctor` says so. On Windows a job object (`job_windows`), on macOS what is there (`macos`): both are written,
and were never run there.
"""

from desktop_vlm.system.sandbox.confine import OFF_VARIABLE, Confinement, Needs, confine, lacking
from desktop_vlm.system.sandbox.limits import (
    die_with_parent,
    end_children_with_this_process,
    forbid_core_files,
    less_memory,
    limit_memory,
    limit_processor_time,
    unlimited_processor_time,
)

__all__ = [
    "OFF_VARIABLE",
    "Confinement",
    "Needs",
    "confine",
    "die_with_parent",
    "end_children_with_this_process",
    "forbid_core_files",
    "lacking",
    "less_memory",
    "limit_memory",
    "limit_processor_time",
    "unlimited_processor_time",
]
