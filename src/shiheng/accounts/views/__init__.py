"""The pages of people and offices; each module is one kind of page."""
