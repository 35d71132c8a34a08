"""Who handles which files: handing them over, leave with a deputy, and how much each officer has."""
