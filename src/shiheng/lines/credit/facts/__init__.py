"""What is told in the files of the credit line."""
