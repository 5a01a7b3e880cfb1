"""The full-text table behind yiting.needs.search."""

from django.db import migrations

POSTGRESQL = [
    """CREATE TABLE needs_words (
        need_id bigint PRIMARY KEY,
        grams text NOT NULL,
        words tsvector GENERATED ALWAYS AS (to_tsvector('simple', grams)) STORED)""",
    "CREATE INDEX needs_words_gin ON needs_words USING gin (words)",
]
SQLITE = [
    "CREATE VIRTUAL TABLE needs_words USING fts5(grams, tokenize = 'unicode61 remove_diacritics 0')",
    "CREATE VIRTUAL TABLE needs_vocabulary USING fts5vocab(needs_words, 'row')",
]


def create(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute("DROP TABLE needs_vocabulary")
    schema_editor.execute("DROP TABLE needs_words")


class Migration(migrations.Migration):
    dependencies = [("needs", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
