"""Every generated page or part of a page: `python -m tests.docs.pages` writes them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.docs import architecture, clinical_rules, examples, flags, http, integrators, outputs, reference, rules
from tests.docs.marks import filled
from tests.project.sources import ROOT

Parts = Mapping[str, Callable[[], str]]

# Pages written by hand with generated parts.
PARTLY: Mapping[str, Parts] = {
    "README.md": {"demo": outputs.demo_shown, "commands": reference.short},
    "docs/clinicians.md": {
        "sessions": rules.sessions,
        "decisions": rules.decisions,
        "gates": rules.gates,
        "marks": rules.marks,
        "limits": rules.limits,
        "red-flags": rules.red_flags,
        "asked": rules.forms,
    },
    "docs/reference/clinical-rules.md": {
        "flags": clinical_rules.flags,
        "hazards": clinical_rules.hazards,
        "capabilities": clinical_rules.capabilities,
    },
    "docs/architecture.md": {"pipeline": architecture.pipeline, "callers": architecture.callers},
    "docs/api.md": {"problems": http.problems},
    "docs/integrators.md": {"json": integrators.printed, "failures": integrators.failures},
}
WHOLE: Parts = {
    "docs/commands.md": reference.page,
    "docs/red-flags.md": flags.page,
    "docs/examples/e2-plan.md": examples.e2,
    "docs/examples/short.md": examples.short,
}


def made(name: str) -> str:
    """The current text of a page."""
    if name in WHOLE:
        return WHOLE[name]()
    text = (ROOT / name).read_text(encoding="utf-8")
    return filled(text, {part: make() for part, make in PARTLY[name].items()})


def main() -> None:
    """Write every page."""
    for name in (*PARTLY, *WHOLE):
        text = made(name)
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
