"""`qa questions`: question sets, and the articles that some bring along."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from qa.cli.terminal import out

questions_app = typer.Typer(help="Make question sets for qa eval.", no_args_is_help=True)


@questions_app.command("articles")
def write_articles(
    questions: Annotated[Path, typer.Argument(help="A SQuAD .json, or a BEIR folder.")],
    folder: Annotated[Path, typer.Argument(help="A new or empty folder for the articles.")],
) -> None:
    """Write out the articles that a SQuAD file or a BEIR folder brings along, for qa index."""
    from qa.errors import BadQuestionSet
    from qa.evaluating.foreign_sets import article_file, foreign_articles

    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BadQuestionSet(f"{folder} is not empty. Name a new folder for the articles.")
    written = 0
    for number, article in enumerate(foreign_articles(questions), 1):
        (folder / f"{number:06}.txt").write_text(article_file(article), encoding="utf-8")
        written += 1
    out.print(f"{written} articles. Index them: qa index {escape(str(folder))}", soft_wrap=True)
