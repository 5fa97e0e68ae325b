"""The script that writes a page stands in docs/; its test finds it there."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "docs"))
