"""Everything of one moment in one archive, and back: the database first, then all files its rows may mention.

Files are content-addressed (or written once, whole) before the row that mentions them, so whatever a snapshot of the
database mentions is already on the disk when the files are copied after it. The data keys come last, for a file copied
meanwhile may be sealed under a new one. Nothing has to be stopped; only the destruction of a key waits for the end.
"""

from shiheng.site.backup.restoring import restore
from shiheng.site.backup.taking import take

__all__ = ["restore", "take"]
