"""Components, slots, forms, tables, charts and document blocks; knows no room."""
