"""罚没收缴: what parties owe and paid by the files, and what the finance department says came in."""
