"""Failures of an exchange with the EHR, and resource types that could not be fetched completely."""

from __future__ import annotations

from titrate.messages.message import Message

# The text of an error: what was attempted, what happened, what to do.


class EhrErrorText(Message, text="{exchange}: {explanation}"):
    """An error without an HTTP status."""

    exchange: str
    explanation: Message


class EhrErrorTextWithStatus(Message, text="{exchange} (HTTP {status}): {explanation}"):
    """An error with an HTTP status."""

    exchange: str
    status: int
    explanation: Message


class EhrNamedIssues(Message, text="The EHR reported: {issues}."):
    """The codes and elements of an OperationOutcome."""

    issues: str


# Explanations: one for each class of error.


class EhrExchangeFailed(Message, text="the exchange with the EHR failed."):
    """Any failure."""


class EhrConnectionLost(Message, text="the connection to the EHR was lost before the response was complete."):
    """No complete response arrived."""


class EhrUnreachable(
    Message, text="the EHR cannot be reached. Check TITRATE_FHIR_URL, the network, and that the server is up."
):
    """No connection."""


class EhrUnauthorised(
    Message, text="the EHR does not accept the token. Renew it and set TITRATE_TOKEN_FILE or TITRATE_TOKEN."
):
    """The EHR answered 401."""


class EhrForbidden(
    Message, text="the EHR does not permit this. Ask its operator to grant the scope for this resource type."
):
    """The EHR answered 403."""


class EhrNotFound(
    Message, text="the EHR does not have this. Check the id, and that TITRATE_FHIR_URL ends at the FHIR base."
):
    """The EHR answered 404 or 410."""


class EhrRefused(
    Message,
    text="the EHR rejected the request; repeating it will not help. Check the elements that it reports, if any.",
):
    """The EHR answered 400, 422 or the like."""


class EhrConflict(Message, text="the resource has changed in the meantime. Read it again before you decide anything."):
    """The EHR answered 409."""


class EhrPreconditionFailed(
    Message,
    text="the resource has changed in the meantime, or one identifier matches several resources. Read it again before "
    "you decide anything.",
):
    """The EHR answered 412."""


class EhrServerFault(
    Message, text="the EHR failed, even after retries. Try again later; if it persists, contact the EHR's operator."
):
    """The EHR answered 429 or 5xx."""


class EhrBadResponse(
    Message,
    text="the response is not FHIR JSON. Check that TITRATE_FHIR_URL is a FHIR base address and not a sign-in page.",
):
    """HTML, broken JSON, a redirect or another resource."""


class EhrPageMissing(
    Message,
    text="a later page of the search is missing, so that the list is not complete; run again.",
):
    """A page of a search failed."""


class EhrResponseTooLarge(
    Message,
    text="the response is larger than the settings allow. Raise TITRATE_MAX_PAGES or lower TITRATE_LOOKBACK_DAYS.",
):
    """More pages or bytes than the settings allow."""


class EhrOtherPatients(
    Message,
    text="most records belong to another patient, so that nothing is decided. Check that TITRATE_FHIR_URL is the "
    "address that the EHR uses in its references, and that it searches by patient.",
):
    """Records of other patients in the answer to a search by patient."""


class EhrWrongOrigin(
    Message,
    text=(
        "the response links to another server, which must not receive the token. Configure the EHR to use the "
        "base address of TITRATE_FHIR_URL in its links."
    ),
):
    """A link to another scheme, host or port."""


class EhrOutcomeUnknown(
    Message, text="the response to a write was lost. Look for the plan in the EHR before you send it again."
):
    """Nothing says whether the write was carried out."""


# Details: what happened in one exchange.


class EhrTlsFailed(Message, text="The TLS certificate or handshake failed."):
    """The certificate is not trusted, or the handshake broke."""


class EhrConnectTimeout(Message, text="The connection attempt timed out."):
    """The connect timeout passed."""


class EhrNoConnection(Message, text="No connection to the EHR could be made."):
    """Connection refused, or the host is unknown."""


class EhrReadTimeout(Message, text="The EHR did not respond in time."):
    """The read timeout passed."""


class EhrInvalidAddress(Message, text="The address is not valid."):
    """The URL cannot be used."""


class EhrConnectionBroken(Message, text="The connection was closed unexpectedly."):
    """The connection ended before the response did."""


class EhrNotConfigured(Message, text="TITRATE_FHIR_URL is not set."):
    """No EHR is configured."""


class EhrHtmlPage(Message, text="The response is an HTML page."):
    """Such as a sign-in page."""


class EhrNotAJsonObject(Message, text="The response is not a JSON object, or was cut short."):
    """The body cannot be parsed."""


class EhrNoResourceType(Message, text="The response has no resourceType."):
    """A JSON object that is not a resource."""


class EhrOtherResource(Message, text="The response is a different resource from the one requested."):
    """Another type or id."""


class EhrNotABundle(Message, text="The response is not a Bundle."):
    """A search returned something else."""


class EhrEntriesDoNotMatch(Message, text="The entries of the response do not match those of the transaction."):
    """The response does not say what became of each entry."""


class EhrPagesInACircle(Message, text="The next links of the search form a loop."):
    """The same next link appeared twice."""


class EhrPageFailed(Message, text="Page {page} failed: {code}."):
    """The page and the code of its error."""

    page: int
    code: str


class EhrInvalidId(Message, text="A FHIR id has 1 to 64 letters, digits, dots and hyphens."):
    """The id cannot be part of an address."""


class EhrNextLinkUnreadable(Message, text="The link to the next page is not a text."):
    """A next link without a usable address."""


# Faults: a resource type is incomplete, and the patient can be assessed all the same.


class EhrPageNotRead(Message, text="A further page of the search was not read. {reason}"):
    """A search with fewer pages than the server has."""

    reason: Message


class EhrTotalUnreadable(Message, text="The total of the search cannot be read."):
    """`Bundle.total` is no whole number from 0."""


class EhrPartialAnswer(
    Message,
    text="the EHR returned a part of one resource. The whole is needed: ask the EHR's operator why it sends a part.",
):
    """The explanation of PartialAnswer."""


class EhrPartialContent(Message, text="By its status or its Content-Range the answer is a part of what there is."):
    """206, or a range that does not begin at 0 or does not reach the end."""


class EhrPagesLeftOut(Message, text="By its links the answer is one of several pages, and the others are missing."):
    """The first answer names a page before it, or a last page that the next links do not lead to."""


class EhrFewerThanTotal(Message, text="The EHR reported a total of {total} records but returned {found}."):
    """The total of a search is above what came."""

    found: int
    total: int


class EhrOutcomeIncomplete(Message, text="The EHR says that its answer is not whole: {issues}."):
    """An OperationOutcome among the matches."""

    issues: str


class EhrTypeNotOffered(Message, text="The EHR states that it does not have this resource type."):
    """A 404 or not-supported, and a CapabilityStatement that lacks the type."""


class EhrSearchedByCategory(
    Message,
    text="The EHR searches Observations by category or code only: those without a category that also have no code "
    "that the service reads were not found.",
):
    """Searches that named every category, and every code."""


class EhrSearchedWithoutDate(
    Message, text="The EHR does not search Observations by date: those of any age were fetched."
):
    """A search that was refused with a date and accepted without."""


class EhrSearchedLeniently(Message, text="The server may have ignored search parameters that it does not know."):
    """A search with lenient handling."""


class EhrEntriesWithoutResource(Message, text="{count} {count:entry|entries} of the response had no resource."):
    """A search returned entries without a resource."""

    count: int
