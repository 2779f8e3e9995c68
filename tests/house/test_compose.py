"""docker-compose.yml and Dockerfile say nothing that the code does not know; no Docker engine is needed for this."""

import importlib.util
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve

from bastau.embedded.demo import LIBRARIES

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
READ = set(
    re.findall(
        r"""(?:environ\.get\(|environ\[|_needed\()\s*"([A-Z0-9_]+)\"""", (ROOT / "bastau/settings.py").read_text()
    )
)


def words(command: str | list[str]) -> list[str]:
    return shlex.split(command) if isinstance(command, str) else command


def module_exists(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def check_command(command: list[str]) -> None:
    """Fails when the command line names a program, module, application or command that the tree does not have."""
    match command:
        case ["python", "manage.py", name, *_]:
            assert (ROOT / "manage.py").exists()
            assert name in get_commands()
        case ["gunicorn", module, *options]:
            assert module_exists(module)
            assert f"{module}.application" == settings.WSGI_APPLICATION
            check_gunicorn(options)
        case ["celery", "-A", module, "worker" | "beat" | "inspect" as name, *options]:
            assert module_exists(module)
            check_celery(name, options)
        case ["python", "-c", program]:
            compile(program, "healthcheck", "exec")
        case _:
            pytest.fail(f"nobody knows {command}")


def check_gunicorn(options: list[str]) -> None:
    from gunicorn.config import Config

    Config().parser().parse_args(options)


def check_celery(name: str, options: list[str]) -> None:
    from celery.bin.celery import celery

    command = celery.commands[name]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {option for option in options if option.startswith("--")} <= known


def test_the_services_of_a_real_deployment_are_there() -> None:
    assert {"web", "worker", "beat", "db", "redis", "storage"} <= set(SERVICES)


@pytest.mark.parametrize("name", OURS)
def test_each_command_exists_in_the_code(name: str) -> None:
    check_command(words(SERVICES[name]["command"]))


def test_the_image_starts_what_exists_in_the_code() -> None:
    line = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert line
    check_command(yaml.safe_load(line[1]))


@pytest.mark.parametrize("name", re.findall(r"manage\.py (\w+)", DOCKERFILE))
def test_each_command_of_the_build_exists(name: str) -> None:
    assert name in get_commands()


@pytest.mark.parametrize("name", OURS)
def test_each_environment_name_is_read_by_the_settings(name: str) -> None:
    assert set(SERVICES[name]["environment"]) - READ == set()


def test_every_setting_that_live_mode_demands_is_given() -> None:
    demanded = set(re.findall(r'_needed\(\s*"([A-Z0-9_]+)"', (ROOT / "bastau/settings.py").read_text()))
    assert demanded
    assert demanded <= set(SERVICES["web"]["environment"])


def test_the_portal_runs_in_live_mode() -> None:
    assert {SERVICES[name]["environment"]["BASTAU_MODE"] for name in OURS} == {"live"}


def test_no_secret_is_written_down() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|KEY", name):
                assert re.fullmatch(r"\$\{[A-Z_]+:[?-]\}", value), name


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "BASTAU_STORAGE_URL"])
def test_each_address_names_a_service_and_the_port_it_listens_on(name: str) -> None:
    address = SERVICES["web"]["environment"][name].replace("${POSTGRES_PASSWORD:?}", "x")
    parts = urlsplit(address)
    assert parts.hostname in SERVICES
    served = {"postgres": 5432, "redis": 6379, "minio/minio": 9000}
    assert parts.port == served[SERVICES[parts.hostname]["image"].split(":")[0]]


def test_the_database_is_the_one_that_is_made() -> None:
    parts = urlsplit(SERVICES["web"]["environment"]["DATABASE_URL"].replace("${POSTGRES_PASSWORD:?}", "x"))
    made = SERVICES["db"]["environment"]
    assert (parts.username, parts.path) == (made["POSTGRES_USER"], "/" + made["POSTGRES_DB"])


def test_postgresql_is_at_least_15_and_redis_at_least_7() -> None:
    assert int(re.findall(r":(\d+)", SERVICES["db"]["image"])[0]) >= 15
    assert int(re.findall(r":(\d+)", SERVICES["redis"]["image"])[0]) >= 7


def test_the_web_port_is_the_same_everywhere() -> None:
    bound = re.search(r"--bind 0\.0\.0\.0:(\d+)", SERVICES["web"]["command"])
    exposed = re.search(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    checked = re.search(r"http://127\.0\.0\.1:(\d+)/", SERVICES["web"]["healthcheck"]["test"][-1])
    assert bound
    assert exposed
    assert checked
    assert {bound[1], exposed[1], checked[1]} == {SERVICES["web"]["ports"][0].split(":")[-1]}


def test_the_health_check_asks_for_a_page_that_exists() -> None:
    path = re.search(r"http://127\.0\.0\.1:\d+(/[^']*)'", SERVICES["web"]["healthcheck"]["test"][-1])
    assert path
    assert resolve(path[1])
    assert any(re.match(pattern, path[1].lstrip("/")) for pattern in settings.SECURE_REDIRECT_EXEMPT)
    assert "127.0.0.1" in SERVICES["web"]["environment"]["ALLOWED_HOSTS"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_lasting_service_has_a_health_check(name: str) -> None:
    once = {
        needed
        for service in SERVICES.values()
        for needed, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_completed_successfully"
    }
    assert name in once or "healthcheck" in SERVICES[name]


def test_the_workers_health_check_is_a_command_of_celery() -> None:
    check_command(shlex.split(SERVICES["worker"]["healthcheck"]["test"][-1].replace("$$HOSTNAME", "host")))


def test_beats_health_check_reads_the_pid_file_that_beat_writes() -> None:
    written = re.search(r"--pidfile (\S+)", SERVICES["beat"]["command"])
    assert written
    assert f"$$(cat {written[1]})" in SERVICES["beat"]["healthcheck"]["test"][-1]


def test_who_waits_for_health_waits_for_a_service_that_reports_it() -> None:
    for service in SERVICES.values():
        for needed, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[needed]


def test_every_named_volume_is_declared() -> None:
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert {volume for volume in mounted if not volume.startswith(".")} == set(COMPOSE["volumes"])


def test_the_bucket_that_is_made_is_the_one_in_use() -> None:
    assert SERVICES["bucket"]["command"][0].endswith("/" + SERVICES["web"]["environment"]["BASTAU_STORAGE_BUCKET"])


@pytest.mark.parametrize("package", sorted(LIBRARIES.values()))
def test_the_image_installs_every_system_library(package: str) -> None:
    assert package in DOCKERFILE


def test_the_image_copies_files_that_exist() -> None:
    for source in re.findall(r"^COPY (\S+) \S+$", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists()
