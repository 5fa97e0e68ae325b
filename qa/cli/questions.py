"""`qa questions`: drafts of question sets, and the articles that some sets bring along."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.text import Text

from qa.cli.flags import CollectionFlag, ModelFlag, settings_with
from qa.cli.terminal import out, say
from qa.files import json_lines

if TYPE_CHECKING:
    from qa.library.storage import Storage
    from qa.types import Article

CHOICES = "[a]ccept, [e]dit, [d]elete, [s]kip, [q]uit"

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
    out.print(f"{written} articles. Index them: qa index {escape(str(folder))}")


@questions_app.command("draft")
def draft(
    path: Annotated[Path, typer.Argument(help="The file to write, JSON Lines; it must be new.")],
    article_ids: Annotated[
        list[str], typer.Option("--from", help="An article's id; may be given several times.")
    ],
    per_article: Annotated[int, typer.Option(min=1, help="At most so many an article.")] = 5,
    collection: CollectionFlag = None,
    model: ModelFlag = None,
) -> None:
    """Let the model draft questions from articles; they count once you have accepted them.

    Each draft's evidence stands in its article word for word; beside it stand questions like it
    that the article does not answer, with another year, figure or name.
    """
    from qa.errors import BadQuestionSet
    from qa.evaluating.drafts import draft_line, draft_questions
    from qa.library.places import open_library
    from qa.service.opening import open_generator

    settings = settings_with(model=model, collection=collection)
    if path.exists():
        raise BadQuestionSet(f"{path} is there already. Name a new file for the drafts.")
    with open_library(settings) as store:
        articles = _articles(store, article_ids)
        others = _articles(store, store.digests())
        with open_generator(settings) as generator, path.open("x", encoding="utf-8") as file:
            count = 0
            for question in draft_questions(articles, others, generator, per_article):
                file.write(json_lines([draft_line(question)]))
                file.flush()
                count += 1
                say(f"[dim]{escape(f'{question.id}: {question.question}')}[/dim]")
    out.print(f"{count} drafts. Look them through: qa questions review {escape(str(path))}")


@questions_app.command("perturb")
def perturb(
    questions: Annotated[Path, typer.Argument(help="Your question set.")],
    path: Annotated[Path, typer.Argument(help="The file to write, JSON Lines; it must be new.")],
    per_article: Annotated[int, typer.Option(min=1, help="At most so many an article.")] = 20,
    collection: CollectionFlag = None,
) -> None:
    """Write a set with questions so changed that nothing answers them, beside your own.

    Another year, figure or name, a "not", a false premise, or another article that is asked for
    what one says: whatever the change, a refusal is right. The report of qa eval tells the drop.
    """
    from qa.errors import BadQuestionSet
    from qa.evaluating.drafts import write_draft_file
    from qa.evaluating.foreign_sets import load_question_set
    from qa.evaluating.perturbing import perturbed
    from qa.evaluating.questions import question_line
    from qa.library.places import open_library

    own = load_question_set(questions)
    if path.exists():
        raise BadQuestionSet(f"{path} is there already. Name a new file for the questions.")
    with open_library(settings_with(collection=collection)) as store:
        articles = {one.id: one for one in _articles(store, store.digests())}
    changed = tuple(perturbed(own, articles, per_article))
    if not changed:
        raise BadQuestionSet(
            f"No question of {questions} can be changed: none that has answers and stands alone "
            "names an article of this library. See: qa articles list"
        )
    write_draft_file(path, [question_line(one) for one in (*own, *changed)])
    out.print(
        f"{len(own)} questions and {len(changed)} changed ones. Ask them: "
        f"qa eval {escape(str(path))}"
    )


@questions_app.command("review")
def review(
    path: Annotated[Path, typer.Argument(help="A file of drafts.")],
) -> None:
    """Accept, edit or delete the drafts of a file, one by one; each decision is saved at once."""
    from qa.evaluating.drafts import accepted, count_drafts, decide, read_draft_file
    from qa.evaluating.questions import is_draft

    drafts = [line for line in read_draft_file(path) if is_draft(line)]
    taken = 0
    for number, line in enumerate(drafts, 1):
        _show(line, f"{number} of {len(drafts)}")
        choice = _choice()
        if choice == "q":
            break
        if choice == "s":
            continue
        if choice == "d":
            decide(path, line["id"], None)
            continue
        question, answers = line["question"], line["answers"]
        if choice == "e":
            question, answers = _edited(question, answers)
        decide(path, line["id"], accepted(line, question, answers))
        taken += 1
    out.print(f"{taken} accepted; drafts left in {escape(str(path))}: {count_drafts(path)}")


def _articles(store: "Storage", article_ids: Iterable[str]) -> "list[Article]":
    """The articles of these ids; BadQuestionSet names one that is not in the library."""
    from qa.errors import BadQuestionSet

    found = []
    for article_id in article_ids:
        article = store.article(article_id)
        if article is None:
            raise BadQuestionSet(
                f"There is no article {article_id!r} in the library. See: qa articles list"
            )
        found.append(article)
    return found


def _show(line: dict[str, Any], place: str) -> None:
    out.print()
    out.print(Text(f"{place} · {line.get('id', '')} · {', '.join(line.get('tags', []))}", "dim"))
    out.print(Text(str(line["question"]), style="bold"))
    answers = line["answers"]
    told = "(nobody wrote down the answer)" if answers is None else " | ".join(answers)
    out.print(Text(f"  {told or '(the articles do not say)'}", style="green"))
    for quote in line.get("evidence", []):
        out.print(Text(f"  “{quote}”", style="dim"))


def _choice() -> str:
    """One of the choices, by its first letter."""
    while True:
        typed = str(typer.prompt(CHOICES, default="s", show_default=False, err=True))
        if typed.strip().lower()[:1] in ("a", "e", "d", "s", "q"):
            return typed.strip().lower()[0]
        say("[yellow]?[/yellow] a, e, d, s or q")


def _edited(question: str, answers: Sequence[str] | None) -> tuple[str, list[str] | None]:
    """What a person makes of a draft; Enter keeps what stands there, None among it."""
    question = typer.prompt("Question", default=question, err=True)
    typed = typer.prompt(
        "Accepted answers, | between them, - for none, ? for not written down",
        default="?" if answers is None else " | ".join(answers) or "-",
        err=True,
    )
    if str(typed).strip() == "?":
        return question, None
    kept = [part.strip() for part in str(typed).split("|")]
    return question, [part for part in kept if part and part != "-"]
