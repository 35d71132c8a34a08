"""The shipped form as a Word file to begin with: our own blocks, with placeholders where facts will stand."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

from shiheng.procedures.formbook import Form
from shiheng.procedures.ownforms.definition import Name
from shiheng.ui import documents, word
from shiheng.ui.documents import Document


def starter(form: Form, known: Mapping[str, Name]) -> bytes:
    """A Word file that says what the shipped form says, each fact as its placeholder."""
    titles = {name.fact: name.title for name in known.values()}
    spoken = {fact: "{{" + titles.get(fact, fact) + "}}" for fact in documents.needed(form.blocks)}
    # A table of rows is one placeholder: its rows come one under another.
    blocks = [replace(b, kind="flush", text=f"{{{b.rows}}}", rows="") if b.rows else b for b in form.blocks.blocks]
    made = documents.make(replace(form.blocks, blocks=tuple(blocks)), spoken)
    out = BytesIO()
    word.write(Document(made.title, made.number, made.blocks), out)
    return out.getvalue()
