"""What programs and sites report in one sentence, with what people ask to learn it."""

from __future__ import annotations

from training.web.board import Board
from training.web.statements import SLOT, Statement, stated


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
    _s("Printer {code} in {room} has no paper; {person} will refill it at {time}.", code="Which printer has no paper?|What is the number of the empty printer?", room="In which room is the printer?|Where is printer {code}?", person="Who will refill the printer?|Who brings paper?", time="At what time will the printer be refilled?|When does {person} refill it?"),
    _s("Your password expires in {days}; {person} can extend it.", days="When does my password expire?|How long is the password valid?", person="Who can extend the password?|Whom do I ask for more time?"),
    _s("{person} moved {file} to {path}.", person="Who moved {file}?|Who put the file elsewhere?", file="Which file was moved?|What did {person} move?", path="Where is {file} now?|Where was {file} moved?"),
    _s("Upload of {file} stopped at {percent}: {server} does not answer.", file="Which upload stopped?|Which file was not uploaded?", percent="At how much did the upload stop?|How much of {file} was uploaded?", server="Which server does not answer?|Who does not answer?"),
    _s("The meeting on {day} moves from {room} to {room2}.", day="On which day is the meeting?|When is the meeting that moves?", room="Where was the meeting going to be?|From where does the meeting move?", room2="Where is the meeting now?|To which room does the meeting move?"),
    _s("{person} left the team on {date}; {person2} takes over {app}.", person="Who left the team?|Who is gone?", date="When did {person} leave?|On which date did {person} go?", person2="Who takes over {app}?|Who does {app} now?", app="What does {person2} take over?|Which program gets a new owner?"),
    _s("Road {code} is closed near {place} until {date}.", code="Which road is closed?|What is the number of the road?", place="Near which town is the road closed?|Where is road {code} closed?", date="Until when is the road closed?|When does road {code} open again?"),
    _s("A refund of {amount} for order {code} was sent on {date}.", amount="How much was refunded?|How large is the refund?", code="For which order is the refund?|Which order was refunded?", date="When was the refund sent?|On which date was the money sent?"),
    _s("{count} files were copied to {server} in {minutes}.", count="How many files were copied?|How many files are on {server} now?", server="Where were the files copied?|To which server were the files copied?", minutes="How long did the copying take?|In how much time were the files copied?"),
    _s("Only {count} tickets to {place} are left, from {amount}.", count="How many tickets are left?|How many tickets to {place} are there?", place="Where do the tickets go?|To which town are there tickets?", amount="What does a ticket cost at least?|From which price on are there tickets?"),
    _s("{person} asks for access to {path} until {date}.", person="Who asks for access?|Who wants to see {path}?", path="To what does {person} want access?|Which folder does {person} ask for?", date="Until when does {person} want access?|How long is the access for?"),
    _s("Test {code} failed on {server} after {minutes}.", code="Which test failed?|What is the number of the test?", server="On which server did the test fail?|Where did test {code} fail?", minutes="After how long did the test fail?|How long did the test run?"),
)  # fmt: skip


FAILURES = (
    "{file} could not be saved: the disk is full.", "The connection to {host} was lost.", "{server} does not answer. Try again at {time}.", "You may not change {file}.",
    "{path} does not exist.", "The file {file} is damaged and cannot be opened.", "Your session ended at {time}. Please sign in again.", "{amount} could not be charged to your account.",
    "Order {code} was not found.", "{person} has already opened {file}.", "The name {noun} is already taken.", "The address {email} is not valid.", "There is not enough memory to open {count} files.",
    "Version {version} of {app} does not run on this computer.", "The upload of {file} stopped at {percent}.", "The code {code} has expired.", "Printing failed: no paper in {room}.", "{noun} must be a number below {count}.",
)  # fmt: skip
QUESTIONS = (
    "Do you want to save the changes to {file}?", "Delete {count} files for good?", "Move {file} to {path}?", "Send {amount} to {person}?", "Replace {file}? It was changed on {date}.",
    "Sign out of {app} on all devices?", "Invite {person} to {app}?", "Install version {version} of {app} now?", "Cancel order {code}? You get {amount} back.", "Leave the page? What you typed will be lost.",
    "Share {file} with {person}?", "Restart {server} at {time}?", "Book {room} on {date} at {time}?", "Remove {noun} from the list?", "Empty the trash? {count} files will be gone.", "Let {app} use your location?",
)  # fmt: skip
"""What dialogs report (`FAILURES`) and ask, with slots of `values.Maker`."""


def dialog_text(board: Board, *, bad: bool) -> str:
    """What a dialog says, seldom words that mean nothing."""
    if board.chance(0.12):
        return " ".join(board.writer.message(error=bad).split())
    form = board.pick(FAILURES if bad else QUESTIONS)
    return str(form.format(**{kind: board.maker.make(kind).text for kind, _ in SLOT.findall(form)}))


def notice(board: Board) -> str:
    """HTML of one that the page does not have yet, or of words that mean nothing; its id is the board's last."""
    before = {ask.phrasings for ask in board.asks}
    left = [one for one in NOTICES if not before & {tuple(text.split("|")) for text in one.asks.values()}]
    if left and board.chance(0.9):
        return stated(board, board.pick(left))
    text = (
        board.writer.sentence(4, 9)
        if board.chance(0.5)
        else " ".join(board.writer.message(error=board.chance(0.3)).split())
    )
    return board.put(text)
