"""What every room may stand on: values and rules that are still true on paper. No Django, no I/O."""
