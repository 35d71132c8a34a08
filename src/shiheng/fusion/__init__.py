"""Department files to statements to one file per subject, with a reason for every value."""
