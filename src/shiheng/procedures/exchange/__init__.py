"""Matters from other platforms: taken in row by row, told back in their own form, held against their lists."""
