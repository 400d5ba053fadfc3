"""Conversations and their pictures in one SQLite file; no Qt and no model in here."""

from desktop_vlm.history.records import ConversationSummary, Message, MessageState, Picture
from desktop_vlm.history.replacing import NewFile
from desktop_vlm.history.store import History

__all__ = ["ConversationSummary", "History", "Message", "MessageState", "NewFile", "Picture"]
