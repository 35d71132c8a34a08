"""食品: permits, checks and sampling of those who make, sell and serve food."""
