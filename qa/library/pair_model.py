"""Opens a small ONNX model that reads two texts as one, with its tokenizer. CPU, no network."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import ModelError

MAX_TOKENS = 512
"""Tokens of both texts together that are read, special ones counted."""


@dataclass(frozen=True, slots=True)
class PairModel:
    """A model and its tokenizer, which cuts the longer text of a pair that is too long."""

    tokenizer: Any
    session: Any


def open_pair_model(called: str, model: Path, tokenizer: Path, next_step: str) -> PairModel:
    """Load both; ModelError, with what the model is called and the next step, where one is damaged.

    The model runs on the thread that calls it and has none of its own: whoever wants several texts
    read at once calls it from several threads, so none spins beside the language model.
    """
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # no warning after a fork
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as ort
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors alone; they are raised as well
    damaged = (ort.Fail, ort.InvalidArgument, ort.InvalidGraph, ort.InvalidProtobuf, ort.NoModel)
    missing = (ort.NoSuchFile, ort.NotImplemented, ort.RuntimeException, OSError)
    try:
        words = tokenizer.read_text(encoding="utf-8")
        json.loads(words)["model"]  # for another file the library raises a bare Exception
        reading = Tokenizer.from_str(words)
        providers = ["CPUExecutionProvider"]
        session = onnxruntime.InferenceSession(str(model), options, providers=providers)
    except (*damaged, *missing, ValueError, LookupError, TypeError) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise ModelError(
            f"{called} cannot be loaded: {lines[0].rstrip('. ')}. {next_step}"
        ) from error
    reading.no_padding()
    reading.enable_truncation(MAX_TOKENS, strategy="longest_first")
    return PairModel(reading, session)
