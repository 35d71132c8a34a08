"""The generated district: an invented place with known truth, so that every claim can be measured by anyone."""
