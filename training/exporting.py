"""What ships: the encoder as int8 ONNX, without the word vectors, which are the embedder's own."""

import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from batches import Tokens
from encoder import MINILM, SEP, Reader
from torch import Tensor, nn

from qa.library.span_reader import ENCODER, WORDS_DIGEST, words_digest

OPSET = 17


class _Alone(nn.Module):
    """The encoder over one text, where nothing is padded and so nothing is masked."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.encoder = reader.encoder

    def forward(self, vectors: Tensor, types: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of starts and ends, shape (1, tokens), and of an answer, shape (1,)."""
        reading = self.encoder(vectors, torch.ones_like(types), types)
        return reading.start, reading.end, reading.answerable


def export(reader: Reader, tokenizer_file: Path, examples: Sequence[Tokens], folder: Path) -> None:
    """Write the encoder where the program looks for it, and `export.json` with what int8 changes.

    The difference is that of the logits over `examples`, against those of the float32 encoder.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from tokenizers import Tokenizer

    words = reader.cpu().words.numpy()
    vocabulary = Tokenizer.from_file(str(tokenizer_file)).get_vocab()
    with tempfile.TemporaryDirectory() as made:
        whole, small = Path(made) / "float.onnx", Path(made) / "int8.onnx"
        _write_float(reader, whole)
        quantize_dynamic(
            whole,
            small,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            reduce_range=True,  # seven bits: without VNNI, products of eight do not fit the sums
        )
        model = onnx.load(str(small))
        onnx.helper.set_model_props(model, {WORDS_DIGEST: words_digest(vocabulary, words)})
        ENCODER.parent.mkdir(exist_ok=True)
        onnx.save(model, str(ENCODER))
        changed = differences(whole, ENCODER, words, examples)
    told = {
        "bytes": ENCODER.stat().st_size,
        "sha256": hashlib.sha256(ENCODER.read_bytes()).hexdigest(),
        **changed,
    }
    (folder / "export.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(told), flush=True)


def differences(
    whole: Path, small: Path, words: np.ndarray, examples: Sequence[Tokens]
) -> dict[str, float]:
    """How far int8 moves logits, and how often another start or end comes first."""
    moved, same, heads = [], [], []
    sessions = [_session(file) for file in (whole, small)]
    for one in examples:
        ids = np.array(one.ids)
        types = (np.arange(len(ids)) >= one.text_start).astype(np.int64)
        inputs = {"vectors": words[ids][None], "types": types[None]}
        left, right = (session.run(None, inputs) for session in sessions)
        allowed = (types == 1) & (ids != SEP)
        allowed[0] = True
        for first, second in zip(left[:2], right[:2], strict=True):
            moved.append(np.abs(first[0] - second[0])[allowed])
            tops = [np.where(allowed, one[0], -np.inf).argmax() for one in (first, second)]
            same.append(tops[0] == tops[1])
        heads.append(abs(float(left[2][0] - right[2][0])))
    logits = np.concatenate(moved)
    return {
        "examples": len(examples),
        "logits_mean": round(float(logits.mean()), 4),
        "logits_most": round(float(logits.max()), 4),
        "head_mean": round(float(np.mean(heads)), 4),
        "head_most": round(float(np.max(heads)), 4),
        "same_start_or_end": round(float(np.mean(same)), 4),
    }


def _write_float(reader: Reader, file: Path) -> None:
    vectors = torch.zeros(1, 24, MINILM.width)
    types = torch.zeros(1, 24, dtype=torch.int64)
    torch.onnx.export(
        _Alone(reader).eval(),
        (vectors, types),
        str(file),
        input_names=["vectors", "types"],
        output_names=["start", "end", "answerable"],
        dynamic_axes={name: {1: "tokens"} for name in ("vectors", "types", "start", "end")},
        opset_version=OPSET,
        dynamo=False,  # the newer exporter needs onnxscript and writes no smaller file
    )


def _session(file: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
