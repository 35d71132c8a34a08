"""呈批: a step laid before those who approve it one after another; the last of them takes it."""
