"""The law of each business line, declared; a line knows no database and no other line."""
