"""公示信息: what a decision says in public, masked and checked, for as long as law wants it, and who received it."""
