"""What is told at each step of the files of the legal section and of those who oversee the work."""
