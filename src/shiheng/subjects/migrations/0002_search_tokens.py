"""The tokens of names, as each database keeps them: an FTS5 table on SQLite, a tsvector with GIN on PostgreSQL."""

from django.db import migrations

STATEMENTS = {
    "sqlite": [
        "CREATE VIRTUAL TABLE subjects_searchtoken USING fts5"
        "(tokens, content='', columnsize=0, prefix='1', tokenize=\"ascii tokenchars '^~$@'\")"
    ],
    "postgresql": [
        "ALTER TABLE subjects_searchname ADD COLUMN tokens tsvector NOT NULL DEFAULT ''",
        # Without a pending list a search right after a large load is as fast as any other.
        "CREATE INDEX search_name_tokens ON subjects_searchname USING gin (tokens) WITH (fastupdate = off)",
    ],
}
UNDO = {
    "sqlite": ["DROP TABLE subjects_searchtoken"],
    "postgresql": ["ALTER TABLE subjects_searchname DROP COLUMN tokens"],
}


def install(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("subjects", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
