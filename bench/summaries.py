"""How much of what a summary must tell one of ours tells, over the articles of strangers/.

    python bench/summaries.py

Of each article summaries/nuggets.jsonl names the facts without which a reader would not know what
it is about (vital) and others worth telling (okay), each by words of the sentences that tell it, in
the manner of TREC's nuggets (Voorhees, 2003). They were written by who had not seen the program.
What a sentence is worth (`qa/surveying/summaries.py`) was fitted to these facts; what the same fit
reaches on articles that it has not seen is told in answers.md.
"""

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from qa.library.indexing import index_folders
from qa.library.store import Store
from qa.service.opening import open_embedder
from qa.settings import load_settings
from qa.surveying.summaries import gists, units_of

HERE = Path(__file__).parent
LEAD = 5
"""The sentences at the front that a summary is held against."""


def main() -> None:
    """Summarise every article, and print what of its facts is told."""
    settings = load_settings()
    embedder = open_embedder(settings)
    lines = (HERE / "summaries" / "nuggets.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    told: list[tuple[float, ...]] = []
    for desk in sorted({row["article"].partition("/")[0] for row in rows}):
        own = [row for row in rows if row["article"].startswith(f"{desk}/")]
        with tempfile.TemporaryDirectory() as name, Store.create(Path(name)) as store:
            folder = HERE / "strangers" / desk
            index_folders([folder], store, embedder, settings.passage_tokens, lambda _: None)
            for row in own:
                units = units_of(store, Path(row["article"]).stem)
                ours = " ".join(one.text for one in gists([units], embedder))
                lead = " ".join(one.text for one in units[:LEAD])
                told.append((*shares(row, ours), *shares(row, lead)))
    print("| summary | vital facts | okay facts | characters |")
    print("| --- | --- | --- | --- |")
    for place, name in ((0, "ours"), (3, f"the first {LEAD} sentences")):
        vital, okay, characters = (fmean(row[place + at] for row in told) for at in range(3))
        print(f"| {name} | {vital:.0%} | {okay:.0%} | {characters:.0f} |")


def shares(row: Mapping[str, Any], summary: str) -> tuple[float, float, float]:
    """The shares of vital and of okay facts that a summary tells, and its characters."""
    text = " ".join(summary.split())
    return _share(row["vital"], text), _share(row["okay"], text), float(len(text))


def _share(facts: Sequence[Sequence[str]], text: str) -> float:
    met = [any(" ".join(words.split()) in text for words in ways) for ways in facts]
    return fmean(met) if met else 1.0


if __name__ == "__main__":
    main()
