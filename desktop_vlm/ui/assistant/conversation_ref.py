"""A conversation, also before it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_vlm.history.own_settings import NOTHING_OWN, OwnSettings


@dataclass(eq=False)
class ConversationRef:
    """Stands for one conversation, so that whatever is on its way to it arrives there.

    Attributes:
        id: in the history; None until its first question is kept. Set in the history's thread.
        is_begun: a question is asked in it, so that it has a draft of its own; else its draft is that of a new one.
        own: of one that is not kept yet: what is asked differently in it than the settings say.
        folder_id: of one that is not kept yet: the folder that it will be kept in.
    """

    id: int | None = None
    is_begun: bool = False
    own: OwnSettings = NOTHING_OWN
    folder_id: int | None = None

    @classmethod
    def of(cls, conversation_id: int) -> ConversationRef:
        """A kept one."""
        return cls(conversation_id, is_begun=True)

    def is_same(self, other: ConversationRef) -> bool:
        """Whether both are the same conversation; one that nothing was asked in is as good as another."""
        is_new = not (self.is_begun or other.is_begun)
        return self is other or is_new or (self.id is not None and self.id == other.id)
