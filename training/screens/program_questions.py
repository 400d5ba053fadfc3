"""How people ask about desktop programs: files, mail, chats, settings, sheets, lists of tasks, processes, letters."""

from __future__ import annotations

PROGRAM_PHRASINGS: dict[str, tuple[str, ...]] = {
    "program": (
        "Which program is this?", "What program is this?", "Which application is open?", "What app is this?",
        "Which program do you see?", "What is this program called?", "Name the program.",
    ),
    "program_kind": ("What kind of program is this?", "What sort of program is it?", "What kind of app is this?"),
    "toolbar": ("Which buttons are in the toolbar?", "List the buttons at the top.", "Read the toolbar."),
    "selected_row": (
        "Which row is selected?", "What is selected?", "Which {item} is selected?", "Which {item} is highlighted?",
        "Which row is highlighted?", "What is highlighted in the list?", "Which {item} is marked?",
    ),
    "selected_side": (
        "Which {entry} is selected?", "Which {entry} is open?", "Which {entry} is highlighted on the left?",
        "What is selected on the left?", "Which entry on the left is selected?", "Which {entry} is active?",
    ),
    "side_list": (
        "List the {entries}.", "Which {entries} are there?", "What is listed on the left?", "Name the {entries}.",
        "Which {entries} do you see?", "Read the list on the left.", "What {entries} are there?",
    ),
    "side_count": ("How many {entries} are there?", "How many {entries} are on the left?", "Count the {entries}."),
    "items_list": (
        "List the {items}.", "Which {items} are there?", "Name all {items}.", "Which {items} are listed?",
        "What are the names of the {items}?", "Which {items} do you see?",
    ),
    "items_count": (
        "How many {items} are listed?", "How many {items} are there?", "Count the {items}.",
        "How many {items} are shown?", "How many {items} do you see?", "What is the number of {items}?",
    ),
    "has_item": (
        "Is there {item} called {label}?", "Is there {item} named {label}?", "Do you see {item} called {label}?",
        "Is {label} in the list?", "Does the list have {label}?", "Is {label} there?",
    ),
    "has_side": ("Is there {entry} called {label}?", "Is there {entry} named {label}?", "Is {label} on the left?"),
    "first_item": ("What is the first {item}?", "Which {item} comes first?", "What is the first {item} in the list?"),
    "last_item": ("What is the last {item}?", "Which {item} is at the bottom?", "What is the last {item} in the list?"),
    "nth_item": ("Which {item} is number {n} in the list?", "What is {item} {n} in the list?"),
    "after_item": ("Which {item} comes after {label}?", "What is below {label}?", "Which {item} is below {label}?"),
    "list_columns": ("Which columns are there?", "What are the columns?", "List the columns.", "Name the columns."),
    "of_row": ("What is the {column} of {label}?", "Which {column} does {label} have?", "{label}: which {column}?"),
    "row_by": ("Which {item} has the {column} {value}?", "Whose {column} is {value}?"),
    "tab_open": (
        "Which tab is open?", "Which tab is selected?", "Which tab at the top is active?", "On which tab am I?",
        "What is the selected tab?", "Which of the tabs is in front?", "Open tab?", "Which tab stands out?",
    ),
    "tab_list": (
        "Which tabs are there?", "List the tabs.", "Read the tabs.", "What tabs does the window have?",
        "Name the tabs.",
    ),
    "status_says": (
        "How many {items} does the status bar report?", "According to the status bar, how many {items} are there?",
        "Which number of {items} is written at the bottom?", "How many {items} does it say in the status bar?",
        "What number of {items} is in the status bar?", "Read the number of {items} in the status bar.",
    ),
    "status_selected": (
        "How many {items} are selected, according to the status bar?", "How many {items} does it say are selected?",
        "What number of selected {items} is written at the bottom?",
    ),
    "radio": (
        "Which option is chosen for {label}?", "Which of the options of {label} is selected?",
        "What is {label} set to?",
        "Which circle is filled for {label}?", "{label}: which option?", "What did someone choose for {label}?",
    ),
    "radio_options": (
        "Which options are there for {label}?", "Between what can I choose for {label}?",
        "List the options of {label}.",
    ),
    "search": ("What does the search field say?", "What is in the search field?", "What is typed into the search?"),
    # --- files
    "folder": (
        "Which folder is open?", "Which folder is shown?", "What folder is this?", "Where am I?", "What is the path?",
        "Which path is open?", "What does the path bar say?",
    ),
    "size_of": (
        "How large is {label}?", "What is the size of {label}?", "How big is {label}?", "Size of {label}?",
        "How much space does {label} take?", "What size does {label} have?",
    ),
    "changed_of": (
        "When was {label} changed?", "When was {label} last modified?", "What is the date of {label}?",
        "When was {label} modified?", "From when is {label}?", "On which date was {label} changed?",
    ),
    "type_of": ("What type is {label}?", "What kind of file is {label}?", "Which type does {label} have?"),
    "file_by_size": ("Which file has {value}?", "Which file is {value} large?", "What takes {value}?"),
    "file_by_date": ("Which file was changed on {value}?", "What was modified on {value}?"),
    "free": ("How much space is free?", "How much is free?", "What is the free space?", "How much disk space is left?"),
    "status_count": ("How many items are there?", "How many items does the status bar count?", "How many items?"),
    "ending": ("Which files end in {ending}?", "List the {ending} files.", "Which {ending} files are there?"),
    # --- mail
    "first_sender": ("Who sent the first mail?", "Who is the first mail from?", "From whom is the topmost mail?"),
    "last_sender": ("Who sent the last mail in the list?", "From whom is the mail at the bottom?"),
    "subject_from": (
        "What is the subject of the mail from {label}?", "What did {label} write about?", "Subject of {label}'s mail?",
        "What is the mail from {label} about?", "Read the subject of the mail by {label}.",
    ),
    "sender_of": (
        "Who sent '{label}'?", "From whom is the mail '{label}'?", "Who wrote the mail with the subject '{label}'?",
        "Who is '{label}' from?",
    ),
    "mail_time": (
        "When did the mail from {label} arrive?", "When did {label} write?", "What is the date of {label}'s mail?",
        "When was the mail from {label} sent?", "At what time did the mail from {label} come?",
    ),
    "unread": (
        "How many unread mails are in {label}?", "How many new mails are in {label}?", "What is the count at {label}?",
        "How many mails in {label} are unread?", "Which number is beside {label}?",
    ),
    "open_subject": (
        "What is the subject of the open mail?", "What is the subject?", "What is the open mail about?",
        "Read the subject line.", "Which mail is open?",
    ),
    "open_from": ("Who wrote the open mail?", "Who is the mail from?", "From whom is the open mail?", "Who wrote it?"),
    "open_to": ("To whom was the mail sent?", "Who received the open mail?", "To which address was it sent?"),
    "open_date": ("When was the open mail sent?", "What is the date of the mail?", "When was it written?"),
    "open_body": ("What does the mail say?", "Read the mail.", "What does the open mail say?", "Read the text."),
    "greeting": ("How does the mail begin?", "What is the first line of the mail?", "How is the reader greeted?"),
    "signed": ("Who signed the mail?", "Which name is at the end of the mail?", "How is the mail signed?"),
    # --- chats
    "topic": ("What is the topic?", "What is the topic of the channel?", "Read the topic.", "What is it about?"),
    "said": (
        "What did {label} write?", "What does {label} say?", "Read the message from {label}.", "What did {label} say?",
        "What is {label}'s message?",
    ),
    "said_at": (
        "What was written at {label}?", "Which message came at {label}?", "What does the message of {label} say?",
    ),
    "who_at": ("Who wrote at {label}?", "Who sent a message at {label}?", "From whom is the message of {label}?"),
    "when_said": ("At what time did {label} write?", "When did {label} write?", "What time is {label}'s message?"),
    "last_writer": ("Who wrote the last message?", "Who wrote last?", "From whom is the last message?"),
    "first_writer": ("Who wrote the first message?", "Who wrote first?", "From whom is the first message?"),
    "last_said": ("What is the last message?", "Read the last message.", "What does the last message say?"),
    "first_said": ("What is the first message?", "Read the first message.", "What does the first message say?"),
    "who_said": ("Who wrote '{label}'?", "Who said '{label}'?", "From whom is '{label}'?"),
    "people": ("Who is in the chat?", "Who wrote messages?", "Which people wrote?", "List the people who wrote."),
    "typed": ("What is in the input field?", "What does the input line say?", "What is written at the bottom?"),
    # --- settings
    "set_to": (
        "What is {label} set to?", "What is set for {label}?", "Which {label} is chosen?", "What is {label}?",
        "What is the {label}?", "Which value does {label} have?", "What is selected for {label}?", "{label}?",
    ),
    "is_on": (
        "Is {label} on?", "Is {label} switched on?", "Is {label} turned on?", "Is {label} enabled?",
        "Is the switch {label} on?", "Is {label} active?",
    ),
    "all_on": ("Which switches are on?", "What is switched on?", "Which options are on?", "What is turned on?"),
    "all_off": ("Which switches are off?", "What is switched off?", "Which options are off?", "What is turned off?"),
    "section": ("Which sections are there?", "List the groups.", "Which headings are on the page?"),
    "under": ("What is listed under {label}?", "Which settings are under {label}?", "What belongs to {label}?"),
    # --- sheets
    "in_cell": (
        "What is in cell {label}?", "What does cell {label} say?", "Read cell {label}.",
        "What is the value of {label}?",
        "Which value is in {label}?", "{label}?",
    ),
    "cell_of": (
        "What is {column} of {label}?", "What is the {column} for {label}?", "How much is {column} for {label}?",
        "Which {column} does {label} have?", "{column} of {label}?",
    ),
    "cell_name": ("Which cell is selected?", "What is the selected cell?", "In which cell is the cursor?"),
    "formula": ("What does the formula bar say?", "Which formula is it?", "What is in the formula bar?"),
    "tab": ("Which sheet is open?", "Which sheet is selected?", "Which tab is active?", "What is the sheet called?"),
    "tabs": ("Which sheets are there?", "List the sheets.", "Which tabs are there?", "Name the sheets."),
    "grand_total": ("What is the total?", "How much is the total?", "What is the sum?", "Read the total.", "Total?"),
    "total_of": ("What is the total of {label}?", "How much is {label} in total?", "What is the sum of {label}?"),
    "where": ("In which cell is {label}?", "Which cell says {label}?", "Where is {label}?"),
    # --- agendas and tasks
    "date_shown": ("Which day is shown?", "For which day is it?", "Which date is shown?", "What date is it?"),
    "starts": ("When is {label}?", "At what time is {label}?", "When does {label} begin?", "What time is {label}?"),
    "at_time": ("What is at {label}?", "What happens at {label}?", "Which appointment is at {label}?"),
    "place_of": ("Where is {label}?", "In which place is {label}?", "Where does {label} take place?"),
    "first_event": ("What is the first appointment?", "What comes first?", "Which appointment is first?"),
    "due": ("When is {label} due?", "What is the due date of {label}?", "By when must {label} be done?"),
    "due_on": ("What is due on {label}?", "Which task is due on {label}?", "What must be done by {label}?"),
    "is_done": ("Is {label} done?", "Is {label} ticked?", "Has {label} been done?", "Is {label} checked?"),
    "done": ("Which tasks are done?", "What is done?", "Which tasks are ticked?", "What has been finished?"),
    "open_tasks": ("Which tasks are open?", "What is still to do?", "Which tasks are not done?", "What is left to do?"),
    "done_count": ("How many tasks are done?", "How many are ticked?", "How many tasks have been finished?"),
    "open_count": ("How many tasks are still open?", "How many tasks are not done?", "How many are left to do?"),
    # --- downloads, music, processes
    "progress": ("How far is {label}?", "What is the progress of {label}?", "How much of {label} is done?"),
    "length": ("How long is {label}?", "What is the length of {label}?", "How long does {label} take?"),
    "artist": ("Who plays {label}?", "Who is the artist of {label}?", "By whom is {label}?", "Who sings {label}?"),
    "playing": ("What is playing?", "Which song is playing?", "What is being played?", "Which title is playing now?"),
    "cpu": ("How much CPU does {label} use?", "What is the CPU usage of {label}?", "How busy is {label}?"),
    "memory": (
        "How much memory does {label} use?", "What is the memory usage of {label}?", "How much RAM has {label}?",
    ),
    "pid": ("What is the PID of {label}?", "Which process number does {label} have?", "Which ID does {label} have?"),
    "by_pid": ("Which process has the PID {label}?", "What is process {label}?", "Which program has the ID {label}?"),
    "user_of": ("Who runs {label}?", "As which user does {label} run?", "Which user does {label} belong to?"),
    "most_cpu": ("Which process uses the most CPU?", "What uses most CPU?", "Which process is busiest?"),
    "most_memory": ("Which process uses most memory?", "What needs the most memory?", "Which process takes most RAM?"),
    "gauge": ("How high is {label}?", "What is {label}?", "What does {label} show?", "How much is {label}?"),
    # --- letters
    "letter_from": (
        "Who wrote the letter?", "Who is the letter from?", "Who sent this letter?", "Which company is it?",
    ),
    "letter_to": ("To whom is the letter addressed?", "Who is the letter to?", "Who receives it?", "Who is addressed?"),
    "letter_date": ("What is the date of the letter?", "When was it written?", "Which date is on the letter?"),
    "letter_about": ("What is the subject?", "What is the letter about?", "Read the subject of the letter."),
    "amount_due": ("How much must be paid?", "What is the amount due?", "How much is due?", "What does it come to?"),
    "pay_by": ("Until when must it be paid?", "By when is it due?", "What is the due date?", "When must it be paid?"),
    "reference": ("What is the {label}?", "Which {label} is given?", "Read the {label}.", "{label}?"),
    "page_number": ("Which page is shown?", "What page is it?", "On which page am I?", "Which page is open?"),
    "page_total": ("How many pages does it have?", "How many pages are there?", "How long is the document?"),
    "zoom": ("At what zoom is the page shown?", "What is the zoom?", "How large is the page shown?", "Zoom?"),
    "signer": ("Who signed the letter?", "Which name is at the end?", "By whom is it signed?", "Who signed?"),
    "body": ("What does the letter say?", "Read the text of the letter.", "Read the letter.", "What does it say?"),
    # --- answers as JSON
    "json_rows": (
        "Give {keys} of every {item} as JSON.", "Return a JSON list with {keys} of each {item}.",
        "List {keys} of all {items} as JSON.", "I need {keys} of each {item}, as a JSON array.",
        "Extract {keys} of the {items} as JSON.", "Put {keys} of every {item} into JSON.",
    ),
    "json_schema": (
        'Give the {items} as JSON like [{schema}].', "Extract the {items} as JSON: [{schema}, ...]",
        "Return the {items} as a JSON list of {schema}.",
    ),
    "json_one": (
        "Give {keys} as JSON.", "Extract {keys} as JSON.", "Return JSON with {keys}.", "JSON with the keys {keys}.",
        "Fill this in: {schema}", "Return JSON of this form: {schema}",
    ),
    "json_all": (
        "Give the settings as JSON.", "Give the fields as JSON.", "Return all settings as one JSON object.",
        "Turn this page into JSON.", "Extract every setting and its value as JSON.",
    ),
    "json_names": (
        "List the {items} as a JSON array.", "Give me the {items} as JSON.", "Return the {items} as a JSON list.",
    ),
}  # fmt: skip
"""As `asking.PHRASINGS`, which `ProgramAsker` goes on to where a kind is not here."""
