"""What everybody may read of a business: one projection, from which every page, file, feed and report is made."""
