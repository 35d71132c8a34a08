"""Powers, matters, checklists, discretion, calendars and code tables in force."""
