"""Errors and faults contain no patient data: not in their text, the traceback, the event log or a log of a library."""

from __future__ import annotations

import io
import logging
import traceback
from datetime import date

import pytest
import requests

from tests.ehr.odd_server import Reply, in_turn, outcome, page, resource, serving
from titrate.ehr.client import EHR
from titrate.ehr.client_policy import ClientPolicy
from titrate.ehr.errors import EHRError
from titrate.ehr.fetch import fetch_patient
from titrate.event_log import open_event_log

SECRETS = ("secret-id", "Secret", "abc-token")
FOUND = resource({"resourceType": "Patient", "id": "secret-id", "name": [{"text": "Ms Secret"}]})
ODD = [
    Reply(hang_up=True),
    Reply(body=b'{"name":"Ms Secret"', cut=True),
    Reply(body=b"<p>Ms Secret"),
    outcome(500, "x"),
    outcome(400, "Ms Secret"),
    outcome(401, "x"),
    outcome(429, "x", retry_after="Ms Secret"),
    Reply(status=302),
    page(following="http://elsewhere.example/Secret"),
    page(following="/fhir/Secret?patient=secret-id"),
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("first", [True, False])
def test_errors_and_logs_contain_no_patient_data(
    odd: Reply, first: bool, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whether the read of the patient fails or a search after it."""
    stream = io.StringIO()
    logging.getLogger().setLevel(logging.DEBUG)
    policy = ClientPolicy(sleep=lambda _: None, jitter=lambda _: 0.0, read_timeout=5.0)
    with serving(in_turn(*([odd] if first else [FOUND, odd]))) as server:
        ehr = EHR(server.base_url, requests.Session(), policy, "abc-token", open_event_log(stream, "json", "debug"))
        try:
            shown = str(fetch_patient(ehr, "secret-id", date(2026, 8, 1)).faults)
            assert shown != "()"
        except EHRError as error:
            shown = "".join(traceback.format_exception(error)) + repr(error)
    shown += repr(ehr)
    everything = shown + stream.getvalue() + caplog.text + "".join(capfd.readouterr())
    assert not [secret for secret in SECRETS if secret in everything.replace('"secret-id"', "")]
