"""清单: checklists, spot-check items, law education, market access, leniency, decisions that need legal review."""
