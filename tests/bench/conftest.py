"""Benchmarks are scripts beside one another in bench/; their tests find them as they do."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "bench"))
