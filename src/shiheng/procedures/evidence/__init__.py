"""Evidence of a file: taken in piece by piece, hashed at receipt, shown, masked, handed on, proved to outsiders."""
