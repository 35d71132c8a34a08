"""What the public sees: the credit portal, notices and open data."""
