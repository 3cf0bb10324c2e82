"""Whether a decision says anything new: a digest of the decision, its reasons by rule id, and the state."""

from __future__ import annotations

from titrate.clinical.values.decision import Gate
from titrate.fhir.identifiers import digest, dose_list
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.decision_components import state_components
from titrate.fhir.write.resource_ids import ResourceIds


def fingerprint(proposal: PlanProposal, names: ResourceIds) -> str:
    """Equal on two days when the decision, the rules and gates behind it and the state are equal.

    Numbers of the trace are left out: a mean that moves from one day to the next without changing any verdict is no
    new reason.
    """
    decision = proposal.decision
    return digest(
        [
            decision.rule,
            decision.outcome,
            decision.review,
            sorted(decision.matched),
            sorted(decision.notes),
            [[item.exercise, dose_list(item.next)] for item in decision.doses],
            [
                [item.exercise, sorted(gate for gate, verdict in item.gates.items() if verdict is Gate.FAIL)]
                for item in decision.candidates
            ],
            sorted(flag.flag for flag in proposal.flags),
            sorted(proposal.assessment.missing),
            [item for item in state_components(proposal, names) if item["code"]["coding"][0]["code"] != "phase-before"],
        ],
        32,
    )
