"""The top of the command line. Commands import what they need when they run, so that `--help` is quick."""

from __future__ import annotations

import importlib

import click

# name: (module, what it does). A command's module is imported only when it is used.
COMMANDS = {
    "demo": ("service.cli.demo", "Start a sandbox EHR, draft a plan for everyone in it, show them, and end."),
    "plan": ("service.cli.plan", "Assess one patient and draft the next safe step."),
    "sheet": ("service.cli.sheet", "Print the patient's sheet of the plan in force; a draft is never printed."),
    "approve": ("service.cli.approve", "Approve a draft plan as a clinician, also with another dose."),
    "reject": ("service.cli.reject", "Reject a draft plan as a clinician, with a reason."),
    "phase": ("service.cli.phase", "Move a plan to maintenance, back to loading, or discharge it."),
    "sync": ("service.cli.sync", "Do the same for everyone who is enrolled, and list what needs a person."),
    "serve": ("service.cli.serve", "Answer over HTTP: plans, worklist, runs, mappings, questionnaires."),
    "ledger": ("service.cli.ledger", "Look at runs, deliveries and failures; replay one; repair."),
    "settings": ("service.cli.settings", "Show every setting, secrets masked."),
    "mappings": ("service.cli.mappings", "Check the rulebook: codes, limits, red flags, programmes."),
    "cohort": ("service.cli.cohort", "Try the rulebook on invented people who live with it for half a year."),
}


class Lazy(click.Group):
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


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="titrate", prog_name="titrate")
def main() -> None:
    """Titrate reads what a patient reports from the EHR and drafts the next safe step of graded exercise.

    Every plan is a draft until a clinician approves it.

    \b
    Exit codes: 0 done; 1 done with failures, which are listed; 2 wrong use or settings; 3 EHR unreachable.
    """
