"""How people ask about lists, values, titles and errors of any program."""

# fmt: off
from __future__ import annotations

LIST_PHRASINGS: dict[str, tuple[str, ...]] = {
    "all": (
        "Which {items} are there{where}?", "List the {items}{where}.", "Name all {items}{where}.",
        "What are the {items}{where}?", "Which {items} do you see{where}?", "What {items} are shown{where}?",
        "Give me the {items}{where}, separated by commas.", "{items}{where}?", "Read the {items}{where}.",
        "Which {items} does it have{where}?", "What are the {items} called{where}?", "All {items}{where}, please.",
        "Enumerate the {items}{where}.", "What {items} does it offer{where}?", "Which {items} can be found{where}?",
        "Write down the {items}{where}, in order.", "Which {items} can I choose from{where}?",
        "What is the list of {items}{where}?",
    ),
    "first": (
        "Which {item} comes first{where}?", "What is the first {item}{where}?", "First {item}{where}?",
        "Read the first {item}{where}.", "What is the first of the {items}{where}?", "Name the first {item}{where}.",
        "With which {item} do the {items} begin{where}?", "Which is the first {item}{where}?",
        "Which of the {items} stands first{where}?", "What {item} is at the beginning{where}?",
    ),
    "last": (
        "Which {item} comes last{where}?", "What is the last {item}{where}?", "Last {item}{where}?",
        "Read the last {item}{where}.", "What is the last of the {items}{where}?", "Name the last {item}{where}.",
        "With which {item} do the {items} end{where}?", "Which is the last {item}{where}?",
        "Which of the {items} stands last{where}?", "What {item} is at the end{where}?",
    ),
    "kth": (
        "What is the {nth} {item}{where}?", "Which {item} is {nth}{where}?", "The {nth} {item}{where}?",
        "Read the {nth} {item}{where}.", "Name the {nth} {item}{where}.", "What does the {nth} {item} say{where}?",
        "Which is the {nth} {item}{where}?", "What is the name of the {nth} {item}{where}?",
    ),
    "count": (
        "How many {items} are there{where}?", "How many {items} do you see{where}?", "Count the {items}{where}.",
        "What is the number of {items}{where}?", "Number of {items}{where}?", "How many {items} does it have{where}?",
        "How many {items} are shown{where}?", "How many {items} can you count{where}?",
        "In total, how many {items} are there{where}?", "How many {items} can be seen{where}?",
        "How many {items} are listed{where}?", "How many {items} does it offer{where}?",
        "Tell me the number of {items}{where}.", "How many different {items} are there{where}?",
    ),
    "below": (
        "Which {item} is below {name}?", "What comes after {name}?", "What is directly under {name}?",
        "Which {item} follows {name}?", "What stands under {name}{where}?", "The {item} below {name}?",
        "Which {item} comes after {name}{where}?", "What is the next {item} after {name}?",
        "Below {name}: which {item}?",
    ),
    "above": (
        "Which {item} is above {name}?", "What comes before {name}?", "What is directly above {name}?",
        "Which {item} precedes {name}?", "What stands above {name}{where}?", "The {item} above {name}?",
        "Which {item} comes before {name}{where}?", "Which {item} stands before {name}?", "Above {name}: which {item}?",
    ),
    "right": (
        "Which {item} is right of {name}?", "What comes after {name}?", "What is to the right of {name}?",
        "Which {item} follows {name}?", "The {item} right of {name}?", "Which {item} comes after {name}{where}?",
        "What is the next {item} after {name}?", "Right of {name}: which {item}?",
        "What is beside {name}, on its right?",
    ),
    "left": (
        "Which {item} is left of {name}?", "What comes before {name}?", "What is to the left of {name}?",
        "Which {item} precedes {name}?", "The {item} left of {name}?", "Which {item} comes before {name}{where}?",
        "Which {item} stands before {name}?", "Left of {name}: which {item}?", "What is beside {name}, on its left?",
    ),
    "is_there": (
        "Is there the {item} {name}?", "Is {name} among the {items}{where}?", "Do you see the {item} {name}?",
        "Does it have the {item} {name}?", "Is the {item} {name} shown{where}?",
        "Can you find {name} among the {items}?",
        "Is {name} one of the {items}?", "Do you see {name} among the {items}{where}?",
    ),
    "selected": (
        "Which {item} is selected{where}?", "Which {item} is highlighted{where}?", "What {item} is selected{where}?",
        "Selected {item}?", "Which of the {items} is selected{where}?", "Which {item} is marked as selected{where}?",
        "What is the selected {item}{where}?", "Which {item} is chosen{where}?", "Which {item} is active{where}?",
        "Tell me the selected {item}.", "The highlighted {item}?", "On which {item} is the highlight{where}?",
        "What is the current {item}{where}?", "Which {item} is the current one{where}?",
        "Which {item} is picked{where}?",
        "{items}{where}: which one is selected?", "Which of the {items} is highlighted{where}?",
        "Which {item} stands out from the others{where}?", "Name the selected {item}{where}.",
        "Which one of the {items} is marked{where}?", "What is the name of the selected {item}{where}?",
    ),
    "starts": (
        "Which {item} starts with {start}?", "Which {item} begins with '{start}'?",
        "The {item} that starts with {start}?",
        "Read the {item} beginning with {start}.", "Find the {item} that begins with {start}.",
        "Which of the {items} starts with '{start}'?", "What is the {item} that starts with '{start}'?",
        "Which {item} has {start} at its start?",
    ),
    "json": (
        "List the {items} as a JSON array.", "Give me the {items} as JSON.", "Return the {items} as a JSON list.",
        "{items} as JSON?", "I need the {items} as a JSON array.", "Put the {items} into a JSON list.",
        "JSON array of the {items}, please.", "Extract the {items} as a JSON array of strings.",
    ),
}
"""About names in order; `{where}` is empty or starts with a space, such as " on the left"."""

VALUE = (
    "What is the {label}?", "Which {label} is set?", "{label}?", "What does it say for {label}?", "Read the {label}.",
    "What is {label} set to?", "What is given as {label}?", "Which {label} is shown?", "What {label} is chosen?",
    "Value of {label}?", "What stands beside {label}?", "Tell me the {label}.", "What is in the field {label}?",
)
OPENED = {
    "file": (
        "Which file is open?", "What file is open?", "Name of the open file?", "Which file is being edited?",
        "What is the name of the file?", "Which file is loaded?", "Which file is shown?", "What file am I looking at?",
        "On which file is someone working?", "What is the file called?",
    ),
    "document": (
        "Which document is open?", "What is the document called?", "Which file is open?", "Name of the document?",
        "Which document is shown?", "What document is loaded?", "What is the name of the file?", "Which file is it?",
    ),
    "folder": (
        "Which folder is open?", "What folder is shown?", "In which folder am I?", "Which directory is open?",
        "What is the open folder called?", "Name of the folder?", "Which folder is it?", "What is the current folder?",
        "Whose contents are listed?", "Which folder am I looking at?",
    ),
    "table": (
        "Which table is shown?", "Which table is open?", "What table is it?", "Name of the table?",
        "From which table are the rows?", "Which table is being browsed?", "What is the table called?",
        "Which table am I looking at?",
    ),
    "channel": (
        "Which channel is open?", "In which channel are they?", "What is the channel called?", "Which channel is it?",
        "Name of the channel?", "Which channel is shown?", "What channel am I in?", "Where do they chat?",
    ),
    "database": (
        "Which database is open?", "What database is it?", "Which file is open?", "Name of the database?",
        "Which database is loaded?", "What is the database called?", "Which database am I looking at?",
        "What is the name of the database file?",
    ),
    "repository": (
        "Which repository is open?", "What repository is it?", "Name of the repository?", "Which project is open?",
        "What is the repository called?", "Which repository is shown?", "Which repository am I in?",
        "Which project is it?",
    ),
}
IS_SELECTED = (
    "Is {name} selected?", "Is the {item} {name} selected?", "Is {name} the selected {item}?", "Is {name} highlighted?",
    "Is '{name}' the {item} that is selected?", "Has the {item} {name} been selected?",
    "Is the {item} '{name}' highlighted?", "Is it {name} that is selected?",
)
IS_OPEN_TAB = (
    "Is the tab {name} open?", "Is {name} the open tab?", "Is the tab '{name}' selected?",
    "Is the tab {name} in front?",
    "Am I on the tab {name}?", "Is '{name}' the tab that is open?", "Is the tab {name} the active one?",
    "Is the current tab {name}?",
)
MORE_THAN = (
    "Are there more than {n} {items}{where}?", "Do you see more than {n} {items}{where}?",
    "Are more than {n} {items} shown{where}?", "Is the number of {items}{where} greater than {n}?",
    "Does it have more than {n} {items}{where}?", "Can you count more than {n} {items}{where}?",
)
IS_VALUE = (
    "Is {label} set to {value}?", "Is the value of {label} {value}?", "Does it say {value} for {label}?",
    "Does {label} say '{value}'?", "Is it {value} that is given for {label}?", "Does '{value}' stand at {label}?",
    "For {label}, does it say {value}?",
)
DEFAULT_BUTTON = (
    "Which button is highlighted?", "Which button is the default?", "Which button stands out?",
    "What is the default button?", "Which button is coloured?", "Which button does Enter press?",
    "Which of the buttons is emphasised?", "Highlighted button?", "Which button is filled with colour?",
)
OPEN_TAB = (
    "Which tab is open?", "Which tab is in front?", "What tab is active?", "Which tab am I on?", "Which page is open?",
    "Open tab?", "Which tab is shown?", "On which tab is it?", "What is the current tab?", "Which tab is selected?",
    "Which of the tabs is open?", "Name the open tab.", "Which tab is currently active?", "The tab in front?",
    "Which tab do I see the contents of?", "What does the selected tab say?", "Which tab has been chosen?",
    "Tell me which tab is open.", "Which tab is highlighted?", "What is the name of the open tab?",
)
PROGRAM = (
    "What is the name of the program?", "Which program's window is this?", "Which application is shown?",
    "In which program am I?", "What program do you see?", "Which program is open?", "What is this application called?",
    "Name the program.", "Which program am I using?", "What is the name of this software?",
    "Which program is this?", "What program is this?", "Which application is open?", "What application is this?",
    "What is the program called?", "Which app is it?", "Name of the program?", "Which software is this?",
    "What is the name of the application?", "Which program is running?", "What app am I looking at?",
    "Which tool is this?",
)
PROGRAM_TITLE = (
    "According to the title bar, which program is it?", "Which program does the title bar name?",
    "Which program's name is in the title?", "Going by the title, which program is this?",
    "What is the program's name in the title bar?", "Which application does the window belong to?",
    "To which program does this window belong?", "Which program does the window's title name?",
    "Read the name of the program from the title bar.", "With which program is it opened?",
)
PROGRAM_IN_FRONT = (
    "Which program is in front?", "What program is in front?", "Which application is in the foreground?",
    "Which program has the focus?", "Which app is active?", "What program is the active window of?",
    "Which program is on top?", "Which application is being used?", "What is the program in front called?",
    "Name of the program in front?",
)
PROGRAM_OF_DIALOG = (
    "Which program does the dialog belong to?", "Which program's dialog is this?", "To which program does it belong?",
    "Which program opened this?", "Which application is named in the title?", "Which program does the title name?",
    "What program is this dialog of?", "Of which program is this window?",
)
PROGRAM_KIND = (
    "What kind of program is this?", "What sort of program is it?", "What type of application is this?",
    "What kind of application is open?", "What is this program for? Name its kind.",
    "Which kind of program do you see?",
    "Kind of program?", "What sort of software is this?",
)
TITLE = (
    "What is the title of the window?", "What does the title bar say?", "Read the title bar.", "Title of the window?",
    "What is the window called?", "Which title does the window have?", "What stands in the title bar?", "Window title?",
    "What is the title?", "Read the window's title.",
)
STATUS = (
    "What does the status bar say?", "Read the status bar.", "What is at the bottom of the window?", "Status bar?",
    "What is written in the status bar?", "Quote the status bar.", "Which status is shown?",
    "What does the bottom line say?",
)
ERROR = (
    "What is the error?", "What is the error message?", "Which error is shown?", "What went wrong?", "Read the error.",
    "What does the error say?", "Quote the error.", "Which error do I get?", "What is the problem?", "What failed?",
    "Error message?", "Read the error message to me.", "What does it complain about?", "Copy the error line.",
)
HEADLINE = (
    "What is the headline?", "What is the heading?", "Read the headline.", "What does the large text say?",
    "What is written in large letters?", "Heading?", "What does the heading say?", "Which headline is shown?",
    "Read the big text.",
)
JSON_ONE = (
    "Give {keys} as JSON.", "Extract {keys} as JSON.", "Return JSON with {keys}.", "JSON with the keys {keys}.",
    "I need {keys} as a JSON object.", "Read {keys} and return them as JSON.", "Fill this in: {schema}",
    "Return JSON of this form: {schema}", "Extract this as JSON: {schema}", "Put {keys} into one JSON object.",
)
JSON_FORM = (
    "Give the fields as JSON.", "Give the form as JSON.", "Form to JSON.", "Turn the form into JSON.",
    "Return all fields as one JSON object.", "Extract the fields and their values as JSON.", "Fields as JSON?",
    "Give me every setting as JSON.", "All fields with their values, as JSON.", "Return the form as a JSON object.",
)
# fmt: on
