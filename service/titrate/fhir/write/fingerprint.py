"""Whether a decision says anything new: a digest of the decision, its reasons by rule id, and the state."""

from __future__ import annotations

from dataclasses import replace

from titrate.clinical.values.decision import Gate
from titrate.fhir.decision_record import to_components
from titrate.fhir.identifiers import digest, dose_list
from titrate.fhir.plan_proposal import PlanProposal
from titrate.fhir.write.resource_ids import ResourceIds
from titrate.fhir.write.state_record import state_record


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
            sorted(map(str, proposal.assessment.missing)),
            to_components(replace(state_record(proposal), phase_before=None), names.site.codes),
        ],
        32,
    )
