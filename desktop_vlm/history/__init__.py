"""Conversations and their pictures in one SQLite file; no Qt and no model in here."""

from desktop_vlm.history.folders import Scope
from desktop_vlm.history.own_settings import OwnSettings
from desktop_vlm.history.records import ConversationSummary, Folder, Message, MessageState, Picture
from desktop_vlm.history.replacing import NewFile
from desktop_vlm.history.store import History

__all__ = [
    "ConversationSummary",
    "Folder",
    "History",
    "Message",
    "MessageState",
    "NewFile",
    "OwnSettings",
    "Picture",
    "Scope",
]
