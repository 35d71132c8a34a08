"""What a letter may be: read by declared words and by what the bureau's own closed files taught; decided by a person."""
