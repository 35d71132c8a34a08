"""登记准入与退出: the business register and what follows from it."""
