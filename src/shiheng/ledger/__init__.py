"""The evidence log (RFC 6962 tree with signed heads) and the files it speaks of."""
