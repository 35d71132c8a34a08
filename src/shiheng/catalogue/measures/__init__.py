"""The catalogue of what law and policy attach to a good or a bad record, department by department."""
