"""What is promised about installing, `make` and containers."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+==\S+(?: ; .*)?)$", re.M)
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = ("web", "worker", "beat")
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_requirements_say_the_same_as_the_lock_file() -> None:
    beside = ROOT / ".venv" / "bin" / "uv"
    uv = str(beside) if beside.exists() else shutil.which("uv")
    assert uv, "uv comes with `make test`"
    command = [uv, "export", "--frozen", "--offline", "--no-default-groups", "--group", "demo", "--no-hashes"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    exported = sorted(PINNED.findall(done.stdout))
    assert len(exported) > 50
    assert sorted(PINNED.findall((ROOT / "requirements.txt").read_text())) == exported


def test_make_help_lists_what_there_is_and_nothing_else() -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    done = subprocess.run(["make", "-s", "help"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    listed = re.findall(r"^  make (\w+)", done.stdout, re.M)
    assert listed == ["demo", "test", "check", "bench", "snapshot", "css", "reset"]


def test_readme_is_one_screen_and_begins_with_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= 45
    assert [line.split("#")[0].strip() for line in lines[3:5]] == ["make demo", "make test"]


def test_every_variable_of_the_settings_is_explained() -> None:
    settings = (ROOT / "coop_shop" / "settings.py").read_text()
    read = set(re.findall(r"""env(?:\.\w+)?\(\s*"([A-Z_]+)\"""", settings))
    explained = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert len(read) > 20
    assert sorted(read - explained) == []


def test_the_platform_is_web_worker_beat_and_their_servers() -> None:
    assert set(SERVICES) == {*OURS, "migrate", "postgres", "broker", "cache"}
    assert SERVICES["postgres"]["image"] == "postgres:18"


def test_an_update_brings_up_all_schemas_before_new_code_serves_and_one_broken_shop_does_not_hold_it_up() -> None:
    assert SERVICES["migrate"]["command"] == ["python", "manage.py", "migrate_cooperatives", "--leave-behind"]
    for name in OURS:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_container_is_nobody_special_and_cannot_change_itself(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["read_only"] is True
    assert any(str(mount).startswith("/tmp") for mount in service["tmpfs"])
    assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_a_container_that_stays_says_whether_it_is_well(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_web_port_is_open_and_only_to_this_machine() -> None:
    assert {name: service.get("ports") for name, service in SERVICES.items() if service.get("ports")} == {
        "web": ["127.0.0.1:8000:8000"]
    }


def option(service: dict[str, Any], name: str) -> str | None:
    command = service["command"]
    return command[command.index(name) + 1] if name in command else None


def test_the_broker_keeps_every_message_and_the_cache_may_forget() -> None:
    broker, cache = SERVICES["broker"], SERVICES["cache"]
    assert (option(broker, "--appendonly"), option(broker, "--maxmemory-policy")) == ("yes", "noeviction")
    assert option(broker, "--maxmemory") is None
    assert broker["volumes"] == ["broker:/data"]
    assert (option(cache, "--maxmemory-policy"), option(cache, "--maxmemory")) == ("allkeys-lru", "256mb")


def test_postgresql_has_locks_for_a_thousand_schemas_and_room_for_every_process() -> None:
    options = dict(option.removeprefix("-c").split("=") for option in SERVICES["postgres"]["command"][1:])
    assert int(options["max_connections"]) * int(options["max_locks_per_transaction"]) > 1000 * 38  # tables of each
    worker = SERVICES["worker"]["command"]
    web = 2 * (8 + 1)  # WEB_WORKERS and the pool of WEB_THREADS, as .env.example has them
    assert web + int(worker[worker.index("-c") + 1]) + 20 <= int(options["max_connections"])


@pytest.mark.parametrize("name", OURS)
def test_secrets_come_from_a_file_that_is_not_in_the_repository(name: str) -> None:
    assert SERVICES[name]["env_file"] == [".env"]
    assert not {"SECRET_KEY", "CREDENTIAL_KEYS"} & set(SERVICES[name]["environment"])
    assert "${POSTGRES_PASSWORD" in SERVICES[name]["environment"]["DATABASE_URL"]
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()
    assert ".env" in (ROOT / ".dockerignore").read_text().splitlines()


def test_the_image_is_built_from_the_lock_file_and_runs_as_nobody_special() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    assert stages == ["python:3.13-slim", "python:3.13-slim"]
    assert "uv sync --frozen --no-default-groups\n" in DOCKERFILE
    assert "collectstatic" in DOCKERFILE
    assert "msgfmt" in DOCKERFILE
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last, re.M)
    assert "HEALTHCHECK" in last
    assert "SECRET_KEY" not in last
