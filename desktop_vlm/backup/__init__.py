"""Everything that a person made here, in one file: the history with its images, the settings, the quick actions.

`archive` is the file, `restoring` what is done with what was in it. Models are not part of it: they can be had again.
"""

from desktop_vlm.backup.archive import Contents, read_manifest, unpack, write_archive
from desktop_vlm.backup.restoring import Restored, restore_files

__all__ = ["Contents", "Restored", "read_manifest", "restore_files", "unpack", "write_archive"]
