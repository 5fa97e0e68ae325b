"""An example: a question over a text and what answers it there, and the file of many."""

import json
from dataclasses import dataclass
from pathlib import Path

Span = tuple[int, int]
"""Start and end, in characters or in tokens."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question over a text, in characters of the text: the spans that answer.

    `region` says where the answer lies, if that is all that is known; with neither it is null.
    """

    kind: str
    question: str
    text: str
    spans: tuple[Span, ...] = ()
    region: Span | None = None

    @property
    def answerable(self) -> bool:
        """Whether the text answers."""
        return bool(self.spans) or self.region is not None


def read_examples(file: Path) -> list[Example]:
    """The examples of a file that `write_examples` wrote."""
    examples = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = tuple((start, end) for start, end in row["spans"])
        region = tuple(row["region"]) if row["region"] else None
        examples.append(Example(row["kind"], row["question"], row["text"], spans, region))
    return examples
