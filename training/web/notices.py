"""What programs and sites report in one sentence, with what people ask to learn it."""

from __future__ import annotations

from training.web.board import Board
from training.web.statements import Statement, stated


def _s(text: str, **asks: str) -> Statement:
    return Statement(text, asks)


NOTICES: tuple[Statement, ...] = (
    _s("The backup of {server} ended at {time} and has {size}.", server="What was backed up?|Of which server is there a backup?", time="When did the backup of {server} end?|At what time was the backup of {server} done?", size="How large is the backup of {server}?"),
    _s("{person} commented on {file}, line {count}.", person="Who commented on {file}?|Whose comment is there on {file}?", file="On which file did {person} comment?|What did {person} comment on?", count="Which line of {file} was commented?|On which line is the comment?"),
    _s("{person} invites you to a call on {day} at {time}.", person="Who invites me to a call?|Who wants a call with me?", day="On which day is the call?|Which day is the call on?", time="At what time is the call?|When does the call begin?"),
    _s("Parcel {code} arrives on {date} at {street}.", code="Which parcel arrives?|What is the number of the parcel?", date="When does parcel {code} arrive?|On which date does the parcel come?", street="Where does the parcel arrive?|To which address does parcel {code} go?"),
    _s("{amount} went to {person} on {date}.", amount="How much went to {person}?|How much was sent to {person}?", person="To whom did {amount} go?|Who got {amount}?", date="When did the money go to {person}?|On which date did {person} get the money?"),
    _s("Version {version} of {app} is ready; restart before {time}.", version="Which version of {app} is ready?|Which version can be installed?", app="Of which program is there a new version?|What can be updated?", time="Before what time should I restart?|Until when should I restart?"),
    _s("The disk is {percent} full, {size} are left.", percent="How full is the disk?|How much of the disk is used?", size="How much is left on the disk?|How much space is free?"),
    _s("{person} shared {file} with you until {date}.", person="Who shared {file}?|From whom is {file}?", file="Which file was shared with me?|What did {person} share?", date="Until when is {file} shared?|How long can I open {file}?"),
    _s("The battery is at {percent}, enough for {minutes}.", percent="How full is the battery?|At how much is the battery?", minutes="How long will the battery last?|For how long is the battery enough?"),
    _s("Somebody signed in from {place} at {time} with {app}.", place="From which town did somebody sign in?|Where did somebody sign in?", time="At what time did somebody sign in?|When was the sign-in?", app="With which program did somebody sign in?|Which program was used to sign in?"),
    _s("Prices rise by {percent} on {date}.", percent="By how much do prices rise?|How much dearer does it get?", date="When do prices rise?|From which date on are the prices higher?", yes="Do prices rise?|Will it be dearer?", no="Do prices fall?|Do prices stay the same?"),
    _s("{room} is closed on {day}; please use {room2}.", room="Which room is closed?|What is closed on {day}?", day="On which day is {room} closed?|When is {room} closed?", room2="Which room should be used instead?|Where do I go while {room} is closed?"),
    _s("Maintenance from {time} to {time2}: {server} cannot be reached.", time="When does the maintenance begin?|From when on can {server} not be reached?", time2="When does the maintenance end?|Until when can {server} not be reached?", server="What cannot be reached?|Which server is being maintained?"),
    _s("Order {code} by {person} is ready in {room}.", code="Which order is ready?|What is the number of the order that is ready?", person="Whose order is ready?|Who placed order {code}?", room="Where is order {code}?|Where can the order be fetched?"),
    _s("{person} won {amount}; the next draw is on {date}.", person="Who won?|Who is the winner?", amount="How much did {person} win?|What is the prize?", date="When is the next draw?|On which date do they draw again?"),
    _s("{count} of {count2} seats are taken, the course starts on {date}.", count="How many seats are taken?|How many people have signed up?", count2="How many seats are there in all?|How many seats does the course have?", date="When does the course start?|On which date does it begin?"),
)  # fmt: skip


def notice(board: Board) -> str:
    """HTML of one that the page does not have yet, or of words that mean nothing; its id is the board's last."""
    before = {ask.phrasings for ask in board.asks}
    left = [one for one in NOTICES if not before & {tuple(text.split("|")) for text in one.asks.values()}]
    if left and board.chance(0.65):
        return stated(board, board.pick(left))
    text = (
        board.writer.sentence(4, 9)
        if board.chance(0.5)
        else " ".join(board.writer.message(error=board.chance(0.3)).split())
    )
    return board.put(text)
