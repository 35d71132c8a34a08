"""People, offices, jurisdictions, permissions and outgoing messages."""
