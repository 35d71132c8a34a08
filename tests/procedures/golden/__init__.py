"""What the clocks must come to, told without the house: holiday notices, a plain loop, and the table of counts."""
