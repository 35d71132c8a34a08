"""What proves the platform; run by ``make test``."""
