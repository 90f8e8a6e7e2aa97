"""Rules of the law on rows of plans, one topic a file."""
