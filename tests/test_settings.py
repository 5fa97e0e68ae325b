"""What may be set: a server, whose key is never shown, and which rankings are fused."""

from pathlib import Path

import pytest

from qa.errors import BadSettings
from qa.settings import load_settings
from qa.types import Fusion

KEY = "sk-not-to-be-shown"


def test_a_fusion_is_one_of_three_words() -> None:
    assert load_settings().fusion is Fusion.BOTH
    assert load_settings(fusion="dense").fusion is Fusion.DENSE
    with pytest.raises(BadSettings, match=r"fusion = 'rrf' is wrong: .*'both', 'dense' or 'lexi"):
        load_settings(fusion="rrf")


def test_a_server_in_place_of_the_model() -> None:
    assert load_settings().generator == ""
    for address in (
        "http://127.0.0.1:8080/v1",
        "https://models.example/openai/v1/",
        "http://[::1]",
    ):
        assert load_settings(generator=address).generator == address.rstrip("/")


def test_several_servers_as_a_list_or_between_commas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_settings().generators == ()
    assert load_settings(generator="http://a:1/v1/").generators == ("http://a:1/v1",)
    (tmp_path / "home").mkdir()
    file = tmp_path / "home" / "qa.toml"
    file.write_text('generator = ["http://a:1/v1", "https://b.example/v1/"]')
    assert load_settings().generators == ("http://a:1/v1", "https://b.example/v1")
    monkeypatch.setenv("QA_GENERATOR", "http://c:1/v1/,http://d/v1, http://e/v1")
    assert load_settings().generators == ("http://c:1/v1", "http://d/v1", "http://e/v1")
    assert load_settings(generator=["http://f"]).generator == "http://f"
    assert load_settings(generator=[]).generators == ()


@pytest.mark.parametrize(
    ("addresses", "reason"),
    [
        (["http://a:1/v1", "ftp://b/v1"], "an address looks like"),
        (["http://a:1/v1", ""], "an address looks like"),
        ("http://a:1/v1,", "an address looks like"),
        (["http://a:1/v1", "http://b?x=1"], "no question mark"),
        (["http://a:1/v1", "http://b:1", "http://a:1/v1/"], "http://a:1/v1 stands in it twice"),
        (["http://a:1/v1", 8080], "valid string"),
    ],
)
def test_each_address_of_a_list_is_looked_at(addresses: object, reason: str) -> None:
    with pytest.raises(BadSettings, match=r"^The setting generator = ") as raised:
        load_settings(generator=addresses)
    assert reason in str(raised.value)


def test_a_key_in_one_address_of_a_list_is_not_shown() -> None:
    with pytest.raises(BadSettings, match="generator_key") as raised:
        load_settings(generator=["http://a:1/v1", f"https://user:{KEY}@b.example/v1"])
    assert KEY not in str(raised.value)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:8080/v1",
        "ftp://127.0.0.1/v1",
        "http:///v1",
        "http://127.0.0.1:99999/v1",
        "http://[::1/v1",
        "http://127.0.0.1:8080/v 1",
        "http://127.0.0.1/v1?key=1",
        "http://127.0.0.1/v1#here",
    ],
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(BadSettings, match=r"^The setting generator = .*QA_GENERATOR"):
        load_settings(generator=address)


def test_a_key_is_not_part_of_the_address_and_not_shown() -> None:
    with pytest.raises(BadSettings, match="generator_key") as raised:
        load_settings(generator=f"https://user:{KEY}@models.example/v1")
    assert KEY not in str(raised.value)


@pytest.mark.parametrize("key", [f"{KEY} and more", f"{KEY}\nX: 1", f"{KEY}é", [KEY]])
def test_a_key_that_cannot_be_sent_is_not_shown_either(key: object) -> None:
    with pytest.raises(BadSettings, match=r"^The setting generator_key is wrong: ") as raised:
        load_settings(generator_key=key)
    assert KEY not in str(raised.value)


def test_the_key_from_the_environment_goes_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "qa.toml").write_text('generator_key = "sk-of-the-file"')
    assert load_settings().generator_key.get_secret_value() == "sk-of-the-file"
    monkeypatch.setenv("QA_GENERATOR_KEY", f"{KEY}\n")
    settings = load_settings()
    assert settings.generator_key.get_secret_value() == KEY
    assert KEY not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("qwen2.5-coder-1.5b", ""),
        ("models/other.gguf", ""),
        ("qwen3:8b", "qwen3:8b"),
        ("org/Some-7B-Instruct", "org/Some-7B-Instruct"),
    ],
)
def test_the_models_name_on_the_server(model: str, name: str) -> None:
    assert load_settings(model=model).model_on_server == name


def test_a_user_without_a_home_folder_is_told_what_to_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_HOME", "~nobody-has-this-name/cuttings")
    with pytest.raises(BadSettings, match=r"no home folder\. Name one .* QA_HOME"):
        load_settings()
