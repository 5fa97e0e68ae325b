"""`qa sweep` over two articles with the real embedder: one index a chunking, and nothing twice."""

import json
from pathlib import Path

import pytest

from tests.cli.typed import qa

pytestmark = pytest.mark.model


def test_a_sweep_of_the_search_is_made_and_goes_on(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "bridge.txt").write_text("The Aldera bridge cost 42 million euros. " * 9)
    (articles / "strike.txt").write_text("The ferry crews ask for 6 per cent. " * 9)
    assert qa("index", articles).returncode == 0
    question = {"id": "q", "question": "What did the bridge cost?", "answers": ["42 million"],
                "articles": ["bridge"], "evidence": ["42 million euros"]}  # fmt: skip
    (tmp_path / "set.jsonl").write_text(json.dumps(question) + "\n")
    grid = '[grid]\npassage_tokens = [32, 64]\nfusion = ["both", "lexical"]\n'
    file = tmp_path / "grid.toml"
    file.write_text(f'questions = "set.jsonl"\nretrieval_only = true\n{grid}')

    first = qa("sweep", file, "--out", tmp_path / "out", "--json")
    assert first.returncode == 0, first.stderr
    swept = json.loads(first.stdout)
    assert [one["settings"] for one in swept] == [
        {"passage_tokens": tokens, "fusion": fusion}
        for tokens in (32, 64)
        for fusion in ("both", "lexical")
    ]
    assert all(one["measures"]["recall@1"]["value"] == 1 for one in swept)
    assert len(list((tmp_path / "out" / "index").iterdir())) == 2
    assert "passage_tokens" in (tmp_path / "out" / "sweep.html").read_text()

    predictions = Path(swept[0]["folder"]) / "predictions.jsonl"
    written = predictions.stat().st_mtime_ns
    again = qa("sweep", file, "--out", tmp_path / "out")
    assert again.returncode == 0, again.stderr
    assert predictions.stat().st_mtime_ns == written
    assert "passage_tokens   fusion  recall@5" in again.stdout
    compared = qa("compare", swept[0]["folder"], swept[3]["folder"])
    assert "passage_tokens: 32 → 64" in compared.stdout, compared.stderr
    assert "fusion: both → lexical" in compared.stdout
