"""Exchange between departments: who takes what, what was sent, what was taken, and what lies in between."""
