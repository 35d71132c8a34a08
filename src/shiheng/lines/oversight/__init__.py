"""综合监管: what customs and financial regulators know of those we regulate."""
