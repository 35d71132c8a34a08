"""The law library: instruments under version, read from the texts a bureau provides."""
