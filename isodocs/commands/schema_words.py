"""What every key means, in one line: editors show it where the key is typed."""

from __future__ import annotations

from typing import Final

_REVIEW_OF = "Who must sign that {}; the same people as for 'approved' where left out."

DOCUMENT: Final = {
    "id": "The document's id: type, hyphen, number, such as SOP-001. Unique for ever, also after withdrawal.",
    "title": "What the document is called.",
    "type": "The type, as isodocs.yml names it; the prefix of the id.",
    "owner": "The role (or person) that answers for the document.",
    "revision": "The revision of this text, in the scheme of its type, such as 2, 1.3 or B.",
    "review_date": "By when somebody must look at it again, as YYYY-MM-DD.",
    "effective_date": "From which day it applies, as YYYY-MM-DD; at once when approved, where left out.",
    "change": "Why this revision was made; needed from the second one on.",
    "approvers": "Roles or people that must sign besides those the type asks for.",
    "clauses": "The clauses of the standards that it answers, such as iso9001:2015/7.5.",
    "supersedes": "Ids of documents that this one replaces.",
    "related": "Ids of documents that a reader may want too.",
    "audience": "Roles that must know it.",
    "classification": "Who may see it, in the company's own classes.",
    "retention": "How long superseded revisions are kept.",
    "process": "The process it belongs to.",
    "site": "The site it applies to.",
    "language": "The language it is written in, such as en or de.",
    "translation_of": "The id, and revision, of the document this is a translation of.",
    "change_class": "How deep the change goes.",
    "change_ref": "The change request behind this revision.",
    "impact": "What the change means for product, risk, training, validation.",
    "review_interval": "Months between reviews, where shorter than the type asks.",
    "valid_until": "The last day of a temporary document, as YYYY-MM-DD.",
    "training": "How people are trained on it.",
    "parent": "The id of the document it hangs under.",
    "records": "The records that following it leaves behind.",
    "payload": "The file this card stands for (a form, a drawing); its bytes are signed too.",
    "external": "Where a document of external origin comes from.",
    "distribution": "Who holds controlled copies on paper.",
    "replaced_by": "After withdrawal: the id of what applies instead.",
}
SETTINGS: Final = {
    "format": "The version of this file's format: 1.",
    "qms": "What tells this management system from all others: a UUID, made by 'isodocs init'.",
    "title": "What the management system is called.",
    "mainline": "The branch that says what is in force.",
    "timezone": "The company's time zone, such as Europe/Berlin; a date means 00:00 there.",
    "drafts_on_mainline": "Whether unapproved drafts may stand on the mainline.",
    "unknown_writers": "What a release does when a writer is not in people.yml.",
    "standards": "The standards that the company follows, such as iso9001:2015.",
    "authority": "Who may change settings, people and the protected files.",
    "types": "The types of documents, by the prefix of their ids.",
    "fields": "Front matter keys that the company adds.",
    "review": "When reviews are announced.",
    "content": "Words that should not stand in an approved document.",
    "waivers": "Rules set aside for one document until a day.",
    "rules": "Severities that differ from a rule's own, by rule code.",
}
PEOPLE: Final = {
    "format": "The version of this file's format: 1.",
    "roles": "The roles of the company, by id.",
    "people": "The people of the company, by id.",
}
PARTS: Final = {
    "External": {
        "issuer": "Who issues it.",
        "edition": "Which edition is held.",
        "held": "Where it is held.",
        "checked": "When it was last checked that the edition is current, as YYYY-MM-DD.",
    },
    "RecordKept": {
        "name": "What the record is called.",
        "keeper": "The role that keeps it.",
        "retention": "How long it is kept.",
    },
    "Training": {
        "method": "How, such as reading, a talk, on the job.",
        "lead_days": "Days between approval and effective date that training needs.",
    },
    "AuthorityPolicy": {
        "role": "The role that signs changes of settings, people and protected files.",
        "quorum": "How many people of that role must sign.",
        "protects": "Files that need such a signature, as globs; ** goes any depth.",
    },
    "ContentSettings": {
        "placeholders": "Words that show that a text is unfinished.",
        "vague": "Words that leave open what to do.",
    },
    "DocumentType": {
        "title": "What such a document is called.",
        "revision": "How revisions are counted.",
        "review_months": "Months after which a revision must be looked at again, at the latest.",
        "template": "The file that a new document starts from.",
        "sections": "Headings that every such document must have.",
        "independence": "Who may not approve: any-editor: who wrote; substantive-author: who changed words.",
        "distinct_people": "Whether each role must be signed for by another person.",
        "prepared": "Whether the writer must sign too.",
        "approved": "Who must sign before a revision is in force.",
        "authored": "Whose signature as a writer counts.",
        "reviewed": _REVIEW_OF.format("a revision was reviewed before approval"),
        "returned": _REVIEW_OF.format("a revision goes back to its writer"),
        "reaffirmed": _REVIEW_OF.format("a revision was reviewed and stays as it is"),
        "acknowledged": "Whose signature for having read counts.",
        "withdrawn": _REVIEW_OF.format("a document is withdrawn"),
    },
    "ExtraField": {"about": "What the key is for."},
    "Policy": {
        "assurance": "How strong each signature must be at least.",
        "roles": "One signature is needed from each; 'owner' stands for the document's owner.",
    },
    "ReviewSettings": {
        "due_soon_days": "How many days ahead a review is announced.",
        "grace_days": "How many days a review may be late before it blocks.",
    },
    "RuleLevels": {"draft": "On working branches.", "release": "On the mainline and at gates."},
    "Waiver": {
        "rule": "The rule's code, such as RD101.",
        "id": "The document's id.",
        "until": "The first day on which the rule counts again, as YYYY-MM-DD.",
        "reason": "Why.",
    },
    "Enrolment": {
        "on": "The day on which the key was taken in.",
        "checked_by": "Who checked the person's identity.",
        "proof": "A signature that shows that the person holds the key.",
    },
    "Grant": {
        "from": "The first day.",
        "until": "The first day on which it no longer holds.",
        "role": "The role's id.",
    },
    "Key": {
        "key": "The public key, as in an .pub file of OpenSSH, such as ssh-ed25519 AAAA…",
        "from": "The first day on which it may sign.",
        "until": "The first day on which it no longer may.",
        "revoked": "That the key was taken back, and why.",
        "enrolled": "How the key was taken in.",
    },
    "Person": {
        "name": "The person's name, as it is printed beside a signature.",
        "emails": "The addresses under which the person commits.",
        "logins": "The person's names at forges, such as {github: janed}.",
        "roles": "The roles the person holds, from and until which day.",
        "keys": "The person's signing keys; 'isodocs enrol' adds them.",
    },
    "Revocation": {
        "on": "From which day the key no longer counts.",
        "compromised_since": "Since when others may have had it; signatures since then are challenged.",
        "reason": "Why.",
    },
    "Role": {"title": "What the role is called.", "deputy_for": "The role that this one stands in for."},
}
