"""Measures of credit where a file asks for them: found, shown, holding up a step, told back."""
