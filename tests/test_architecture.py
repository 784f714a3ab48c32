"""What the architecture page promises, held against the code."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
HEIGHT = {app.strip(): -depth for depth, layer in enumerate(LAYERS) for app in layer.split("|")}
OURS = [*HEIGHT, "simulators", "tests", "bench"]
FORBIDDEN_NAMES = {"core", "common", "utils", "helpers", "services", "managers"}


def sources() -> Iterator[Path]:
    for folder in OURS:
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def is_test(path: Path) -> bool:
    return "tests" in path.parts or path.name in ("conftest.py",)


def test_foreign_keys_point_down_the_layers_and_never_from_a_cooperative_to_a_shared_table():
    upward = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not (field.concrete and field.is_relation and field.related_model):
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            if here in HEIGHT and there in HEIGHT and HEIGHT[there] > HEIGHT[here]:
                upward.append(f"{model.__name__}.{field.name} -> {there}")
            if here in settings.TENANT_APPS and there not in settings.TENANT_APPS:
                upward.append(f"{model.__name__}.{field.name} -> shared {there}")
    assert upward == []


def test_no_file_is_longer_than_a_reader_likes():
    long = {}
    for path in sources():
        lines = sum(1 for line in path.read_text().splitlines() if line.strip())
        if lines > (600 if is_test(path) else 400):
            long[str(path.relative_to(ROOT))] = lines
    assert long == {}


def test_nothing_is_imported_inside_a_function():
    hidden = []
    for path in sources():
        if is_test(path) or path.is_relative_to(ROOT / "tests"):
            continue
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                hidden += [
                    f"{path.relative_to(ROOT)}:{node.lineno}"
                    for node in ast.walk(function)
                    if isinstance(node, ast.Import | ast.ImportFrom)
                ]
    assert hidden == []


def test_no_module_has_a_name_that_says_nothing():
    named = [path for path in sources() if path.stem in FORBIDDEN_NAMES or path.parent.name in FORBIDDEN_NAMES]
    assert named == []


def test_no_view_is_a_class():
    classes = []
    for path in sources():
        if path.name == "views.py" or path.parent.name == "views":
            classes += [node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)]
    assert classes == []


@pytest.mark.parametrize("call", ["post_save", "pre_save", "post_delete", "schema_context", "tenant_context"])
def test_what_is_banned_is_not_there(call):
    found = [path for path in sources() if not is_test(path) and path.name != "test_architecture.py"]
    found = [path for path in found if call in path.read_text() and path.parts[-2] != "tests"]
    assert found == []


def test_every_kind_of_due_work_has_a_task():
    current_app.loader.import_default_modules()
    assert [task for task in settings.DUE_TASKS.values() if task not in current_app.tasks] == []
