"""Work rows and their runner: Django's Tasks API over a lease table that survives kill -9."""
