"""Who acts when nobody signed in: whoever may run commands on the server, named on the record by their login."""

import getpass

from shiheng.accounts.permissions import Who


def who() -> Who:
    """The person at the command line. They hold the data directory's keys, so no door inside could stop them; the
    record says it was done at the command line, and by which login of the machine."""
    login = getpass.getuser()
    return Who(key=f"operator:{login}", name=f"命令行（{login}）", kind="system")
