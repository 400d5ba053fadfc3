"""What programmers look at: code editors, terminal sessions, logs and results of queries."""
