"""What the bureau says of itself: its functions, guides, remedies and channels, its news, decisions by others on it."""
