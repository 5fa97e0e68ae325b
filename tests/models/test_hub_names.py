"""Names of the hub, and which files of a repository are one model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ModelError
from qa.models.hub_names import HubFile, HubModel, HubName, models_in, pick


def test_names_as_llama_cpp_and_ollama_write_them() -> None:
    assert HubName.parse("hf:Qwen/Qwen3-4B-GGUF") == HubName("Qwen/Qwen3-4B-GGUF")
    named = HubName("Qwen/Qwen3-4B-GGUF", "q8_0")
    assert HubName.parse("hf:Qwen/Qwen3-4B-GGUF:q8_0") == named
    assert HubName.parse("hf.co/Qwen/Qwen3-4B-GGUF:q8_0") == named
    assert str(named) == "hf:Qwen/Qwen3-4B-GGUF:q8_0"
    assert named.covers("hf:Qwen/Qwen3-4B-GGUF:Q8_0")
    assert not named.covers("hf:Qwen/Qwen3-4B-GGUF:Q8_0_L")
    assert HubName("a/b").covers("hf:a/b:F16")
    assert not HubName("a/b").covers("hf:a/bc:F16")


@pytest.mark.parametrize(
    "name",
    ["hf:a", "hf:a/b/c", "hf:a/..", "hf:../b", "hf:a/b:", "hf:a b/c", "a/b", "", "hf:a/b:x/y"],
)
def test_what_is_no_whole_name_is_none(name: str) -> None:
    assert HubName.parse(name) is None
    with pytest.raises(ModelError, match="Write hf:OWNER/REPO"):
        HubName.wanted(name)


@given(st.text())
def test_no_name_leads_out_of_its_place(text: str) -> None:
    found = HubName.parse(f"hf:{text}")
    if found:
        owner, repo = found.repo.split("/")
        assert not {owner, repo} & {"", ".", ".."}
        assert "/" not in found.quant


def test_the_models_of_a_repository_smallest_first() -> None:
    listed = [
        HubFile("README.md", 900, ""),
        HubFile("mmproj-model-f16.gguf", 800, "c"),
        HubFile("tiny-instruct-Q8_0.gguf", 700, "a"),
        HubFile("tiny-instruct-q4_k_m.gguf", 400, "b"),
        HubFile("BF16/tiny-instruct-BF16-00002-of-00002.gguf", 500, "e"),
        HubFile("BF16/tiny-instruct-BF16-00001-of-00002.gguf", 600, "d"),
        HubFile("tiny-instruct-UD-Q2_K_XL.gguf", 300, "f"),
        HubFile("cut/tiny-F32-00001-of-00003.gguf", 1, "g"),
        HubFile("../outside-Q6_K.gguf", 1, "h"),
    ]
    found = models_in(listed)
    assert [(model.quant, model.size_bytes) for model in found] == [
        ("UD-Q2_K_XL", 300),
        ("Q4_K_M", 400),
        ("Q8_0", 700),
        ("BF16", 1100),
    ]
    assert [file.sha256 for file in found[-1].files] == ["d", "e"]


def test_two_models_of_one_quantisation_go_by_their_files_names() -> None:
    listed = [HubFile("chat-Q8_0.gguf", 2, "a"), HubFile("base-Q8_0.gguf", 1, "b")]
    assert [model.quant for model in models_in(listed)] == ["base-Q8_0", "chat-Q8_0"]
    assert [model.quant for model in models_in([HubFile("Qwen3.gguf", 1, "a")])] == ["Qwen3"]


def test_what_is_picked() -> None:
    def of(*quants: str) -> tuple[HubModel, ...]:
        return tuple(HubModel(quant, ()) for quant in quants)

    plain = HubName("a/b")
    assert pick(plain, of("Q2_K", "Q4_K_M", "Q8_0")).quant == "Q4_K_M"
    assert pick(plain, of("Q8_0")).quant == "Q8_0"
    assert pick(HubName("a/b", "q8_0"), of("Q4_K_M", "Q8_0")).quant == "Q8_0"
    with pytest.raises(
        ModelError, match=r"has several models: Q2_K, Q8_0\. Pull one with: .*:Q2_K"
    ):
        pick(plain, of("Q2_K", "Q8_0"))
    with pytest.raises(ModelError, match="a/b has no Q5_0: Q8_0"):
        pick(HubName("a/b", "Q5_0"), of("Q8_0"))
    with pytest.raises(ModelError, match="holds no GGUF file"):
        pick(plain, ())
