"""The one place that knows DuckDB (and, behind the same door, Spark): the statement lake and its frames."""
