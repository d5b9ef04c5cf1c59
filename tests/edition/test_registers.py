"""Home, registers, types and rules."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256

import pytest
from support import editions, rendering

from isodocs.edition import registers
from isodocs.edition.model import WithdrawnRow

HOSTILE = "<script>alert(1)</script>[x](javascript:alert(1)) | `b` & *c*\n\n# d"


def words(text: str) -> str:
    html = rendering.with_python_markdown(text.partition("\n---\n")[2])
    return " ".join(rendering.words(html).split())


def test_home_says_what_it_is_and_how_current() -> None:
    home = words(registers.home(editions.company()))
    assert "5 documents in force" in home
    assert "Edition as of 2026-11-23 06:30 (Europe/Berlin), commit 8f1f0b5f9f0d" in home
    assert "Policy POL 1 Procedure SOP 2 Work instruction WI 1 Form FRM 1" in home


def test_home_leads_to_types_and_registers() -> None:
    home = registers.home(editions.company())
    for address in ("sop/index.md", "register/master-list.md", "register/withdrawn.md", "rules.md"):
        assert f"({address})" in home


def test_home_of_an_empty_edition_is_a_sentence() -> None:
    home = words(registers.home(editions.edition(commit="")))
    assert "0 documents in force" in home
    assert "No document is in force yet." in home
    assert "a tree without commit" in home


def test_one_document_is_no_plural() -> None:
    assert "1 document in force" in words(registers.home(editions.edition(editions.document())))


def test_notes_are_shown() -> None:
    assert "Read from files alone." in words(
        registers.home(editions.edition(notes=("Read from files alone.",)))
    )


def test_what_changed_lately_comes_newest_first_and_not_for_ever() -> None:
    documents = [
        editions.document(
            f"SOP-{number:03}",
            title=f"Title {number}",
            history=(
                editions.history(effective_from=date(2026, 1, number)),
                editions.history("1", reason="first"),
            ),
        )
        for number in range(1, 13)
    ]
    home = registers.home(editions.edition(*documents))
    assert home.index("2026-01-12") < home.index("2026-01-11") < home.index("2026-01-05")
    assert "2026-01-04" not in home
    assert "first" not in home


def test_what_is_due_comes_most_urgent_first() -> None:
    home = registers.home(
        editions.edition(
            editions.document("SOP-001", review_due=date(2027, 1, 5)),
            editions.document("SOP-002", review_due=date(2026, 10, 1), overdue=True),
            editions.document("SOP-003", review_due=date(2027, 3, 1)),
            editions.document("SOP-004", review_due=None),
        ),
    )
    due = home.partition("## Review due")[2]
    assert due.index("2026-10-01") < due.index("2027-01-05")
    assert "**overdue**" in due
    assert "2027-03-01" not in due


def test_the_master_list_is_in_the_order_of_types_and_numbers() -> None:
    edition = editions.edition(
        *(editions.document(name) for name in ("WI-2", "WI-10", "SOP-002", "ZZZ-1", "POL-001", "AAA-1")),
        types=("POL", "SOP", "WI"),
    )
    text = registers.master_list(edition)
    places = [text.index(f"[{name}](") for name in ("POL-001", "SOP-002", "WI-2", "WI-10", "AAA-1", "ZZZ-1")]
    assert places == sorted(places)


def test_the_master_list_has_what_an_auditor_asks_for() -> None:
    text = registers.master_list(editions.edition(editions.document(challenged=True)))
    assert "| Document | Title | Revision | Status | Owner | Effective from | Review due |" in text
    assert (
        "| [SOP-001](../sop/SOP-001.md) | Control of documents | 2 | effective, **challenged** "
        "| Quality manager | 2026-03-09 | 2028-03-31 |"
    ) in text


def test_missing_dates_are_dashes() -> None:
    text = registers.master_list(editions.edition(editions.document(effective_from=None, review_due=None)))
    assert "| — | — |" in text


def test_withdrawn_documents_keep_their_number_and_no_text() -> None:
    text = registers.withdrawn(editions.company())
    assert "| SOP-008 | Fax orders | 2 | 2025-06-30 | no fax | [SOP-001](../sop/SOP-001.md) |" in text


def test_a_replacement_that_is_not_in_force_is_no_link() -> None:
    gone = WithdrawnRow("SOP-008", "Fax", "Procedure", "2", None, replaced_by=("SOP-077",))
    assert "| SOP-008 | Fax | 2 | — | — | SOP-077 |" in registers.withdrawn(
        editions.edition(withdrawn=(gone,))
    )


def test_rules_stand_under_their_families_with_examples() -> None:
    text = registers.rules(editions.company())
    assert text.index("## Front matter") < text.index("### FM101") < text.index("## Review dates")
    html = rendering.with_python_markdown(text.partition("\n---\n")[2])
    assert "id: SOP-001" in html
    assert html.count("<pre>") == 4


def test_an_example_with_fences_stays_an_example() -> None:
    rule = editions.rule(bad="```\n<script>alert(1)</script>\n```", good="")
    html = rendering.with_python_markdown(
        registers.rules(editions.edition(rules=(rule,))).partition("\n---\n")[2]
    )
    assert rendering.faults(html) == []
    assert html.count("<pre>") == 1
    assert "Right" not in html


def test_the_facts_for_machines() -> None:
    edition = editions.company()
    value = json.loads(registers.facts(edition))
    assert value["format"] == 1
    assert value["commit"] == edition.commit
    assert value["counts"] == {"FRM": 1, "POL": 1, "SOP": 2, "WI": 1}
    first = value["items"][0]
    assert first["id"] == "POL-001"
    assert first["sha256"] == sha256(edition.documents[0].source).hexdigest()
    assert first["page"] == "pol/POL-001.md"


@pytest.mark.parametrize(
    "make", [registers.home, registers.master_list, registers.withdrawn, registers.rules]
)
def test_nothing_that_people_typed_acts(make: object) -> None:
    assert callable(make)
    edition = editions.edition(
        editions.document(
            title=HOSTILE,
            owner=HOSTILE,
            revision="2",
            type_title=HOSTILE,
            review_due=date(2026, 12, 1),
            history=(editions.history(reason=HOSTILE),),
        ),
        title=HOSTILE,
        as_of=HOSTILE,
        notes=(HOSTILE,),
        withdrawn=(WithdrawnRow(HOSTILE, HOSTILE, HOSTILE, HOSTILE, None, HOSTILE, (HOSTILE,)),),
        rules=(editions.rule(name=HOSTILE, what=HOSTILE, why=HOSTILE, good=HOSTILE, bad=HOSTILE),),
    )
    text = make(edition).partition("\n---\n")[2]
    for html in (rendering.with_python_markdown(text), rendering.with_commonmark(text)):
        assert rendering.faults(html) == []
        assert html.count("<h1") == 1
        assert "javascript" not in "".join(
            part for part in html.split('href="')[1:] if part.startswith("javascript")
        )
