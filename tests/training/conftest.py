"""The training is scripts beside one another in training/; their tests find them as they do."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "training"))
