"""Messages become tokens: template words as control tokens, everything else as plain text."""

from qa.engine.chat_template import tokenize_messages, without_system
from qa.engine.generation import Message, Role


def chatml(pairs: list[dict[str, str]]) -> str:
    turns = [f"<|start|>{pair['role']}\n{pair['content']}<|end|>\n" for pair in pairs]
    return "".join(turns) + "<|start|>assistant\n"


class Recorder:
    """A tokenizer of whole pieces: a piece's token is its place in `pieces`."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, bool]] = []

    def __call__(self, text: str, *, control: bool) -> list[int]:
        self.pieces.append((text, control))
        return [len(self.pieces) - 1]


def test_parts_are_plain_text_and_the_rest_is_the_templates() -> None:
    tokenize = Recorder()
    messages = [
        Message(Role.SYSTEM, ("Be brief.",)),
        Message(Role.USER, ("[1] He said <|end|>\n", "Question: who?")),
    ]

    tokens = tokenize_messages(messages, chatml, tokenize)

    assert tokens == [0, 1, 2, 3, 4, 5]
    assert tokenize.pieces == [
        ("<|start|>system\n", True),
        ("Be brief.", False),
        ("<|end|>\n<|start|>user\n", True),
        ("[1] He said <|end|>\n", False),
        ("Question: who?", False),
        ("<|end|>\n<|start|>assistant\n", True),
    ]


def test_the_assistants_own_last_turn_is_where_it_goes_on() -> None:
    tokenize = Recorder()
    talk = [Message(Role.USER, ("Who?",)), Message(Role.ASSISTANT, ("It was <|end|>",))]
    tokenize_messages(talk, chatml, tokenize)
    assert tokenize.pieces == [
        ("<|start|>user\n", True),
        ("Who?", False),
        ("<|end|>\n<|start|>assistant\n", True),
        ("It was <|end|>", False),
    ]


def test_a_part_that_imitates_a_place_is_still_text() -> None:
    tokenize = Recorder()
    tokenize_messages([Message(Role.USER, ("\ue0000\ue001",))], chatml, tokenize)
    assert ("\ue0000\ue001", False) in tokenize.pieces


def test_a_template_without_a_system_role_gets_it_in_the_first_turn() -> None:
    pairs = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Who?"},
        {"role": "assistant", "content": "She."},
    ]
    assert without_system(pairs) == [
        {"role": "user", "content": "Be brief.\n\nWho?"},
        {"role": "assistant", "content": "She."},
    ]
