"""A template that was compiled once is not compiled again, unless it is another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jinja2
import pytest
from support import editions, sites

from isodocs.git.cache import Cache
from mkdocs_isodocs.templates import KIND, Templates

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that are compiled where compiled ones are kept."""
    names: list[str] = []
    compile_one = jinja2.Environment.compile

    def noting(self: jinja2.Environment, source: Any, name: str | None = None, *more: Any) -> Any:  # noqa: ANN401
        if self.bytecode_cache is not None:
            names.append(name or "")
        return compile_one(self, source, name, *more)

    monkeypatch.setattr(jinja2.Environment, "compile", noting)
    return names


class Store(dict[tuple[str, bytes], bytes]):
    """What is kept."""

    def env(self, of_site: bytes, **texts: str) -> jinja2.Environment:
        cache = Templates(lambda *question: self.get(question), self._keep, of_site)
        return jinja2.Environment(loader=jinja2.DictLoader(texts), bytecode_cache=cache, autoescape=True)

    def _keep(self, kind: str, question: bytes, data: bytes) -> None:
        assert kind == KIND
        self[kind, question] = data


def test_one_is_compiled_once(compiled: list[str]) -> None:
    store = Store()
    for _ in range(2):
        assert store.env(b"site", a="{{ 1 + 1 }}").get_template("a").render() == "2"
    assert compiled == ["a"]


def test_another_text_or_another_site_is_compiled(compiled: list[str]) -> None:
    store = Store()
    assert store.env(b"site", a="1").get_template("a").render() == "1"
    assert store.env(b"site", a="2").get_template("a").render() == "2"
    assert store.env(b"other", a="2").get_template("a").render() == "2"
    assert store.env(b"other", b="2").get_template("b").render() == "2"
    assert compiled == ["a", "a", "a", "b"]


@pytest.mark.parametrize("length", [0, 3, 30, 60])
def test_what_is_damaged_is_compiled(compiled: list[str], length: int) -> None:
    store = Store()
    store.env(b"site", a="1").get_template("a")
    for question, data in store.items():
        store[question] = b"x" * length if length < 30 else data[:length]
    assert store.env(b"site", a="1").get_template("a").render() == "1"
    assert compiled == ["a", "a"]


def test_the_second_build_compiles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled: list[str]
) -> None:
    environ = {"HOME": str(tmp_path)}
    (tmp_path / "kept").mkdir()
    monkeypatch.setattr(
        "mkdocs_isodocs.plugin.store_for", lambda *_: Cache.beside(tmp_path / "kept", environ)
    )
    built = []
    for _ in range(2):
        built.append(sites.tree(sites.build(tmp_path, monkeypatch, editions.company())))
        compiled.append("|")
    monkeypatch.setattr("mkdocs_isodocs.plugin.store_for", lambda *_: None)
    assert (
        built[0] == built[1] == sites.tree(sites.build(tmp_path / "clean", monkeypatch, editions.company()))
    )
    first, second = "\n".join(compiled).split("|")[:2]
    assert "base.html" in first
    assert second.strip() in {"", "isodocs-kept.html"}
