"""What moves open files from outside: a calendar loaded, a version that comes into force; shown first, then done."""
