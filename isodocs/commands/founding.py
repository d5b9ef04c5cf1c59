"""Who begins a management system: name, address, id, role and signing key, given or asked for."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from isodocs.core.identity import is_person_id
from isodocs.core.problem import CannotRun
from isodocs.signing import signer

if TYPE_CHECKING:
    from isodocs.signing.signer import Signer

NEW_KEY = Path("~/.ssh/isodocs_ed25519")
ROLE = "quality-manager"
_ZONE_FILE = Path("/etc/localtime")
_PLAIN = re.compile(r"[^\W\d_][\w@./+-]*( [\w@./+-]+)*|[^\W\d_][\w.]*:\d+")
_WORDS = frozenset({"yes", "no", "on", "off", "true", "false", "null"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line says; None where it is silent."""

    title: str | None = None
    name: str | None = None
    email: str | None = None
    person: str | None = None
    role: str | None = None
    key: str | None = None
    timezone: str | None = None
    standards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks the person at the terminal; when silent, the defaults are the answers."""

    silent: bool

    def text(self, question: str, default: str | None, option: str) -> str:
        """A line of text.

        Raises:
            CannotRun: nobody may be asked, and there is no default.
        """
        if not self.silent:
            return str(click.prompt(question, default=default, err=True)).strip()
        if default is None:
            raise CannotRun(f"{question} is not known here: say it with {option}.")
        return default

    def agrees(self, question: str) -> bool:
        """Yes or no; when silent, yes."""
        return self.silent or click.confirm(question, default=True, err=True)

    def passphrase(self) -> str | None:
        """A passphrase for a new key, typed twice; None for none."""
        if self.silent:
            return None
        typed = click.prompt(
            "Passphrase for it (empty: none)",
            default="",
            hide_input=True,
            confirmation_prompt=True,
            show_default=False,
            err=True,
        )
        return typed or None


@dataclass(frozen=True, slots=True)
class Founder:
    """The first person of the register."""

    person: str
    name: str
    email: str
    role: str


def ask_founder(wish: Wish, ask: Questions, config: dict[str, str]) -> Founder:
    """The first person, from the command line, git's configuration and the person's own answers.

    Raises:
        CannotRun: something is missing, or is no id.
    """
    name = wish.name or ask.text("Your name", config.get("user.name") or None, "--name")
    email = wish.email or ask.text("Your e-mail address", config.get("user.email") or None, "--email")
    person = wish.person or ask.text("Your id in the register", _slug(name) or None, "--person")
    role = wish.role or ask.text("Your role", ROLE, "--role")
    for option, value in (("--person", person), ("--role", role)):
        if not is_person_id(value):
            raise CannotRun(f"{option} {value}: an id has small letters, digits and hyphens, like jane-doe.")
    if person == role:
        raise CannotRun(f"{person} cannot be both a person and a role; choose another id with --person.")
    if "@" not in email:
        raise CannotRun(f"{email} is no e-mail address.")
    return Founder(person, name, email, role)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def machine_zone() -> str:
    """The machine's time zone, where it tells; else UTC."""
    place = os.environ.get("TZ", "").lstrip(":") or str(_ZONE_FILE.resolve())
    name = place.rpartition("zoneinfo/")[2]
    known = re.fullmatch(r"[A-Z][A-Za-z_]+(/[A-Za-z_+-]+)+", name) and not name.startswith("Etc/")
    return name if known else "UTC"


def choose_key(given: str | None, ask: Questions, config: dict[str, str], email: str) -> tuple[Signer, str]:
    """The key to sign with, and how ``--key`` names it: given, git's own, or made here with consent.

    Raises:
        CannotRun: there is none, or it cannot be used.
    """

    def passphrase(path: str) -> str:
        return str(click.prompt(path, hide_input=True, err=True))

    own = config.get("user.signingkey", "") if config.get("gpg.format") == "ssh" else ""
    chosen = given or own
    if chosen:
        return signer.find(chosen, config, passphrase), chosen
    path = NEW_KEY.expanduser()
    if path.exists():
        if not ask.agrees(f"Sign with the key {path}?"):
            raise CannotRun("Name another key with --key FILE.")
    elif ask.agrees(f"You have no signing key yet. Make one at {path}?"):
        signer.generate(path, email, ask.passphrase())
    else:
        raise CannotRun("Without a key nothing can be signed. Name one with --key FILE.")
    return signer.find(path, config, passphrase), str(path)


def scalar(text: str) -> str:
    """A text as a YAML value: as it is where that is safe, else quoted."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)
