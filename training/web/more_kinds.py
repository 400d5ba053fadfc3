"""More kinds of records, declared as those of `kinds` are."""

from __future__ import annotations

from training.web.kinds import KINDS, Kind, a, key, price, status

MORE_KINDS: tuple[Kind, ...] = (
    Kind("booking", "bookings", "Bookings|Reservations|My stays|Rooms", key("Booking", "code"), (
        a("Visitor", "person", "Who is the visitor of {k}?|For whom is booking {k}?", "Which booking is for {v}?|What is the booking of {v}?", "Who is the visitor?|For whom is it?"),
        a("Arrival", "date", "When does the visitor of {k} arrive?|When does {k} begin?", "Which booking begins on {v}?", "When is the arrival?|When does it begin?"),
        a("Nights", "small", "How many nights is {k}?|For how many nights is {k}?", "Which booking is for {v} nights?", "How many nights is it?", "Which booking is the longest?", "Which booking is the shortest?"),
        a("Room", "room", "Which room is booked with {k}?|Which room has booking {k}?", "Which booking is for {v}?", "Which room is booked?"),
        a("Total", "amount", "What does booking {k} cost?|What is the total of {k}?", "", "What is the total?|How much is it altogether?", "Which booking is the most expensive?", "Which booking is the cheapest?"),
        a("Breakfast", "choice:Included/Not included", "What about breakfast in {k}?", "", "What about breakfast?"),
    )),
    Kind("file", "files", "Documents|Files|Downloads|Shared files|Home", key("Name", "file"), (
        a("Size", "size", "How large is {k}?|What is the size of {k}?|How big is {k}?", "Which file has {v}?|Which file is {v} large?", "How large is it?|What is the size?", "Which file is the largest?|What is the biggest file?", "Which file is the smallest?"),
        a("Modified", "date", "When was {k} changed?|When was {k} modified?", "Which file was changed on {v}?", "When was it changed?"),
        a("Owner", "person", "Who owns {k}?|Whose file is {k}?|Who is the owner of {k}?", "Which file belongs to {v}?|What does {v} own?", "Who owns it?|Who is the owner?"),
        status("Type", "Document/Photo/Archive/Folder", ("file", "files"), "What type is {k}?|What kind of file is {k}?", ("is of type", "are of type")),
    )),
    Kind("commit", "commits", "Commits|History|Changes|Log", key("Message", "task"), (
        a("Commit", "hash", "What is the hash of \"{k}\"?|Which commit is \"{k}\"?", "What is the message of {v}?|What did commit {v} do?", "What is the hash?"),
        a("Author", "person", "Who made \"{k}\"?|Who wrote \"{k}\"?|Who is the author of \"{k}\"?", "What did {v} commit?|Which commit is by {v}?", "Who is the author?|Who made it?"),
        a("Date", "date", "When was \"{k}\" made?|What is the date of \"{k}\"?", "Which commit was made on {v}?", "When was it made?"),
        a("Files", "small", "How many files did \"{k}\" change?", "Which commit changed {v} files?", "How many files were changed?", "Which commit changed the most files?", "Which commit changed the fewest files?"),
        status("Checks", "Passed/Failed/Running", ("commit", "commits"), "What about the checks of \"{k}\"?", ("has", "have"), "{v} checks"),
    )),
    Kind("book", "books", "Library|Books|Reading list|Bestsellers", key("Title", "thing"), (
        a("Author", "person", "Who wrote \"{k}\"?|Who is the author of \"{k}\"?|By whom is \"{k}\"?", "What did {v} write?|Which book is by {v}?", "Who wrote it?|Who is the author?", "", "", "Did {v} write \"{k}\"?|Is \"{k}\" by {v}?"),
        a("Year", "year", "When did \"{k}\" appear?|From which year is \"{k}\"?", "Which book appeared in {v}?|Which book is from {v}?", "From which year is it?", "Which book is the newest?", "Which book is the oldest?"),
        a("Pages", "count", "How many pages has \"{k}\"?|How long is \"{k}\"?", "Which book has {v} pages?", "How many pages does it have?", "Which book is the longest?|Which book has the most pages?", "Which book is the shortest?"),
        status("Status", "Available/On loan/Reserved", ("book", "books"), "What is the status of \"{k}\"?"),
        a("Shelf", "gate", "On which shelf is \"{k}\"?|Where is \"{k}\"?", "What is on shelf {v}?|Which book is on shelf {v}?", "On which shelf is it?"),
    )),
    Kind("task", "tasks", "Tasks|To do|This week|Checklist|Plan", key("Task", "task"), (
        a("Due", "date", "When is \"{k}\" due?|Until when must \"{k}\" be done?", "What is due on {v}?|Which task is due on {v}?", "When is it due?", "Which task is due last?", "Which task is due first?|What is due next?"),
        a("Who", "person", "Who does \"{k}\"?|Who is responsible for \"{k}\"?|Whose task is \"{k}\"?", "What must {v} do?|Which task has {v}?|What does {v} do?", "Who is responsible?"),
        status("State", "Done/To do/Waiting/Started", ("task", "tasks"), "How far is \"{k}\"?|What is the state of \"{k}\"?"),
        a("Progress", "percent", "How far is \"{k}\"?|What is the progress of \"{k}\"?", "", "How far is it?", "Which task is furthest?", "Which task has made the least progress?"),
    )),
    Kind("song", "songs", "Playlist|Songs|Album|Now playing|Favourites", key("Title", "thing"), (
        a("Artist", "person", "Who sings \"{k}\"?|By whom is \"{k}\"?|Who is the artist of \"{k}\"?", "What does {v} sing?|Which song is by {v}?", "Who is the artist?|Who sings it?"),
        a("Album", "thing", "On which album is \"{k}\"?|What album is \"{k}\" from?", "Which song is on {v}?", "Which album is it from?"),
        a("Length", "time", "How long is \"{k}\"?|What is the length of \"{k}\"?", "Which song is {v} long?", "How long is it?", "Which song is the longest?", "Which song is the shortest?"),
        a("Plays", "count", "How often was \"{k}\" played?", "Which song was played {v} times?", "How often was it played?", "Which song was played most?", "Which song was played least?"),
    )),
    Kind("payment", "payments", "Account|Statement|Transactions|Payments", key("Payee", "person"), (
        a("Amount", "amount", "How much went to {k}?|How much was paid to {k}?|What did {k} get?", "Who got {v}?|To whom were {v} paid?", "How much was paid?|What is the amount?", "Who got most?|Which payment is the largest?", "Who got least?|Which payment is the smallest?"),
        a("Date", "date", "When was {k} paid?|On which date was {k} paid?", "Who was paid on {v}?", "When was it paid?"),
        a("Purpose", "noun", "What was {k} paid for?|What is the purpose of the payment to {k}?", "Who was paid for {v}?", "What was it for?|What is the purpose?"),
        a("Reference", "code", "What is the reference of the payment to {k}?", "Who was paid with the reference {v}?", "What is the reference?"),
    )),
    Kind("player", "players", "Ranking|Results|Standings|High scores|League", key("Player", "person"), (
        a("Points", "count", "How many points has {k}?|What is the score of {k}?", "Who has {v} points?", "How many points are there?", "Who has the most points?|Who is leading?|Who is first?", "Who has the fewest points?|Who is last?", "Does {k} have {v} points?"),
        a("Wins", "small", "How many wins has {k}?|How often did {k} win?", "Who won {v} times?", "How many wins are there?", "Who won most often?", "Who won least often?"),
        a("Team", "place", "For which team does {k} play?|Which team is {k} in?", "Who plays for {v}?", "Which team is it?"),
        a("Time", "minutes", "How long did {k} need?|What was the time of {k}?", "Who needed {v}?", "How long did it take?", "Who was slowest?", "Who was fastest?"),
    )),
    Kind("job", "jobs", "Vacancies|Open positions|Jobs|Careers", key("Position", "thing"), (
        a("Company", "app", "Which company looks for \"{k}\"?|Who offers \"{k}\"?", "What does {v} offer?|Which position is at {v}?", "Which company is it?"),
        a("Location", "place", "Where is \"{k}\"?|Where would I work as \"{k}\"?", "Which position is in {v}?", "Where is it?|What is the location?"),
        a("Salary", "amount", "What does \"{k}\" pay?|How much does one earn as \"{k}\"?", "Which position pays {v}?", "What is the salary?|How much does it pay?", "Which position pays most?", "Which position pays least?"),
        status("Hours", "Full time/Part time/Freelance", ("position", "positions"), "What are the hours of \"{k}\"?"),
        a("Apply by", "date", "Until when can I apply for \"{k}\"?|What is the deadline of \"{k}\"?", "Which position is open until {v}?", "Until when can I apply?|What is the deadline?"),
    )),
    Kind("device", "devices", "Devices|Sensors|Smart home|Printers|Network", key("Device", "thing"), (
        status("State", "Online/Offline/Sleeping/Updating", ("device", "devices"), "What is the state of \"{k}\"?"),
        a("Battery", "percent", "How full is the battery of \"{k}\"?|What is the battery of \"{k}\"?", "Which device is at {v}?", "How full is the battery?", "Which device has the fullest battery?", "Which battery is lowest?|Which device has the emptiest battery?"),
        a("Room", "room", "Where is \"{k}\"?|In which room is \"{k}\"?", "Which device is in {v}?|What is in {v}?", "Where is it?"),
        a("Address", "host", "What is the address of \"{k}\"?", "Which device has the address {v}?", "What is the address?"),
        a("Firmware", "version", "Which firmware runs on \"{k}\"?|Which version has \"{k}\"?", "Which device has firmware {v}?", "Which firmware is it?"),
    )),
    Kind("house", "houses", "Homes for sale|Flats|Properties|To let", key("Address", "street"), (
        price("house"),
        a("Rooms", "small", "How many rooms has {k}?", "Which house has {v} rooms?", "How many rooms does it have?", "Which house has the most rooms?", "Which house has the fewest rooms?"),
        a("Built", "year", "When was {k} built?|From which year is {k}?", "Which house was built in {v}?", "When was it built?", "Which house is the newest?", "Which house is the oldest?"),
        a("Town", "place", "In which town is {k}?|Where is {k}?", "Which house is in {v}?", "In which town is it?"),
        a("Agent", "person", "Who sells {k}?|Whom do I ask about {k}?", "What does {v} sell?|Which house does {v} sell?", "Who is the agent?|Whom do I ask?"),
    )),
    Kind("parcel", "parcels", "Parcels|Deliveries|Tracking|Shipments", key("Parcel", "code"), (
        a("Recipient", "person", "Who gets parcel {k}?|For whom is {k}?", "Which parcel is for {v}?", "For whom is it?|Who is the recipient?"),
        a("To", "place", "Where does {k} go?|Where is {k} sent?", "Which parcel goes to {v}?", "Where does it go?"),
        a("Weight", "kg", "How heavy is {k}?|What does {k} weigh?", "Which parcel weighs {v}?", "How heavy is it?", "Which parcel is the heaviest?", "Which parcel is the lightest?"),
        status("State", "Delivered/On the way/Lost/At the depot", ("parcel", "parcels"), "Where is {k} now?|What is the state of {k}?"),
        a("Expected", "date", "When does {k} arrive?|When is {k} expected?", "Which parcel arrives on {v}?", "When does it arrive?"),
    )),
    Kind("plugin", "plugins", "Plugins|Extensions|Add-ons|Packages|Apps", key("Name", "app"), (
        a("Version", "version", "Which version of {k} is installed?|What is the version of {k}?", "Which plugin has version {v}?", "Which version is it?"),
        a("Author", "person", "Who made {k}?|Who wrote {k}?", "Which plugin is by {v}?|What did {v} make?", "Who made it?"),
        a("Downloads", "count", "How often was {k} downloaded?", "Which plugin has {v} downloads?", "How many downloads are there?", "Which plugin was downloaded most?", "Which plugin was downloaded least?"),
        status("State", "Enabled/Disabled/Outdated", ("plugin", "plugins"), "What is the state of {k}?"),
        a("License", "choice:MIT/BSD/GPL/Apache", "Under which license is {k}?|What is the license of {k}?", "", "Under which license is it?"),
    )),
    Kind("patient", "patients", "Patients|Waiting room|Appointments today|Practice", key("Patient", "person"), (
        a("Time", "time", "When is {k}'s appointment?|When does {k} come?|At what time is {k}?", "Who comes at {v}?|Whose appointment is at {v}?", "When is the appointment?", "Who comes last?", "Who comes first?"),
        a("Doctor", "person", "Which doctor sees {k}?|Whom does {k} see?", "Who sees {v}?|Which patient has {v}?", "Which doctor is it?"),
        a("Room", "small", "In which room is {k}?|Which room has {k}?", "Who is in room {v}?", "Which room is it?"),
        status("State", "Waiting/Called/Finished/Absent", ("patient", "patients"), "What is the state of {k}?"),
    )),
    Kind("route", "routes", "Buses|Lines|Ferries|Routes|Shuttle", key("Route", "code"), (
        a("From", "place", "Where does {k} start?|From where does {k} go?", "Which route starts in {v}?", "Where does it start?"),
        a("To", "place", "Where does {k} end?|Where does {k} go?", "Which route goes to {v}?", "Where does it go?"),
        a("First", "time", "When is the first ride of {k}?|When does {k} begin in the morning?", "", "When is the first ride?"),
        a("Last", "time", "When is the last ride of {k}?|Until when does {k} run?", "", "When is the last ride?"),
        a("Distance", "km", "How long is {k}?|How far does {k} go?", "Which route is {v} long?", "How far is it?", "Which route is the longest?", "Which route is the shortest?"),
    )),
)  # fmt: skip

ALL_KINDS = KINDS + MORE_KINDS
