"""竞争: unfair competition, pyramid and direct selling, advertising, fair-competition review."""
