"""The command line ``shiheng``: everything an administrator does, in Chinese, for people and for scripts.

With ``--json`` a command writes exactly one JSON object to standard output; progress and messages go to standard
error. The exit codes are a promise (``answers.EXIT_CODES``).
"""

from shiheng.site.cli.front import main

__all__ = ["main"]
