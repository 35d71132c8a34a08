"""What this room's templates need beside ``ui``."""
