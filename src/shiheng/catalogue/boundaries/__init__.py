"""Where the bureau itself draws the boundaries of discretion: its own for one violation over the shipped ones."""
