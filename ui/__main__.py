"""`python -m ui`: the same as `qa chat`, from a checkout."""

import sys

from qa.cli import main

if __name__ == "__main__":
    sys.argv = ["qa", "chat", *sys.argv[1:]]
    main()
