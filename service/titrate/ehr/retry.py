"""The retry loop: when to send a request again, and how long to wait before.

Reads and searches are retried after 408, 425, 429, 500, 502, 503, 504 and lost connections. A write that must not be
carried out twice is retried only when it cannot have been carried out: no connection, or 429 or 503 with Retry-After.
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime

from titrate.ehr.client_policy import DAY_SECONDS, ClientPolicy
from titrate.ehr.errors import ConnectionLost
from titrate.ehr.http import HttpRequest, HttpResponse
from titrate.event_log import Event, EventLog

RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
NOT_CARRIED_OUT = frozenset({429, 503})


def with_retries(
    send: Callable[[HttpRequest], HttpResponse], request: HttpRequest, policy: ClientPolicy, event_log: EventLog
) -> HttpResponse:
    """Send until a response is final or the tries are used up. Raises the last ConnectionLost."""
    turn = 1
    while True:
        result = _send_once(send, request)
        wait = _wait_before_retry(request, result, policy, turn)
        if wait is None or turn >= policy.tries:
            break
        status = result.status if isinstance(result, HttpResponse) else None
        event_log.note(Event.RETRIED, interaction=request.method, status=status, turn=turn, seconds=round(wait, 1))
        policy.sleep(wait)
        turn += 1
    if isinstance(result, ConnectionLost):
        raise result
    return result


def retry_after(response: HttpResponse) -> float | None:
    """The seconds that Retry-After asks for: a number, or an HTTP date relative to the Date of the response.

    None without the header, or when its value is implausible (a day or more, such as a Unix time).
    """
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        seconds: float | None = float(text)
    else:
        seconds = _seconds_between(response.headers.get("date", ""), text)
    return seconds if seconds is not None and 0 <= seconds < DAY_SECONDS else None


def _send_once(send: Callable[[HttpRequest], HttpResponse], request: HttpRequest) -> HttpResponse | ConnectionLost:
    try:
        return send(request)
    except ConnectionLost as lost:
        return lost


def _wait_before_retry(
    request: HttpRequest, result: HttpResponse | ConnectionLost, policy: ClientPolicy, turn: int
) -> float | None:
    """Seconds to wait before the next try; None when the request must not be sent again."""
    if isinstance(result, ConnectionLost):
        retryable = result.retryable and (request.repeatable or not result.sent)
        return policy.wait(turn) if retryable else None
    if result.status not in RETRYABLE:
        return None
    requested = retry_after(result)
    if not request.repeatable and (result.status not in NOT_CARRIED_OUT or requested is None):
        return None
    if requested is None:
        return policy.wait(turn)
    return requested if requested <= policy.longest_wait else None


def _seconds_between(now: str, then: str) -> float | None:
    """Seconds from one HTTP date to another, 0 when it has passed. Both are times of the server's clock."""
    try:
        return max(0.0, (parsedate_to_datetime(then) - parsedate_to_datetime(now)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
