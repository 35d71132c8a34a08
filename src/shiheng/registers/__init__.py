"""Registers: every list, ledger, licence book and catalogue of entries, each a declaration."""
