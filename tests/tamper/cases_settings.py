"""Cases of the fourth table: quorum, settings, and all else that the authority protects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenarios.flows_keys import authorised, changed
from scenarios.flows_shapes import drafting
from support.company import Held, Kind, Person, Settings, usual_register
from support.play import Play, founded
from tamper.case import QM, Case, drafted, lying, merged, pushed, replaced
from tamper.cases_people import signed_by

if TYPE_CHECKING:
    from pathlib import Path

HONEST = "WI-001 effective 1 / draft 2"
IN_REVIEW = "WI-001 effective 1 / in review 2"
DEPUTY = "deputy-qm"


def twice_the_same(path: Path) -> Play:
    """A quorum of two, both filled by bob: for himself, and as deputy for jane."""
    register = usual_register().with_deputies(deputy_qm=QM).granting("bob", DEPUTY)
    p = founded(path, Settings(quorum=2), register)
    p.configure(register=register.granting("tom", QM))
    p.authorise("bob")
    p.authorise("jane", signer="bob")
    return pushed(p, "bob")


def quorum_lowered(path: Path) -> Play:
    """Jane alone lowers the quorum of two."""
    p = founded(path, Settings(quorum=2))
    p.configure(Settings(quorum=1))
    p.authorise("jane")
    return pushed(p, "jane")


def recovery_made_up(path: Path) -> Play:
    """Max enters a way of recovery by a role that he holds, and recovers by it at once."""
    register = usual_register().granting("max", "process-owner")
    p = founded(path, register=register)
    p.configure(Settings(recovery=("process-owner", 1)))
    p.authorise("max", role="process-owner")
    return pushed(p)


def authority_by_max(path: Path) -> Play:
    """Max signs the register that makes him quality manager."""
    p = founded(path)
    p.configure(register=p.register.granting("max", QM))
    p.authorise("max")
    return pushed(p)


def authority_by_anna(path: Path) -> Play:
    """Anna signs the register in the role that she has."""
    p = founded(path)
    p.configure(register=p.register.granting("max", QM))
    p.authorise("anna", role="process-owner")
    return pushed(p, "anna")


def authority_then_more(path: Path) -> Play:
    """Jane signs the register; max adds a line to it."""
    p = founded(path)
    p.configure(register=p.register.but(eve=Person(("eve@other.example",))))
    p.authorise("jane")
    p.configure(register=p.register.granting("max", QM))
    return pushed(p)


def authority_of_old_set(path: Path) -> Play:
    """A grant that was signed and taken back is filed again, in a new file name."""
    p = founded(path)
    before = p.register
    granted = before.granting("max", QM)
    changed(p, granted)
    changed(p, before)
    p.configure(register=granted)
    (old,) = [one for one in p.repo.git("ls-files", "signatures/_authority/*.json").splitlines()
              if p.set_digest()[:16] in one]  # fmt: skip
    copy = old.replace(".jane.", ".bob.")
    p.write(copy, p.read(old))
    p.write(f"{copy}.sig", p.read(f"{old}.sig"))
    return pushed(p)


def authority_on_old_base(path: Path) -> Play:
    """Jane signs a register on the set of last year; another was adopted since."""
    p = founded(path)
    before = p.set_digest("main")
    changed(p, p.register.but(eve=Person(("eve@other.example",))))
    p.configure(register=p.register.granting("max", QM))
    p.authorise("jane", after=before)
    return pushed(p)


def settings_gone(path: Path) -> Play:
    """The settings are deleted."""
    p = founded(path)
    p.write("isodocs.yml", None)
    return pushed(p)


def people_twice(path: Path) -> Play:
    """Jane stands twice in the register; who reads the last has her role on max's key."""
    p = founded(path)
    again = p.register.with_keys("jane", Held("max")).text().partition("  jane:")[2].partition("  bob:")[0]
    p.write("people.yml", p.register.text() + "  jane:" + again)
    return pushed(p)


def people_alias(path: Path) -> Play:
    """The register says by an alias that max has what jane has."""
    p = founded(path)
    replaced(p, "people.yml", {"  jane:\n": "  jane: &jane\n"})
    p.write("people.yml", p.read("people.yml") + b"  eve: *jane\n")
    return pushed(p)


def settings_link(path: Path) -> Play:
    """The settings are a link to a file that nobody protects."""
    p = founded(path)
    p.write("documents/settings.yml", p.read("isodocs.yml"))
    (p.repo.path / "isodocs.yml").unlink()
    (p.repo.path / "isodocs.yml").symlink_to("documents/settings.yml")
    return pushed(p)


def theme_link(path: Path) -> Play:
    """A folder that is protected becomes a link to one that is not."""
    p = founded(path)
    p.write("theme/main.html", "{% block content %}{% endblock %}")
    p.authorise("jane")
    pushed(p, "jane")
    p.write("documents/theme/main.html", "<script>alert(1)</script>")
    p.write("theme/main.html", None)
    (p.repo.path / "theme").rmdir()
    (p.repo.path / "theme").symlink_to("documents/theme")
    return pushed(p)


def unsigned_file(path: Path, name: str, text: str) -> Play:
    """A protected file that nobody signed."""
    p = founded(path)
    p.write(name, text)
    return pushed(p)


def attributes(path: Path) -> Play:
    """Attributes that let git rewrite statements on their way."""
    return unsigned_file(path, ".gitattributes", "signatures/** text eol=crlf\n")


def site_settings(path: Path) -> Play:
    """A site whose script comes from elsewhere."""
    return unsigned_file(
        path, "mkdocs.yml", "site_name: QMS\nextra_javascript: [https://evil.example/x.js]\n"
    )


def theme_added(path: Path) -> Play:
    """A theme that shows every document as approved."""
    return unsigned_file(path, "theme/main.html", "<b>approved</b>")


def template_added(path: Path) -> Play:
    """A template that starts every procedure with a hidden sentence."""
    return unsigned_file(path, "templates/sop.md", "<!-- approved -->\n")


def settings_edited(path: Path, old: str, new: str, *, drafts: bool = False) -> Play:
    """A line of the settings changed, unsigned, with an unsigned revision 2 in the same push."""
    p = drafting(path) if drafts else founded(path)
    replaced(p, "isodocs.yml", {old: new})
    p.commit("max")
    p.doc("WI-001", "2")
    return pushed(p)


def waiver_unsigned(path: Path) -> Play:
    """Max waives the missing approval."""
    waiver = "waivers: [{rule: AP101, id: WI-001, until: 2027-01-01, reason: no time}]\ntypes:"
    return settings_edited(path, "types:", waiver)


def rule_off(path: Path) -> Play:
    """Max switches the rule off that would stop him."""
    return settings_edited(path, "types:", 'rules: {AP101: {release: "off"}}\ntypes:')


def drafts_allowed(path: Path) -> Play:
    """Max allows drafts on the mainline, and pushes one."""
    return settings_edited(path, "drafts_on_mainline: false", "drafts_on_mainline: true")


def assurance_lowered(path: Path) -> Play:
    """Max lowers what is asked to unsigned statements, and makes one of jane's."""
    p = founded(path)
    replaced(
        p,
        "isodocs.yml",
        {"{assurance: signed, roles: [quality-manager]}": "{assurance: unsigned, roles: [quality-manager]}"},
    )
    p.commit("max")
    drafted(p)
    p.sign("WI-001", "jane", assurance="unsigned")
    p.commit("max")
    return merged(p)


def other_system(path: Path) -> Play:
    """The settings take another system's id, so that its statements count here."""
    p = founded(path)
    other = "11111111-2222-4333-8444-555555555555"
    replaced(p, "isodocs.yml", {"3f0c6a52-6f0e-4b53-9f6e-0d7d3b1f2a10": other})
    p.commit("max")
    return lying(p, qms=other)


def time_zone(path: Path) -> Play:
    """The company moves to where the day ends later, so that a key of yesterday still counts."""
    p = founded(path)
    changed(p, p.register.with_keys("jane", Held("jane", until="2026-02-03")))
    replaced(p, "isodocs.yml", {"timezone: Europe/Berlin": "timezone: Etc/GMT+12"})
    p.commit("max")
    p.day("2026-02-03T06:00:00Z")
    return signed_by(p, "jane")


def own_type(path: Path) -> Play:
    """A type of document that asks for nobody independent, unsigned, with its first document."""
    p = founded(path)
    p.configure(p.settings.kind("FRM", Kind(independence="none")))
    p.doc("FRM-001", "1")
    p.sign("FRM-001", "jane", writers=["jane"])
    return pushed(p, "jane")


def type_in_same_push(path: Path) -> Play:
    """Jane signs settings that ask nobody independent of her, and approves her own text in the same push."""
    p = founded(path)
    authorised(p, settings=p.settings.kind("WI", Kind(independence="none")))
    p.doc("WI-001", "2")
    p.sign("WI-001", "jane", writers=["jane"])
    return pushed(p, "jane")


def correction(path: Path, *, signed: bool) -> Play:
    """In May bob, who left in March, merges his approval as of tomorrow, and corrects that to February."""
    p = founded(path)
    changed(p, p.register.with_keys("bob", Held("bob", until="2026-03-01")))
    drafted(p)
    p.day("2026-05-05")
    p.signs("WI-001", "bob")
    ahead = p.merge("b", by="bob")
    p.day("2026-05-04")
    wrong = f"{{commit: {ahead}, time: 2026-02-20T09:00:00Z, reason: wrong clock}}"
    replaced(p, "isodocs.yml", {"types:": f"corrections: [{wrong}]\ntypes:"})
    if signed:
        p.authorise("bob")
    p.clock = p.now
    p.as_of = "2026-05-07"
    return pushed(p, "bob")


def correction_unsigned(path: Path) -> Play:
    """A leaver moves his merge back to when his key counted, unsigned."""
    return correction(path, signed=False)


def correction_by_leaver(path: Path) -> Play:
    """The same, signed with the key that ended."""
    return correction(path, signed=True)


def policy_in_same_push(path: Path) -> Play:
    """Jane signs settings that no longer ask for the process owner, and approves alone in the same push."""
    p = founded(path)
    authorised(p, settings=p.settings.kind("SOP", Kind()))
    p.doc("SOP-001", "2")
    p.sign("SOP-001", "jane")
    return pushed(p)


def waiver_in_same_push(path: Path) -> Play:
    """Jane signs a waiver of the missing approval; the unapproved text comes in the same push."""
    p = founded(path)
    waiver = "waivers: [{rule: AP101, id: WI-001, until: 2027-01-01, reason: no time}]\ntypes:"
    replaced(p, "isodocs.yml", {"types:": waiver})
    p.authorise("jane")
    p.commit("jane")
    p.doc("WI-001", "2")
    return pushed(p)


def scope_narrowed(path: Path) -> Play:
    """Settings that no longer protect the theme come unsigned, with a theme."""
    p = founded(path)
    replaced(p, "isodocs.yml", {', "theme/**"': ""})
    p.write("theme/main.html", "<b>approved</b>")
    p.commit("max")
    replaced(p, "isodocs.yml", {', "templates/**"': ', "theme/**", "templates/**"'})
    return pushed(p)


def second_address(path: Path) -> Play:
    """Jane writes under her private address and signs as herself."""
    p = founded(path)
    p.branch("b")
    p.doc("WI-001", "2")
    p.commit("jane", address=1)
    p.sign("WI-001", "jane", writers=["max"])
    p.commit("max")
    return merged(p)


def address_in_capitals(path: Path) -> Play:
    """Jane writes under her address in capitals."""
    p = founded(path)
    p.branch("b")
    p.doc("WI-001", "2")
    p.repo.git("add", "-A")
    p.repo.commit("Change", author=("Somebody", "JANE@EX.ORG"))
    p.sign("WI-001", "jane", writers=["max"])
    p.commit("max")
    return merged(p)


def co_author(path: Path) -> Play:
    """Jane helped to write, as the trailer says, and signs."""
    p = founded(path)
    p.branch("b")
    p.doc("WI-001", "2")
    p.commit("max", also=[("Jane", "jane@home.net")])
    p.signs("WI-001", "jane")
    return merged(p)


def nobody_known(path: Path) -> Play:
    """A ghost writer whom the register does not know."""
    p = founded(path)
    drafted(p, by="eve")
    p.signs("WI-001", "jane")
    return merged(p)


def address_moved(path: Path) -> Play:
    """Jane's address is given to eve, unsigned, so that jane's text seems to be hers."""
    p = founded(path)
    replaced(p, "people.yml", {"jane@ex.org, ": ""})
    p.write("people.yml", p.read("people.yml") + b"  eve:\n    name: Eve\n    emails: [jane@ex.org]\n")
    p.commit("max")
    drafted(p, by="jane")
    p.signs("WI-001", "jane", writers=["max"])
    return merged(p)


def person_gone(path: Path) -> Play:
    """Bob was taken out of the register between his signature and the merge."""
    p = founded(path)
    drafted(p)
    p.signs("WI-001", "bob")
    p.on("main")
    changed(p, p.register.but(bob=None))
    return merged(p)


def twin_in_register(path: Path) -> Play:
    """Two people under one public name: max signs, and only the printed name is jane's."""
    return lying(founded(path), by="max", person="max", role=QM, name="Jane")


def false_name(path: Path) -> Play:
    """Bob, who may, signs under jane's name: it counts as his, and is shown as his (see the last test)."""
    return lying(founded(path), by="bob", name="Jane")


CASES = (
    Case("twice-the-same", twice_the_same, "refuse AU101 · "),
    Case("quorum-lowered", quorum_lowered, "refuse AU101 · "),
    Case("recovery-made-up", recovery_made_up, "refuse AP103+AU101 · "),
    Case("authority-by-max", authority_by_max, "refuse AP103+AU101 · "),
    Case("authority-by-anna", authority_by_anna, "refuse AP103+AU101 · "),
    Case("authority-then-more", authority_then_more, "refuse AU101 · "),
    Case("authority-of-old-set", authority_of_old_set, "refuse AU101 · "),
    Case("authority-on-old-base", authority_on_old_base, "refuse AU101+RV106 · "),
    Case("settings-gone", settings_gone, "refuse AU101 · "),
    Case("people-twice", people_twice, "refuse AU101 · "),
    Case("people-alias", people_alias, "refuse AU101 · "),
    Case("settings-link", settings_link, "refuse AU101 · "),
    Case("theme-link", theme_link, "refuse AU101 · "),
    Case("attributes", attributes, "refuse AU101 · "),
    Case("site-settings", site_settings, "refuse AU101 · "),
    Case("theme-added", theme_added, "refuse AU101 · "),
    Case("template-added", template_added, "refuse AU101 · "),
    Case("waiver-unsigned", waiver_unsigned, f"refuse AP101+AU101 · {HONEST}"),
    Case("rule-off", rule_off, f"refuse AP101+AU101 · {HONEST}"),
    Case("drafts-allowed", drafts_allowed, f"refuse AP101+AU101 · {HONEST}"),
    Case("assurance-lowered", assurance_lowered, f"refuse AP101+AP107+AU101 · {IN_REVIEW}"),
    Case("other-system", other_system, f"refuse AP101+AP108+AU101 · {HONEST}"),
    Case("time-zone", time_zone, f"refuse AP101+AP106+AU101 · {HONEST}"),
    Case("own-type", own_type, "refuse AP101+AU101+ID106 · FRM-001 in review 1"),
    Case("type-in-same-push", type_in_same_push, "refuse AP104 · WI-001 effective 2"),
    Case("correction-unsigned", correction_unsigned, f"refuse AP101+AP106+AU101+HX104 · {HONEST}"),
    Case("correction-by-leaver", correction_by_leaver, f"refuse AP101+AP106+AU101+HX104 · {HONEST}"),
    Case("policy-in-same-push", policy_in_same_push, "refuse AP103 · SOP-001 effective 2"),
    Case("waiver-in-same-push", waiver_in_same_push, f"refuse AP101 · {HONEST}"),
    Case("scope-narrowed", scope_narrowed, "refuse AU101 · "),
    Case("second-address", second_address, f"refuse AP101+AP104 · {HONEST}"),
    Case("address-in-capitals", address_in_capitals, f"refuse AP101+AP104 · {HONEST}"),
    Case("co-author", co_author, f"refuse AP101+AP104 · {HONEST}"),
    Case("nobody-known", nobody_known, f"refuse AP101+AP104 · {HONEST}"),
    Case("address-moved", address_moved, f"refuse AP101+AP104+AU101 · {HONEST}"),
    Case("person-gone", person_gone, f"refuse AP101+AP106 · {HONEST}"),
    Case("false-name", false_name, "accept AP103 warning · WI-001 effective 2"),
    Case("twin-in-register", twin_in_register, f"refuse AP101+AP103 · {HONEST}"),
)
