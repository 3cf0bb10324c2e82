"""The retry loop: when to ask again, and how long to wait before it.

Reads and searches are repeated after 408, 425, 429, 500, 502, 503, 504 and lost connections. A write that may not be
done twice is repeated only when it cannot have been done: no connection, or 429 or 503 with Retry-After.
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime

from titrate.ehr.client_policy import DAY, ClientPolicy
from titrate.ehr.http import ConnectionLost, HttpRequest, HttpResponse
from titrate.event_log import Event, EventLog

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
NOT_DONE = frozenset({429, 503})


def with_retries(
    send: Callable[[HttpRequest], HttpResponse], call: HttpRequest, policy: ClientPolicy, event_log: EventLog
) -> HttpResponse:
    """Send `call` until there is an answer worth having, or the tries are used up. Raises the last Lost."""
    turn = 1
    while True:
        answer, lost = _once(send, call)
        wait = _pause(call, answer, lost, policy, turn)
        if wait is None or turn >= policy.tries:
            return _final(answer, lost)
        status = answer.status if answer else None
        event_log.note(Event.RETRIED, interaction=call.method, status=status, turn=turn, seconds=round(wait, 1))
        policy.sleep(wait)
        turn += 1


def retry_after(answer: HttpResponse) -> float | None:
    """The seconds that Retry-After asks for: a number, or an HTTP date against the answer's own Date.

    None when there is no such header, or it makes no sense (a day or more, such as a Unix time in it).
    """
    text = answer.headers.get("retry-after", "").strip()
    seconds = float(text) if text.isascii() and text.isdigit() else _until(text, answer.headers.get("date", ""))
    return seconds if seconds is not None and 0 <= seconds < DAY else None


def _once(
    send: Callable[[HttpRequest], HttpResponse], call: HttpRequest
) -> tuple[HttpResponse | None, ConnectionLost | None]:
    try:
        return send(call), None
    except ConnectionLost as lost:
        return None, lost


def _final(answer: HttpResponse | None, lost: ConnectionLost | None) -> HttpResponse:
    if answer is None:
        raise lost or ConnectionLost("no answer", sent=True)
    return answer


def _pause(
    call: HttpRequest, answer: HttpResponse | None, lost: ConnectionLost | None, policy: ClientPolicy, turn: int
) -> float | None:
    """Seconds to wait before the next try; None when there should be none."""
    if lost is not None:
        return policy.wait(turn) if lost.again and (call.repeatable or not lost.sent) else None
    if answer is None or answer.status not in AGAIN:
        return None
    asked = retry_after(answer)
    if not call.repeatable and (answer.status not in NOT_DONE or asked is None):
        return None
    if asked is None:
        return policy.wait(turn)
    return asked if asked <= policy.longest_wait else None


def _until(text: str, now: str) -> float | None:
    """Seconds from one HTTP date to another; zero when it has passed. The server's own clock, so ours may be wrong."""
    try:
        return max(0.0, (parsedate_to_datetime(text) - parsedate_to_datetime(now)).total_seconds())
    except (ValueError, TypeError):
        return None
