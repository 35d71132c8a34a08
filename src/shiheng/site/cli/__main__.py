"""``python -m shiheng.site.cli``: the same command line, for children started in the same Python."""

import sys

from shiheng.site.cli import main

sys.exit(main())
