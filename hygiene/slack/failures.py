"""What a failed call to Slack means, for the person who has to mend it. Never holds a secret."""

from __future__ import annotations

from http.client import HTTPException
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from hygiene.slack.letter import clean

CALL_FAILURES = (SlackClientError, OSError, HTTPException, ValueError)
"""All that a call of the SDK raises for Slack's or the network's sake. A ValueError is an answer
that was cut short: JSON no longer."""

_CHECK_APP = "check the bot token: it starts with xoxb- and belongs to an installed app"
_REPORT_BUG = "this is a fault of the bot: please report it"
_TRY_LATER = "the next run tries again"

_ADVICE = {
    "invalid_auth": _CHECK_APP,
    "not_authed": _CHECK_APP,
    "account_inactive": _CHECK_APP,
    "token_expired": _CHECK_APP,
    "token_revoked": _CHECK_APP,
    "not_allowed_token_type": _CHECK_APP,
    "is_archived": "unarchive the channel, or name another one in estate.yaml under slack",
    "restricted_action": "a setting of the workspace keeps apps from posting there: ask its admins",
    "ratelimited": f"Slack asked for more patience than the bot has; {_TRY_LATER}",
    "internal_error": f"Slack is in trouble; {_TRY_LATER}",
    "fatal_error": f"Slack is in trouble; {_TRY_LATER}",
    "service_unavailable": f"Slack is in trouble; {_TRY_LATER}",
    "invalid_blocks": _REPORT_BUG,
    "msg_blocks_too_long": _REPORT_BUG,
    "msg_too_long": _REPORT_BUG,
    "no_text": _REPORT_BUG,
}


class SlackFailure(Exception):
    """A call failed. `code` is Slack's own word, such as `users_not_found`, or empty where Slack
    gave none; the text says what went wrong and what to do."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code


def failure(method: str, error: Exception, where: str) -> SlackFailure:
    """What a failed call of `method` means; `where` is the conversation as people know it."""
    if isinstance(error, SlackApiError):
        return _refused(method, error, where)
    if isinstance(error, TimeoutError):
        return SlackFailure(f"Slack did not answer {method} in time; {_TRY_LATER}")
    if isinstance(error, OSError):
        cause = clean(str(error.reason if isinstance(error, URLError) else error), 200)
        return SlackFailure(
            f"Slack could not be reached for {method} ({cause}): check network and proxy"
        )
    return SlackFailure(f"Slack's answer to {method} could not be read; {_TRY_LATER}")


def invitation(channel: str) -> str:
    """What to do about a channel that the bot cannot see."""
    return f"invite the bot to {channel} (type /invite there), or name another one in estate.yaml"


def _refused(method: str, error: SlackApiError, where: str) -> SlackFailure:
    data = error.response.data
    code = data.get("error") if isinstance(data, dict) else None
    # The SDK puts the beginning of a body that is no JSON where Slack's own word would be.
    if not isinstance(code, str) or not code.replace("_", "").isalnum():
        status = error.response.status_code
        return SlackFailure(f"Slack answered {method} with HTTP {status} and no JSON; {_TRY_LATER}")
    advice = _ADVICE.get(code, f"see the errors of {method} in Slack's documentation")
    if code == "missing_scope":
        needed = clean(str(data.get("needed") or "it lacks"), 200)
        advice = f"add the OAuth scope {needed} to the Slack app and install it again"
    if code in ("channel_not_found", "not_in_channel"):
        advice = invitation(where)
    return SlackFailure(f"Slack refused {method} with {code}: {advice}", code)
