"""What a letter may be: read by declared words and by what a bureau's closed files taught; decided by a person."""
