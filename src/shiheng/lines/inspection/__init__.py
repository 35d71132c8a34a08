"""检查: results of inspections, whoever made them."""
