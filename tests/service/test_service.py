"""Another model is taken while the page is open: between questions, or not at all."""

import shutil
import threading
from pathlib import Path

import pytest

from qa.errors import ModelError
from qa.models.catalogue import find_model
from qa.models.pulling import pull
from qa.service.service import open_service
from qa.settings import load_settings
from tests.conftest import ROOT

pytestmark = pytest.mark.model

CLOSED = (
    "The old bridge was closed in May, when the divers whom the county had sent for in the autumn,"
    " and again in the winter, had come up from its middle pier with a stone in each hand that they"
    " had taken out of it, as one of them said, like raisins out of a cake."
)
"""Too long to be read at a glance: a model is asked to put it shortly."""


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """The smallest model, a second one (the same bytes by another name), and one that is broken."""
    folder = tmp_path / "models"
    folder.mkdir()
    small = pull(find_model("smollm2-135m"), ROOT / "models", lambda _: None)
    (folder / small.name).symlink_to(small)
    for encoder in ("all-minilm-l6-v2", "ms-marco-minilm-l12"):
        (folder / encoder).symlink_to(ROOT / "models" / encoder)
    shutil.copy(small, folder / "second.gguf")
    (folder / "broken.gguf").write_bytes(b"GGUF" + b"\0" * 100)
    return folder


def test_another_model_answers_and_a_broken_one_changes_nothing(models_dir: Path) -> None:
    settings = load_settings(models_dir=models_dir, model="smollm2-135m", context_tokens=1024)
    with open_service(settings) as service:
        shelf = service.collection("main").shelf
        written = shelf.incoming("bridge.txt")
        written.write_text(f"Bridge closed\n\n{CLOSED}\n")
        shelf.add(written, "bridge.txt")
        asked = service.collection("main").assistant
        assert asked.answer("When was the old bridge closed?").model == "smollm2-135m"

        service.models.take("second.gguf")
        answer = asked.answer("When was the old bridge closed?")
        assert answer.model == service.models.name == "second.gguf"
        assert answer.usage.prompt_tokens > 0
        (in_use,) = (line for line in service.models.lines() if line.in_use)
        assert (in_use.name, in_use.size_bytes) == (
            "second.gguf",
            (models_dir / "second.gguf").stat().st_size,
        )
        assert in_use.pace is not None
        assert in_use.pace.read_tokens >= answer.usage.prompt_tokens / 2

        for name, told in (("broken.gguf", "broken"), ("no-such", "There is no model 'no-such'")):
            with pytest.raises(ModelError, match=told):
                service.models.take(name)
            assert service.models.name == "second.gguf"
        answer = asked.answer("When was the old bridge closed?")
        assert (answer.model, answer.usage.prompt_tokens > 0) == ("second.gguf", True)

        taking = threading.Thread(target=service.models.take, args=("smollm2-135m",))
        with service.models.gate.passing():
            taking.start()
            taking.join(0.5)
            assert service.models.name == "second.gguf"
        taking.join(60)
        assert service.models.name == asked.model_name == "smollm2-135m"
