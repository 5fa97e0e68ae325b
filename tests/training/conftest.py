"""The training is scripts beside one another in training/; their tests find them as they do."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "training"))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """What is taught here is tiny: a second thread would only be waited for."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
