"""The single deeds of a random life, and the drawing of a whole one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.acts import DAY, DIRECTOR, PICTURES, POLICIES, REVISION, SINCE, WORDS, WRITERS, YEAR, Company
from support.company import Held, Kind
from support.play import who

if TYPE_CHECKING:
    from collections.abc import Callable

    Deed = Callable[[Company, str], None]

BRANCHES = ("a", "b", "c")


def front_line(data: bytes, key: bytes, value: bytes) -> bytes:
    """A document in which one front matter line stands first and no other has its key."""
    lines = [line for line in data.split(b"\n") if not line.startswith(key + b": ")]
    return b"\n".join([lines[0], key + b": " + value, *lines[1:]])


def identity_of(path: str) -> str:
    """The id that a file's name begins with."""
    return "-".join(path.rsplit("/", 1)[-1].split("-")[:2])


def edit(c: Company, path: str) -> None:
    """Other words under the same number."""
    mode, data = c.files[path]
    for words in WORDS:
        data = data.replace(words.encode(), c.random.choice(WORDS).encode())
    c.put(path, data, mode)


def rewrap(c: Company, path: str) -> None:
    """The same words, otherwise broken into lines."""
    mode, data = c.files[path]
    c.put(path, data.replace(b" times.\n", b"\ntimes. ") if b" times.\n" in data else data + b"\n", mode)


def redate(c: Company, path: str) -> None:
    """Another review date, nothing else."""
    mode, data = c.files[path]
    day = b"%d-0%d-15" % (YEAR + 1, c.random.randrange(1, 10))
    c.put(path, front_line(data, b"review_date", day), mode)


def bump(c: Company, path: str) -> None:
    """A new text under the next number, or a number that is wrong."""
    identity = identity_of(path)
    step = c.random.choice((1, 1, 1, 1, 1, 1, 2, 0, -1))
    c.put(path, c.new_text(identity, c.number(identity, step)))


def bump_and_sign(c: Company, path: str) -> None:
    """A new text under the next number with all signatures."""
    bump(c, path)
    c.sign_all(path)


def renumber(c: Company, path: str) -> None:
    """The same text under the next number."""
    mode, data = c.files[path]
    number = c.number(identity_of(path), 1).encode()
    c.put(path, REVISION.sub(b"revision: " + number, data), mode)


def sign_all(c: Company, path: str) -> None:
    """Everybody signs who should."""
    c.sign_all(path)


def sign_one(c: Company, path: str) -> None:
    """Somebody signs for some role."""
    person = c.random.choice(("jane", "bob", "anna", "max"))
    c.sign(path, person, c.random.choice(("quality-manager", "quality-manager", "process-owner", person)))


def sign_off(c: Company, path: str) -> None:
    """Somebody writes a statement that approves nothing."""
    meaning = c.random.choice(("returned", "returned", "authored", "authored", "reviewed"))
    person = c.random.choice(("jane", "bob", "anna"))
    role = "process-owner" if person == "anna" else "quality-manager"
    if meaning == "authored":
        person, role = c.random.choice(("max", "tom", "jane")), ""
    c.sign(path, person, role or None, meaning)


def of_the_known(c: Company, path: str) -> None:  # noqa: ARG001 — every deed takes a path
    """A statement about an approved revision."""
    c.sign_known(c.random.choice(("withdrawn", "reaffirmed", "reaffirmed", "acknowledged", "approved")))


def picture(c: Company, path: str) -> None:  # noqa: ARG001 — every deed takes a path
    """Another picture, or none."""
    if c.chance(20):
        c.files.pop("documents/img/a.png", None)
    else:
        c.put("documents/img/a.png", c.random.choice(PICTURES))


def move(c: Company, path: str) -> None:
    """The file lies elsewhere, perhaps with its picture."""
    folder = c.random.choice(("documents/", "documents/x/"))
    c.files[folder + path.rsplit("/", 1)[-1]] = c.files.pop(path)
    if "documents/img/a.png" in c.files and c.chance(60):
        c.files[f"{folder}img/a.png"] = c.files["documents/img/a.png"]


def delete(c: Company, path: str) -> None:
    """The file is gone."""
    c.files.pop(path)


def duplicate(c: Company, path: str) -> None:
    """A second file has the id."""
    c.put(path.replace("-text", "-copy"), c.files[path][1])


def single(c: Company, path: str) -> None:  # noqa: ARG001 — every deed takes a path
    """Second files go."""
    for one in c.paths():
        if one.endswith("-copy.md"):
            c.files.pop(one)


def new(c: Company, path: str) -> None:  # noqa: ARG001 — every deed takes a path
    """A document with an id of its own."""
    identity = c.random.choice(("WI-002", "WI-003", "SOP-002"))
    place = f"documents/{identity}-text.md"
    c.put(place, c.new_text(identity, c.number(identity, 1)))
    c.sign_all(place)


def spoil(c: Company, path: str) -> None:
    """The file changes its nature: line ends, mode, link, broken front matter."""
    mode, data = c.files[path]
    kind = c.random.randrange(4)
    if kind == 0:
        c.put(path, data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), mode)
    elif kind == 1:
        c.put(path, data, "100755")
    elif kind == 2:
        c.put(path, b"../README.md", "120000")
    else:
        c.put(path, data.replace(b"\nid: ", b"\nid: ["))


def heal(c: Company, path: str) -> None:
    """The text of an approved revision returns."""
    life = c.fold.life(identity_of(path))
    if life.approved:
        one = c.random.choice(life.approved)
        c.files[path] = c.world.trees[c.fold.steps[one.step].id][one.text.path]


def rename(c: Company, path: str) -> None:
    """The same file under another id."""
    mode, data = c.files[path]
    c.put(path, data.replace(b"\nid: WI-", b"\nid: WI-1").replace(b"\nid: SOP-", b"\nid: SOP-1"), mode)


def lose(c: Company, path: str) -> None:  # noqa: ARG001 — every deed takes a path
    """A statement or a signature is lost, or changed by hand."""
    places = sorted(place for place in c.files if place.startswith("signatures/"))
    if places:
        place = c.random.choice(places)
        mode, data = c.files.pop(place)
        if c.chance(30):
            c.put(place, data.replace(b'"format": 1', b'"format":  1'), mode)


def amend_settings(c: Company) -> None:
    """Another policy, of a type or of the authority."""
    kind = replace(c.settings.kinds["WI"], approved=c.random.choice(POLICIES))
    if c.devices and c.chance(30):
        kind = replace(kind, verified=not kind.verified)
    c.settings = c.settings.kind("WI", kind) if c.chance(70) else c.settings.kind("FRM", Kind())
    if c.chance(30):
        recovery = c.random.choice((None, (DIRECTOR, 1), (DIRECTOR, 2)))
        c.settings = replace(c.settings, quorum=c.random.choice((1, 2)), recovery=recovery)


def amend_register(c: Company) -> None:
    """A role more, a role less, another key."""
    person = c.random.choice(("max", "jane", "bob", "anna"))
    chosen = c.random.randrange(7)
    if chosen == 5:
        until = f"{YEAR}-{c.random.randrange(3, 13):02}-01" if c.chance(50) else ""
        c.register = c.register.granting(person, c.random.choice(("deputy-qm", "deputy-po")), SINCE, until)
    elif chosen == 6:
        amend_deputies(c)
    elif chosen == 4:
        lost = f"{YEAR}-0{c.random.randrange(1, 7)}-15"
        c.register = c.register.with_keys(
            person, Held(c.keys[person], SINCE, revoked=(lost, lost)), Held(f"{person}-new", SINCE)
        )
        c.keys[person] = f"{person}-new"
    elif chosen == 0:
        c.register = c.register.granting(person, "quality-manager", f"{YEAR}-0{c.random.randrange(1, 7)}-01")
    elif chosen == 1 and person in ("max", "bob"):
        c.register = c.register.without_role(person)
    elif chosen == 2:
        day, fresh = f"{YEAR}-0{c.random.randrange(2, 9)}-01", f"{c.keys[person]}-x"
        c.register = c.register.with_keys(person, Held(c.keys[person], SINCE, day), Held(fresh, SINCE))
        c.keys[person] = fresh
    else:
        c.register = c.register.with_keys(person, Held(c.keys[person], SINCE), Held(f"{person}-spare", SINCE))


def amend_deputies(c: Company) -> None:
    """The deputies' roles stand for other roles, or one more does."""
    chosen = c.random.choice(("quality-manager", "process-owner", "deputy-qm", "top-management"))
    if c.chance(50):
        c.register = replace(c.register, deputies={})
    else:
        c.register = c.register.with_deputies(deputy_qm="quality-manager", deputy_po=chosen)


def authority(c: Company, path: str) -> None:  # noqa: ARG001 — every deed takes a path
    """Settings or register change, mostly signed."""
    (amend_settings if c.chance(40) else amend_register)(c)
    c.write_settings()
    if c.chance(80):
        c.authorise()


DEEDS: tuple[tuple[int, Deed], ...] = (
    (8, edit), (3, rewrap), (3, redate), (8, bump), (26, bump_and_sign), (3, renumber), (12, sign_all),
    (8, sign_one), (6, sign_off), (20, of_the_known), (4, picture), (3, move), (2, delete), (2, duplicate),
    (9, single), (6, new), (3, spoil), (6, heal), (3, lose), (10, authority), (1, rename),
)  # fmt: skip


def work(c: Company) -> None:
    """One commit of one or several deeds somewhere."""
    c.on(c.random.choice(("main", "main", *BRANCHES)))
    c.author = c.random.choice(WRITERS)
    for _ in range(c.random.choice((1, 1, 1, 2, 3))):
        path = c.some_path() or "documents/WI-001-text.md"
        deed = c.random.choices([one for _, one in DEEDS], [weight for weight, _ in DEEDS])[0]
        if path in c.files or deed is new:
            deed(c, path)
    also = (who(c.random.choice(("jane", "max", "bob"))),) if c.chance(6) else ()
    c.commit(committer="web-flow" if c.chance(5) else "jane" if c.chance(10) else "", also=also)


def campaign(c: Company) -> None:
    """A revision as it should be: written on a fresh branch, signed there, perhaps amended, brought in."""
    c.world.branches.pop("campaign", None)
    c.on("campaign")
    single(c, "")
    path = c.some_path()
    if path is None:
        return
    c.author = c.random.choice(("max", "max", "tom", "eve" if c.chance(20) else "max"))
    bump(c, path)
    if c.chance(70):
        c.commit()
    for _ in range(c.random.choice((0, 0, 0, 1))):
        c.random.choice((rewrap, redate, edit, picture))(c, path)
        c.author = c.random.choice(WRITERS)
        c.commit()
    c.sign_all(path)
    if c.chance(15):
        sign_off(c, path)
    c.author = c.random.choice((c.author, "jane", "anna"))
    c.commit()
    if c.chance(75):
        bring_in(c, "campaign")


def bring_in(c: Company, name: str) -> None:
    """A branch merged, forwarded or squashed by somebody."""
    tip = c.world.branches[name]
    c.on("main")
    if c.world.branches["main"] in first_parents(c, tip) and c.chance(30):
        forward(c, tip)
        return
    c.files = c.world.merged(c.world.branches["main"], tip, c.choose)
    c.author = c.random.choice(("jane", "max", "max", "bob", c.author))
    others = () if c.chance(40) else (tip,)
    also = () if others or c.chance(50) else (who(c.random.choice(("jane", "max", "bob"))),)
    c.commit(*others, committer="web-flow" if c.chance(20) else "", also=also)


def integrate(c: Company) -> None:
    """A branch reaches the mainline: merged, squashed, forwarded, picked; or the mainline a branch."""
    branches = [name for name in BRANCHES if name in c.world.branches]
    if not branches:
        return
    name = c.random.choice(branches)
    main, tip = c.world.branches["main"], c.world.branches[name]
    chosen = c.random.choice(
        ("merge", "merge", "merge", "merge", "squash", "forward", "update", "evil", "pick")
    )
    c.author = c.random.choice(("jane", "max", "bob", "tom"))
    c.on("main")
    if tip in c.world.ancestors(main):
        return
    if chosen == "forward" and c.place == "main" and main in first_parents(c, tip):
        forward(c, tip)
        return
    if chosen == "update":
        c.on(name)
        c.files = c.world.merged(tip, main, c.choose)
        c.commit(main)
        return
    c.files = c.world.merged(main, tip, c.choose)
    if chosen == "evil" and c.some_path():
        edit(c, str(c.some_path()))
    if chosen in ("squash", "pick"):
        also = (who(c.random.choice(("jane", "max"))),) if c.chance(40) else ()
        c.commit(committer="web-flow" if c.chance(50) else "", also=also)
    else:
        c.commit(tip)
    if c.chance(60):
        c.world.branches.pop(name)


def first_parents(c: Company, tip: str) -> list[str]:
    """The first-parent chain, youngest first."""
    line = [tip]
    while c.world.commits[line[-1]].parents:
        line.append(c.world.commits[line[-1]].parents[0])
    return line


def forward(c: Company, tip: str) -> None:
    """The mainline becomes the branch, step by step."""
    line = first_parents(c, tip)
    for one in reversed(line[: line.index(c.world.branches["main"])]):
        c.to(one)


def life(seed: int, length: int) -> Company:
    """A random life of so many events."""
    company = Company(seed)
    for _ in range(length):
        company.random.choice((integrate, work, work, campaign))(company)
        if company.chance(4):
            company.now += 90 * DAY
    return company
