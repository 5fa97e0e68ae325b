"""The grammar of quotations, written by hand and held against llama.cpp's own reading of it."""

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from qa.engine.constraints import Quotations
from qa.engine.grammar import quotation_grammar
from qa.models.catalogue import ModelKind, resolve_model
from qa.settings import Settings

TEXTS = (
    "Putin said trade reached\n$185 billion in 2022, up 35.4% from 2021. It doesn't stop.",
    'He wrote: "No." She left a back\\slash (here).',
)

Takes = Callable[[str], bool]


def test_a_word_is_followed_by_its_punctuation_or_the_next_word() -> None:
    lines = quotation_grammar(Quotations(('It is 5%, "so" said.',)))
    assert lines is not None
    assert lines.splitlines()[-6:] == [
        "quoted ::= t0w0 | t0w1 | t0w2 | t1w0 | t2w0",
        't0w0 ::= "It" (" " t0w1)?',
        't0w1 ::= "is" (" " t0w2)?',
        't0w2 ::= "5%" (",")?',
        't1w0 ::= "so"',
        't2w0 ::= "said" (".")?',
    ]


def test_marks_of_the_notation_are_escaped() -> None:
    lines = quotation_grammar(Quotations(("a\\b",)))
    assert lines is not None
    assert 't0w0 ::= "a" ("\\\\" | "\\\\" t0w1)?' in lines.splitlines()


def test_a_text_that_comes_twice_is_in_it_once_and_without_words_there_is_none() -> None:
    once = quotation_grammar(Quotations(("One  weir.",)))
    assert quotation_grammar(Quotations(("One weir.", "One\nweir."))) == once
    assert quotation_grammar(Quotations(("…", '"?"'))) is None
    assert quotation_grammar(Quotations(())) is None


@pytest.fixture(scope="module")
def vocabulary(defaults: Settings) -> Iterator[Any]:
    """The default model's tokens, without its weights."""
    import llama_cpp

    path = resolve_model(defaults.model, defaults.models_dir, ModelKind.LANGUAGE)
    only_tokens = llama_cpp.llama_model_default_params()
    only_tokens.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), only_tokens)
    yield llama_cpp.llama_model_get_vocab(model)
    llama_cpp.llama_model_free(model)


@pytest.fixture(scope="module")
def takes(vocabulary: Any) -> Takes:
    """Whether llama.cpp lets an answer be that text and end there, along the grammar of TEXTS."""
    import llama_cpp

    grammar = quotation_grammar(Quotations(TEXTS))
    assert grammar is not None
    end = llama_cpp.llama_vocab_eos(vocabulary)

    def takes(text: str) -> bool:
        sampler = llama_cpp.llama_sampler_init_grammar(vocabulary, grammar.encode(), b"root")
        assert sampler, "llama.cpp cannot read the grammar"
        tokens, raw = (llama_cpp.llama_token * 100)(), text.encode()
        count = llama_cpp.llama_tokenize(vocabulary, raw, len(raw), tokens, 100, False, False)
        try:
            for token in [*tokens[:count], end]:
                one = (llama_cpp.llama_token_data * 1)()
                one[0].id, one[0].logit = token, 1.0
                candidates = llama_cpp.llama_token_data_array(one, 1, -1, False)
                llama_cpp.llama_sampler_apply(sampler, ctypes.byref(candidates))
                if one[0].logit < 0:
                    return False
                llama_cpp.llama_sampler_accept(sampler, token)
        finally:
            llama_cpp.llama_sampler_free(sampler)
        return True

    return takes


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "",
        "Trade grew, he said [1].",
        'He said "trade reached $185 billion" [1].',
        'It was "up 35.4%", and “It doesn\'t stop.” was said.',
        'He said: "reached $185 billion in 2022, up", so.',
        '«No» and „No“ and ("No")',
        'A 5" pipe and a 6" one.',
        'Of "slash (here)." he said "She left a back\\slash".',
        "Ihr Wort, schön: “2021”",
    ],
)
def test_llama_cpp_takes_what_is_quoted_from_a_text(takes: Takes, text: str) -> None:
    assert takes(text)


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        'He said "trade fell".',
        'He said "rade reached".',  # not from a word's beginning
        'He said "trade reached $18".',  # nor to its end
        'He said "trade  reached".',
        'He said "trade',  # never closed
        'He said "".',
        "“Nobody” came",
        '"Trade" is not "trade"',
        'He said "wrote: "No.',
        'And ("fell") too',
    ],
)
def test_llama_cpp_takes_nothing_else_between_quotation_marks(takes: Takes, text: str) -> None:
    assert not takes(text)
