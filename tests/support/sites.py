"""Sites built from handmade editions, in this process or by a generator's own command."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

if TYPE_CHECKING:
    import pytest
    from mkdocs.config.defaults import MkDocsConfig

    from isodocs.edition.model import Edition, PreviewDocument

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("site_driver.py")
PLAIN = "site_name: Example manual\ndocs_dir: documents\ntheme: {name: material}\n"
CONFIG = PLAIN + "plugins: [search, isodocs]\n"


def project(folder: Path, config: str = CONFIG) -> Path:
    """A folder with mkdocs.yml and things in its documents folder that must never be published."""
    documents = folder / "documents"
    (documents / "assets/javascripts").mkdir(parents=True)
    (documents / "index.md").write_text("# Canary home\n")
    (documents / "SOP-099-draft.md").write_text("---\nid: SOP-099\n---\n# Canary draft\n")
    (documents / "notes.txt").write_text("Canary note")
    (documents / "logo.png").write_bytes(b"Canary picture")
    (documents / "assets/isodocs").mkdir()
    (documents / "assets/isodocs/isodocs.css").write_text("/* Canary style */")
    (documents / "robots.txt").write_text("Canary")
    path = folder / "mkdocs.yml"
    path.write_text(config)
    return path


def register_plugin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the plugin known to MkDocs where the project is not installed."""
    if any(entry.name == "isodocs" for entry in entry_points(group="mkdocs.plugins")):
        return
    made = metadata(folder)
    monkeypatch.syspath_prepend(str(made))


def metadata(folder: Path) -> Path:
    """A folder with what an installation would say of the plugin."""
    info = folder / "installed" / "isodocs_checkout-0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: isodocs-checkout\nVersion: 0\n")
    (info / "entry_points.txt").write_text(
        "[mkdocs.plugins]\nisodocs = mkdocs_isodocs.plugin:IsodocsPlugin\n"
    )
    return info.parent


def configured(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    edition: Edition,
    config: str = CONFIG,
    previews: tuple[PreviewDocument, ...] = (),
) -> MkDocsConfig:
    """The configuration of a project whose plugin shows this edition."""
    register_plugin(folder, monkeypatch)
    monkeypatch.setattr("mkdocs_isodocs.plugin.edition_for", lambda *_: edition)
    monkeypatch.setattr("mkdocs_isodocs.plugin.previews_for", lambda *_: previews)
    path = folder / "mkdocs.yml"
    if not path.exists():
        project(folder, config)
    return load_config(str(path), site_dir=str(folder / "site"))


def build(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    edition: Edition,
    config: str = CONFIG,
    *,
    previews: tuple[PreviewDocument, ...] = (),
    command: str = "build",
) -> Path:
    """Build the site of an edition in this process; the folder it is in."""
    made = configured(folder, monkeypatch, edition, config, previews)
    made.plugins.on_startup(command=command, dirty=False)  # type: ignore[arg-type] # one of MkDocs' commands
    mkdocs_build(made, serve_url="http://127.0.0.1/" if command == "serve" else None)
    return folder / "site"


def run(
    generator: str,
    factory: str,
    folder: Path,
    *,
    environment: dict[str, str] | None = None,
    umask: int = 0o022,
) -> Path:
    """Build in a process of its own, under that environment; ``factory`` is ``module:function``."""
    path = folder / "mkdocs.yml"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        project(folder)
    made: dict[str, Any] = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(
            [str(ROOT), str(ROOT / "plugins"), str(ROOT / "tests"), str(metadata(folder))],
        ),
        "DISABLE_MKDOCS_2_WARNING": "true",
        **(environment or {}),
    }
    site = folder / "site"
    command = [sys.executable, str(DRIVER), generator, factory, str(path), str(site)]
    done = subprocess.run(command, env=made, umask=umask, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(done.stdout + done.stderr)
    return site


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
