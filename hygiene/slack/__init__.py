"""Tells people: on Slack, or on the terminal where no Slack is configured."""

from hygiene.slack.messenger import SlackMessenger, slack_messenger
from hygiene.slack.terminal import TerminalMessenger
from hygiene.slack.wire import SCOPES

__all__ = ["SCOPES", "SlackMessenger", "TerminalMessenger", "slack_messenger"]
