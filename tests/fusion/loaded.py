"""Named by the fork server: importing this loads the platform and touches neither database nor threads."""

import importlib

import django

django.setup()
for name in ("duckdb", "polars", "python_calamine", "shiheng.fusion.jobs", "tests.fusion.children"):
    importlib.import_module(name)
