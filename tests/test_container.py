"""The Dockerfile and compose.yaml, read: hadolint's rules as far as they concern us, and the names.

No machine that tests runs Docker, so nothing is built here.
"""

import json
import re
from fnmatch import fnmatch
from typing import Any

import yaml

from qa.api.guard import OPEN
from qa.library.postgres.schema import LEAST_PGVECTOR, LEAST_SERVER
from qa.settings import Settings
from tests.conftest import ROOT

TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LINES = [
    re.sub(r"\s+", " ", line)
    for line in re.sub(r"^#.*\n", "", TEXT, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    if line.strip()
]
STEPS = [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in LINES]
COMPOSE: Any = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def of(kind: str) -> list[str]:
    return [rest for one, rest in STEPS if one == kind]


def test_base_images_have_a_tag_that_is_not_latest() -> None:  # DL3006, DL3007
    assert len(of("FROM")) == 2
    assert all(re.match(r"[a-z]+:[\d.]+-[\w-]+( AS \w+)?$", image) for image in of("FROM"))


def test_packages_are_installed_as_they_should_be() -> None:  # DL3008 is ignored, with a reason
    apt = [run for run in of("RUN") if "apt-get" in run]
    assert len(apt) == len(re.findall(r"^# hadolint ignore=DL3008 -- \w", TEXT, re.MULTILINE)) == 2
    for run in apt:  # DL3009, DL3014, DL3015
        assert "install -y --no-install-recommends" in run
        assert "rm -rf /var/lib/apt/lists/*" in run
    (pip,) = (run for run in of("RUN") if "pip install" in run)
    assert "--no-cache-dir -c constraints.txt" in pip  # DL3013, DL3042
    assert not any("sudo" in run or "| " in run for run in of("RUN"))  # DL3004, DL4006
    assert of("ADD") == []  # DL3020


def test_it_runs_as_a_user_without_rights_from_its_home() -> None:  # DL3002
    (user,) = of("USER")
    assert int(user) >= 10_000
    assert f"useradd --uid {user}" in " ".join(of("RUN"))
    ((home,),) = map(json.loads, of("VOLUME"))
    assert f"QA_HOME={home}" in of("ENV")[0]
    assert COMPOSE["services"]["cuttings"]["volumes"][0] == f"home:{home}"
    assert COMPOSE["services"]["cuttings"]["cap_drop"] == ["ALL"]


def test_commands_are_lists_and_health_is_asked_where_it_is_told() -> None:  # DL3025, DL3057
    (entry,), (command,) = map(json.loads, of("ENTRYPOINT")), map(json.loads, of("CMD"))
    assert entry == ["qa"]
    assert command[0] == "serve"
    (health,) = of("HEALTHCHECK")
    asked = json.loads(health.partition("CMD ")[2])
    assert f"http://127.0.0.1:{command[-1]}{OPEN}" in asked[-1]
    compile(asked[-1], "health", "exec")
    assert of("EXPOSE") == [command[-1]]


def test_what_is_copied_is_there_and_reaches_the_builder() -> None:
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    sources = [
        source for line in of("COPY") if "--from" not in line for source in line.split(" ")[:-1]
    ]
    assert {"qa", "ui", "pyproject.toml", "models/catalogue.toml"} <= set(sources)
    assert all((ROOT / source).exists() for source in sources)
    assert all(any(fnmatch(source, one) for one in let_through) for source in sources)
    assert sorted(let_through) == sorted(sources)


def test_compose_sets_what_can_be_set_and_names_a_server_that_is_new_enough() -> None:
    services = COMPOSE["services"]
    names = {name.removeprefix("QA_").lower() for name in services["cuttings"]["environment"]}
    assert names <= set(Settings.model_fields)
    pgvector, server = re.findall(r":([\d.]+)-pg(\d+)$", services["library"]["image"])[0]
    assert tuple(map(int, pgvector.split("."))) >= LEAST_PGVECTOR
    assert int(server) >= LEAST_SERVER
    assert services["cuttings"]["ports"] == ["127.0.0.1:7860:7860"]
    assert all(":?" in one or one.startswith("postgresql://") for one in passwords(services))


def passwords(services: Any) -> list[str]:
    """Where a password stands: it comes from outside, and there is none by default."""
    return [
        value
        for service in services.values()
        for value in service["environment"].values()
        if "PASSWORD" in value
    ]
