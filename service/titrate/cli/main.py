"""The top of the command line. Each command's module is imported when the command runs, so that `--help` is fast."""

from __future__ import annotations

import importlib

import click

# name: (module, short help); `module:name` where one module holds several commands
COMMANDS = {
    "demo": (
        "titrate.cli.commands.demo",
        "Start a sandbox EHR, draft a plan for each synthetic patient in it, print the plans, and stop.",
    ),
    "plan": ("titrate.cli.commands.plan", "Assess one patient and draft the next safe step."),
    "sheet": ("titrate.cli.commands.sheet", "Print the patient's sheet of the active plan. A draft is never printed."),
    "approve": (
        "titrate.cli.commands.decisions:approve_command",
        "Approve a draft plan as a clinician, optionally with another dose.",
    ),
    "reject": ("titrate.cli.commands.decisions:reject_command", "Reject a draft plan as a clinician, with a reason."),
    "phase": (
        "titrate.cli.commands.decisions:phase_command",
        "Move a plan to maintenance, back to loading or to a new baseline, or discharge the patient.",
    ),
    "sync": ("titrate.cli.commands.sync", "Plan for every enrolled patient and list what needs attention."),
    "serve": ("titrate.cli.commands.serve", "Serve the HTTP API: plans, worklist, runs, mappings, questionnaires."),
    "ledger": (
        "titrate.cli.commands.ledger",
        "List runs, deliveries and failures; replay a failure; repair interrupted runs.",
    ),
    "settings": ("titrate.cli.commands.settings", "Show every setting, with secrets masked."),
    "mappings": ("titrate.cli.commands.mappings", "Check a rulebook, compare two, and try one on patients."),
    "cohort": ("titrate.cli.commands.cohort", "Try the rulebook on simulated patients for half a year."),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click passes it)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name or "command")
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
    Exit codes: 0 done; 1 done with failures, which are listed; 2 usage or settings error; 3 EHR unreachable.
    """
