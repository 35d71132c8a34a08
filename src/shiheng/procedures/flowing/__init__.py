"""What files keep in registers by themselves, and the goods they hold, counted."""
