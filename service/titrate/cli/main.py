"""The top of the command line. Commands import what they need when they run, so that `--help` is quick."""

from __future__ import annotations

import importlib

import click

# name: (module, what it does). A command's module is imported only when it is used.
COMMANDS = {
    "demo": ("titrate.cli.commands.demo", "Start a sandbox EHR, draft a plan for everyone in it, show them, and end."),
    "plan": ("titrate.cli.commands.plan", "Assess one patient and draft the next safe step."),
    "sheet": (
        "titrate.cli.commands.sheet",
        "Print the patient's sheet of the plan in force; a draft is never printed.",
    ),
    "approve": ("titrate.cli.commands.approve", "Approve a draft plan as a clinician, also with another dose."),
    "reject": ("titrate.cli.commands.reject", "Reject a draft plan as a clinician, with a reason."),
    "phase": ("titrate.cli.commands.phase", "Move a plan to maintenance, back to loading, or discharge it."),
    "sync": ("titrate.cli.commands.sync", "Do the same for everyone who is enrolled, and list what needs a person."),
    "serve": ("titrate.cli.commands.serve", "Answer over HTTP: plans, worklist, runs, mappings, questionnaires."),
    "ledger": ("titrate.cli.commands.ledger", "Look at runs, deliveries and failures; replay one; repair."),
    "settings": ("titrate.cli.commands.settings", "Show every setting, secrets masked."),
    "mappings": ("titrate.cli.commands.mappings", "Check the rulebook: codes, limits, red flags, programmes."),
    "cohort": ("titrate.cli.commands.cohort", "Try the rulebook on invented people who live with it for half a year."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click passes it)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="titrate", prog_name="titrate")
def main() -> None:
    """Titrate reads what a patient reports from the EHR and drafts the next safe step of graded exercise.

    Every plan is a draft until a clinician approves it.

    \b
    Exit codes: 0 done; 1 done with failures, which are listed; 2 wrong use or settings; 3 EHR unreachable.
    """
