"""Credit reports: the public file of one business on a day, on record, checked by anybody without asking us."""
