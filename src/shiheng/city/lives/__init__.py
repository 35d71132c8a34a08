"""Contributors that play the invented city's life through the rooms' own actions, one for each room that needs life."""
