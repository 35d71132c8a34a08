"""权责清单: what the bureau may and must do, as lines declare it and the bureau's own decisions change it."""
