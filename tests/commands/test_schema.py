"""``isodocs schema``: what editors are told must agree with what the models take."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from isodocs import cli
from isodocs.commands.schema import MODELS, schema_of
from isodocs.core.reading import read_settings
from isodocs.core.settings import Settings, built_in

EXAMPLE = Path(__file__).parents[2] / "example-qms"
DOCUMENTS = sorted((EXAMPLE / "documents").rglob("*.md"))
FRONT: dict[str, Any] = {"id": "SOP-001", "title": "Buying", "type": "SOP", "owner": "buyer", "revision": "1"}


def as_editor(text: str) -> object:
    """YAML as an editor's language server reads it: numbers are numbers, but dates are text (YAML 1.2)."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=date.isoformat))


def faults(name: str, value: object, settings: Settings | None = None) -> list[str]:
    schema = schema_of(name, settings)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [error.message for error in validator.iter_errors(value)]


@pytest.mark.parametrize("name", MODELS)
def test_is_a_schema_of_its_dialect(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(name))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_the_example_company_s_documents_fit(path: Path) -> None:
    front = path.read_text("utf-8").split("---\n")[1]
    settings, _ = read_settings((EXAMPLE / "isodocs.yml").read_bytes())
    assert faults("document", as_editor(front), settings) == []


@pytest.mark.parametrize(("name", "file"), [("settings", "isodocs.yml"), ("people", "people.yml")])
def test_the_example_company_s_settings_fit(name: str, file: str) -> None:
    assert faults(name, as_editor((EXAMPLE / file).read_text("utf-8"))) == []


def test_built_in_settings_fit() -> None:
    assert faults("settings", built_in()) == []


@pytest.mark.parametrize(
    "keys",
    [
        {"revision": 2},
        {"revision": 1.1},
        {"title": True},
        {"x-machine": {"any": "thing"}},
        {"clauses": [7.5]},
    ],
)
def test_what_yaml_takes_for_a_number_is_text_here(keys: dict[str, object]) -> None:
    assert faults("document", FRONT | keys) == []


@pytest.mark.parametrize(
    "keys",
    [
        {"reviewdate": "2026-01-01"},
        {"review_date": "next year"},
        {"title": ""},
        {"approvers": "jane"},
        {"change_class": "huge"},
        {"records": [{"keeper": "QM"}]},
        {"training": {"lead_days": -1}},
    ],
)
def test_what_the_model_refuses_is_underlined(keys: dict[str, object]) -> None:
    assert faults("document", FRONT | keys)


@pytest.mark.parametrize("key", FRONT)
def test_what_every_document_must_have(key: str) -> None:
    assert faults("document", {name: value for name, value in FRONT.items() if name != key})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("people", {"people": {"Jane Doe": {"name": "Jane"}}}),
        ("people", {"people": {"jane": {"name": "Jane", "roles": [{"role": "x"}]}}}),
        ("settings", built_in() | {"types": {"SOP": {"title": "Procedure"}}}),
        ("settings", built_in() | {"mainlin": "main"}),
        ("settings", built_in() | {"rules": {"CT105": {"draft": "loud"}}}),
    ],
)
def test_settings_and_people_are_held_too(name: str, value: object) -> None:
    assert faults(name, value)


def test_a_company_s_types_and_keys_are_known_where_its_settings_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(EXAMPLE / "isodocs.yml", tmp_path)
    (tmp_path / "documents").mkdir()
    assert cli.main(["-C", str(tmp_path / "documents"), "schema", "document"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert "SOP" in made["properties"]["type"]["enum"]
    assert made["properties"]["instruments"]["description"]


@pytest.mark.parametrize("name", MODELS)
def test_one_schema_is_printed(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["-C", str(tmp_path), "schema", name]) == 0
    assert json.loads(capsys.readouterr().out) == schema_of(name)


def test_all_are_printed_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["-C", str(tmp_path), "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == {name: schema_of(name) for name in MODELS}


def test_files_are_written_into_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["-C", str(tmp_path), "schema", "--output", ".isodocs"]) == 0
    written = {path.name for path in (tmp_path / ".isodocs").iterdir()}
    assert written == {"document.schema.json", "settings.schema.json", "people.schema.json"}
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.count("Wrote ") == 3


def test_a_folder_that_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert cli.main(["-C", str(tmp_path), "schema", "--output", "file/below"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("isodocs: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", MODELS)
def test_keys_are_explained_where_they_are_typed(name: str) -> None:
    made: dict[str, Any] = schema_of(name)
    for place in (made, *made["$defs"].values()):
        for key, value in place.get("properties", {}).items():
            assert value.get("description") or "$ref" in value, key
