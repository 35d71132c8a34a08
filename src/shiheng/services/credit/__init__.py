"""The business's own credit page: what stands against it, what it can do, how its applications go."""
