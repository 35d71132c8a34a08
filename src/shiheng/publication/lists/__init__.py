"""Public lists of names: what is on them now, whom it means, and whether one person or business stands on them."""
