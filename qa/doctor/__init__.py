"""What stands between this machine and an answer: one check a thing; none changes anything."""
