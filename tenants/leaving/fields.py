"""What every field of an exit kit is: name and type from the models, meaning and unit from words.csv."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import translation

from tenants import versions

WORDS = Path(__file__).with_name("words.csv")
LANGUAGES = ("id", "en")
# Sessions and what proves who somebody is belong to this server, and would let a reader of the kit in.
LEFT_OUT = frozenset({"django_session", "account_emailconfirmation", "mfa_authenticator"})
# Sealed with this server's key, which opens nothing anywhere else; and what passwords are checked against.
BLANK = {("accounts_user", "password"): "!"}  # Django: no password fits
SEALED = "sealed"  # how the names of sealed columns begin
TYPES: "tuple[tuple[type[models.Field[Any, Any]], str], ...]" = (
    (models.BooleanField, "true/false"),
    (models.DateTimeField, "timestamp (ISO 8601)"),
    (models.DateField, "date (ISO 8601)"),
    (models.IntegerField, "integer"),
    (models.AutoField, "integer"),
    (models.JSONField, "JSON"),
    (models.UUIDField, "UUID"),
    (models.FileField, "file name"),
)


def tables() -> dict[str, type[models.Model]]:
    """Every table of a cooperative that is in a kit, and its model."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in versions.tenant_labels() and model._meta.db_table not in LEFT_OUT
    }
    return dict(sorted(found.items()))


def columns(model: type[models.Model]) -> "dict[str, models.Field[Any, Any]]":
    """Column -> field, for people: without what the database makes for its search."""
    return {
        str(field.column): field
        for field in model._meta.concrete_fields
        if not isinstance(field, SearchVectorField | models.GeneratedField)
    }


def blank(table: str, column: str) -> str | None:
    """What stands in a kit instead of this column's values, as PostgreSQL's CSV has it; None: the values."""
    return '""' if column.startswith(SEALED) else BLANK.get((table, column))


def describe() -> list[dict[str, Any]]:
    """All tables with all fields, in the form of fields.json."""
    return [
        {
            "table": table,
            **_meaning(table, "", model._meta.verbose_name),
            "fields": list(_fields(table, model)),
        }
        for table, model in tables().items()
    ]


def as_text(described: list[dict[str, Any]]) -> str:
    """fields.md: the same for people, both languages side by side."""
    lines = ["# Isi / Fields", "", "Rp: rupiah bulat / whole rupiah. UTC: waktu dunia / universal time.", ""]
    for table in described:
        lines += [f"## {table['table']}", "", f"{table['id']}. / {table['en']}.", ""]
        lines += ["| | | | Arti | Meaning |", "|---|---|---|---|---|"]
        lines += [
            f"| `{field['name']}` | {_type_in_words(field)} | {field['unit']} | {field['id']} | {field['en']} |"
            for field in table["fields"]
        ]
        lines.append("")
    return "\n".join(lines)


def lacking_words() -> list[str]:
    """Fields whose meaning stands nowhere, as `table.column`; a test keeps this empty."""
    wanted = [(table, "") for table in tables()]
    wanted += [(table, column) for table, model in tables().items() for column in columns(model)]
    return [f"{table}.{column}" for table, column in wanted if _words(table, column) is None]


def _fields(table: str, model: type[models.Model]) -> Iterator[dict[str, Any]]:
    for column, field in columns(model).items():
        target = field.target_field if isinstance(field, models.ForeignKey) else field
        described: dict[str, Any] = {
            "name": column,
            "type": next((name for kind, name in TYPES if isinstance(target, kind)), "text"),
            "may_be_empty": field.null,
            **_meaning(table, column, field.verbose_name),
        }
        if isinstance(field, models.ForeignKey):
            described["refers_to"] = field.related_model._meta.db_table
        if field.choices:
            described["values"] = _values(field)
        yield described


def _values(field: "models.Field[Any, Any]") -> dict[str, dict[str, str]]:
    """Value -> what it means, by language."""
    meanings: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        with translation.override(language):
            for value, label in field.flatchoices:
                meanings.setdefault(str(value), {})[language] = str(label)
    return meanings


def _meaning(table: str, column: str, label: object) -> dict[str, str]:
    words = _words(table, column)
    if words is not None:
        return {"unit": words["unit"], "id": words["id"], "en": words["en"]}
    meaning = {"unit": ""}
    for language in LANGUAGES:
        with translation.override(language):
            meaning[language] = str(label)
    return meaning


def _words(table: str, column: str) -> dict[str, str] | None:
    return _all_words().get((table, column)) or _all_words().get(("*", column) if column else ("", ""))


@cache
def _all_words() -> dict[tuple[str, str], dict[str, str]]:
    with WORDS.open(encoding="utf-8", newline="") as file:
        return {(row["table"], row["field"]): row for row in csv.DictReader(file)}


def _type_in_words(field: dict[str, Any]) -> str:
    said = str(field["type"])
    if "refers_to" in field:
        said += f" → {field['refers_to']}"
    if "values" in field:
        said += ": " + ", ".join(f"{value} ({'/'.join(words.values())})" for value, words in field["values"].items())
    return said
