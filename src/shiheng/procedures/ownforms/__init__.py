"""Forms the bureau wrote itself in Word: its own for one legal form from a day on, over the shipped one."""
