"""执法: penalty decisions of every department and hand-overs between supervision and police."""
