"""The verbs of the command line: one module for a family, and here the table of them all.

The table names modules without importing them, so that a hook loads no more than it runs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """A subcommand: its name, the module and attribute that hold it, and one line for the overview."""

    name: str
    target: str
    summary: str


@dataclass(frozen=True, slots=True)
class Job:
    """What somebody wants to do, and the verbs that serve it."""

    title: str
    verbs: tuple[Verb, ...]


def _verb(name: str, module: str, summary: str, function: str = "") -> Verb:
    return Verb(name, f"isodocs.commands.{module}:{function or name.replace('-', '_')}", summary)


JOBS: tuple[Job, ...] = (
    Job(
        "Write",
        (
            _verb("explain", "check", "Say what a rule asks and why, with a good and a bad example."),
            _verb("schema", "schema", "Print JSON Schemas, so that your editor helps while you type."),
        ),
    ),
    Job(
        "Approve",
        (
            _verb("approve", "sign", "Sign the revision that stands in a document."),
            _verb("review", "sign", "Sign that you reviewed a revision before it is approved."),
            _verb("author", "sign", "Sign that you wrote a revision, where that is asked."),
            _verb("return", "sign", "Send a revision back to its author, with a reason.", "return_"),
            _verb("reaffirm", "sign", "Sign that the revision in force was reviewed and stays as it is."),
            _verb("acknowledge", "sign", "Sign that you have read and understood a revision."),
            _verb("withdraw", "sign", "Take a document out of force, with a reason."),
            _verb("authorise", "sign", "Sign changed settings, people and protected files."),
            _verb("undo", "undo", "Take back signatures that are not committed yet."),
            _verb("enrol", "enrol", "Add a person's signing key to the register."),
        ),
    ),
    Job(
        "Check",
        (
            _verb("check", "check", "Judge the documents and say how to mend what is wrong."),
            _verb("gate", "check", "Judge what is about to be pushed, or what stands on the mainline."),
            _verb("rules", "check", "List the rules and how much each weighs."),
            _verb("waivers", "waivers", "List what is set aside for a while, until when and why."),
        ),
    ),
    Job(
        "Read",
        (
            _verb("list", "read", "Print the master document list.", "list_"),
            _verb("status", "read", "Say where documents stand and what they wait for."),
            _verb("history", "read", "Print the revisions of a document and who signed them."),
            _verb("show", "read", "Print a document as it was in force on a day."),
        ),
    ),
    Job("Publish", (_verb("export", "publish", "Write the manual of what is in force, ready to build."),)),
    Job(
        "Audit",
        (
            _verb("verify", "audit", "Say for every signature why it counts or does not."),
            _verb("seal", "seal", "Write down what stands, signed, for somebody outside."),
            _verb("allowed-signers", "audit", "Print the valid keys, for ssh-keygen to check signatures."),
        ),
    ),
    Job(
        "Set up",
        (
            _verb("init", "setup", "Start a quality management system in this repository."),
            _verb("demo", "setup", "Play the life of an example company into a new repository."),
            _verb("receive", "receive", "Judge pushes on the server, before anything moves."),
            _verb("cache", "cache", "Show what is kept to be fast, or clear it."),
            _verb("completion", "completion", "Print what makes the Tab key complete isodocs commands."),
        ),
    ),
)

VERBS: dict[str, Verb] = {verb.name: verb for job in JOBS for verb in job.verbs}
