"""JSON Schemas of what people write, made from the models that read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from isodocs import __version__
from isodocs.commands import schema_words as words
from isodocs.commands.options import start, within_start
from isodocs.commands.output import remark, say
from isodocs.core.authority import Register
from isodocs.core.document import FrontMatter
from isodocs.core.reading import read_settings
from isodocs.core.settings import SETTINGS_FILE, Settings

if TYPE_CHECKING:
    from pydantic import BaseModel

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELS: dict[str, tuple[type[BaseModel], str, dict[str, str]]] = {
    "document": (FrontMatter, "Front matter of a controlled document", words.DOCUMENT),
    "settings": (Settings, "isodocs.yml", words.SETTINGS),
    "people": (Register, "people.yml", words.PEOPLE),
}
# What YAML reads as a number or a yes, isodocs reads as the text that stands there.
PLAIN_SCALARS = ["string", "number", "boolean"]


def schema_of(name: str, settings: Settings | None = None) -> dict[str, Json]:
    """The JSON Schema of ``document``, ``settings`` or ``people``, for editors.

    A model's text is allowed to look like a number or a yes/no, since isodocs reads every plain scalar as
    text: ``revision: 2`` means "2". With ``settings`` a document's type and the keys that the company adds
    are known too.
    """
    model, title, about = MODELS[name]
    made = {key: _for_editors(value) for key, value in model.model_json_schema(by_alias=True).items()}
    _describe(made, about)
    parts = made.get("$defs")
    for part, value in parts.items() if isinstance(parts, dict) else ():
        _describe(value, words.PARTS.get(part, {}))
    if name == "document":
        _add_own_keys(made, settings)
    return {"$schema": DIALECT, "$comment": f"isodocs {__version__}, format 1", **made, "title": title}


def _describe(part: Json, about: dict[str, str]) -> None:
    """Put the line on every key beside it."""
    properties = part.get("properties") if isinstance(part, dict) else None
    for key, value in properties.items() if isinstance(properties, dict) else ():
        if isinstance(value, dict) and key in about:
            value["description"] = about[key]


def _add_own_keys(made: dict[str, Json], settings: Settings | None) -> None:
    """The keys and types that the company's settings declare, and those of ``x-``."""
    made["patternProperties"] = {"^x-": {"description": "A key of your own, not looked at."}}
    properties = made["properties"]
    if settings is None or not isinstance(properties, dict):
        return
    properties["type"] = {"enum": list[Json](sorted(settings.types)), "description": words.DOCUMENT["type"]}
    for key, field in settings.fields.items():
        properties[key] = {"description": field.about}


def _for_editors(node: Json) -> Json:
    """A schema in which every free text may also be written as a plain number or yes/no."""
    if isinstance(node, list):
        return [_for_editors(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _for_editors(value) for key, value in node.items() if not _is_made_up(key, value)}
    if "patternProperties" in made:
        made.setdefault("additionalProperties", False)
    if made.get("type") == "string" and not {"enum", "const", "format"} & made.keys():
        made["type"] = list[Json](PLAIN_SCALARS)
    return made


def _is_made_up(key: str, value: Json) -> bool:
    """Whether it is a title that pydantic made from a name; a property called title is a schema."""
    return key == "title" and isinstance(value, str)


def _settings_around(place: Path) -> Settings | None:
    """The settings of the management system that a folder lies in, if they can be read."""
    for folder in (place, *place.parents):
        if (folder / SETTINGS_FILE).is_file():
            return read_settings((folder / SETTINGS_FILE).read_bytes())[0]
    return None


@click.command()
@click.argument("names", metavar="[document|settings|people]...", nargs=-1, type=click.Choice(tuple(MODELS)))
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write NAME.schema.json files into this folder.",
)
def schema(names: tuple[str, ...], output: Path | None) -> int:
    """Print JSON Schemas, so that your editor helps while you type.

    \b
    isodocs schema --output .isodocs     writes document, settings and people.schema.json

    In editors with the YAML language server, put this in the first line of isodocs.yml:

    \b
    # yaml-language-server: $schema=.isodocs/settings.schema.json

    or name the files in its settings, in VS Code:

    \b
    "yaml.schemas": {".isodocs/settings.schema.json": "isodocs.yml",
                     ".isodocs/people.schema.json": "people.yml"}

    Tools that look into the front matter of Markdown files take document.schema.json. In a management
    system it knows the types and keys of its isodocs.yml: write it anew when they change.
    """  # noqa: D301 - click reads the \b
    settings = _settings_around(start())
    made = {name: schema_of(name, settings) for name in names or tuple(MODELS)}
    if output is None:
        found: Json = next(iter(made.values())) if len(made) == 1 else dict(made)
        say(json.dumps(found, indent=2))
        return 0
    folder = within_start(output)
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in made.items():
        target = folder / f"{name}.schema.json"
        target.write_text(json.dumps(value, indent=2) + "\n", "utf-8")
        remark(f"Wrote {target}.")
    return 0
