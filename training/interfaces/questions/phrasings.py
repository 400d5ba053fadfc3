"""How people ask about the controls of a window: what stands in a field, which box is ticked, which tab is open."""

# fmt: off
from __future__ import annotations

FIELD = (
    'What is entered for "{k}"?', "What does the field {k} say?", 'What is in the field "{k}"?', "Read the field {k}.",
    'Which text is in "{k}"?', "What has been typed into {k}?", 'What stands in the field "{k}"?', "Value of {k}?",
    'Tell me what is entered at "{k}".', "What is {k} set to?", 'What value does the field "{k}" have?',
    "The field {k}: what is in it?", 'I need what is written in "{k}".',
)
COMBO = (
    'What is "{k}" set to?', "What is selected for {k}?", 'Which option is chosen for "{k}"?', "What is chosen at {k}?",
    'What does the drop-down "{k}" show?', "Which choice is shown for {k}?", 'What is picked for "{k}"?',
    "Value of {k}?", 'What is the current setting of "{k}"?', "To what is {k} set?", "{k}: which one is selected?",
    'Read the drop-down list "{k}".',
)
SPIN = (
    'What is "{k}" set to?', "Which number is in {k}?", 'What is the value of "{k}"?', "To which number is {k} set?",
    'What number is entered for "{k}"?', "Value of {k}?", 'How much is set for "{k}"?', "Read the number at {k}.",
    "{k}: which value?", 'Which value does "{k}" have?',
)
FIELD_WITH = (
    'Which field says "{v}"?', 'In which field is "{v}" entered?', 'What is "{v}" entered for?',
    'Which field has the value "{v}"?', 'Where is "{v}" entered? Name the field.', 'Beside which label stands "{v}"?',
    'Which setting has the value "{v}"?', '"{v}": in which field is that?', "Which field shows {v}?",
)
IS_EMPTY = (
    'Is the field "{k}" empty?', "Is nothing entered for {k}?", 'Is "{k}" blank?', "Is the field {k} still empty?",
    'Has nothing been typed into "{k}"?', 'Is there nothing in the field "{k}"?', "Is the text field {k} without text?",
)
FIELDS = (
    "Which fields are there?", "List the fields.", "What are the fields called?", "Name the fields.",
    "What can be filled in?", "Read the labels of the fields.", "Which values can I enter here?",
    "What do the labels of the fields say?",
)
BOX_ON = (
    'Is "{k}" checked?', "Is the box {k} ticked?", 'Is there a check mark at "{k}"?', "Is {k} ticked?",
    'Has someone ticked "{k}"?', 'Is the check box "{k}" on?', "Does the box {k} have a tick?",
    'Is the option "{k}" enabled?', "Is {k} switched on?", 'Is "{k}" turned on?',
)
SWITCH_ON = (
    'Is "{k}" on?', "Is {k} switched on?", 'Is the switch "{k}" on?', "Is {k} enabled?", 'Is "{k}" turned on?',
    "Is the option {k} active?", 'Has "{k}" been switched on?', 'Is the setting "{k}" on?',
)
BOX_OFF = (
    'Is "{k}" unchecked?', "Is the box {k} empty?", 'Is the check box "{k}" off?', "Is {k} switched off?",
    'Is "{k}" turned off?', "Is {k} without a tick?", 'Is the option "{k}" off?',
)
RADIO_ON = (
    'Is "{k}" selected?', "Is the option {k} chosen?", 'Is "{k}" the chosen option?', "Is {k} picked?",
    'Is the radio button "{k}" on?', "Is the circle at {k} filled?", 'Is "{k}" the one that is selected?',
)
CHECKED = (
    "Which boxes are checked?", "Which check boxes are ticked?", "List the boxes that are ticked.",
    "Name the check boxes that are on.", "Which of the check boxes have a tick?", "Checked boxes?",
    "Which boxes have a check mark?", "What are the ticked boxes called?",
)
UNCHECKED = (
    "Which boxes are not checked?", "Which check boxes are empty?", "Which check boxes are not ticked?",
    "Name the check boxes without a tick.", "Which boxes are unchecked?", "List the boxes that are off.",
    "Which of the check boxes have no tick?", "Unchecked boxes?",
)
BOXES = (
    "Which check boxes are there?", "List the check boxes.", "Name all check boxes.", "What do the check boxes say?",
    "Read the labels of the check boxes.", "Which boxes can be ticked?", "What are the check boxes called?",
)
BOX_COUNT = (
    "How many check boxes are there?", "Count the check boxes.", "How many boxes can be ticked?",
    "What is the number of check boxes?", "How many check boxes do you see?", "How many check boxes does it have?",
)
CHECKED_COUNT = (
    "How many boxes are checked?", "How many check boxes are ticked?", "Count the ticked check boxes.",
    "How many of the check boxes have a tick?", "How many check boxes are on?", "Number of checked boxes?",
)
BOXES_OF = (
    'Which check boxes are under "{g}"?', "List the check boxes of {g}.", 'What can be ticked in the group "{g}"?',
    'Which options does "{g}" have?', 'Name the check boxes in "{g}".', "Which boxes belong to {g}?",
)
CHECKED_OF = (
    'Which boxes are checked under "{g}"?', "What is ticked in the group {g}?", 'Which options of "{g}" are on?',
    'In "{g}", which boxes have a tick?', "Name what is ticked under {g}.", 'Which check boxes of "{g}" are checked?',
)
RADIO_COUNT = (
    "How many radio buttons are there?", "Count the radio buttons.", "How many radio buttons do you see?",
    "What is the number of radio buttons?", "Between how many radio buttons can I choose?",
)
RADIO_ALONE = (
    "Which radio button is selected?", "Which option is selected?", "Which radio button is on?",
    "Which option is chosen?",
    "Which of the circles is filled? Read its label.", "Which of the radio buttons is picked?",
    "What is the selected radio button called?", "What does the selected radio button say?",
)
RADIO_ALONE_ALL = (
    "Which radio buttons are there?", "List the radio buttons.", "Between which options can I choose?",
    "Name the radio buttons.", "What do the radio buttons say?", "Read the labels of the radio buttons.",
)
TOOLS = (
    "Which buttons are in the toolbar?", "List the buttons of the toolbar.", "Read the toolbar.",
    "What does the toolbar offer?", "What do the buttons in the toolbar say?", "Name the buttons of the toolbar.",
    "Which tools are in the toolbar?", "What is in the toolbar?",
)
TOOL_PRESSED = (
    "Which button in the toolbar is pressed?", "Which tool is selected?", "Which tool is active?",
    "Which button of the toolbar is highlighted?", "Which of the tools is pressed in?", "What is the active tool?",
)
BUTTON_COUNT = (
    "How many buttons are there?", "How many buttons does it have?", "Count the buttons.",
    "How many buttons do you see?", "What is the number of buttons?", "How many buttons does it have?",
)
BUTTONS = (
    "Which buttons are there?", "List the buttons.", "What do the buttons say?", "Which buttons does it have?",
    "Name the buttons.", "What are the buttons called?", "Read the buttons.", "What can I click?",
)
IS_GREY = (
    'Is the {r} "{k}" greyed out?', "Is {k} greyed out?", 'Is the {r} "{k}" disabled?', "Is {k} inactive, in grey?",
    'Does the {r} "{k}" look disabled?', 'Is "{k}" shown in grey?', "Is the {r} {k} unavailable?",
)
IS_USABLE = (
    'Can I use the {r} "{k}"?', "Is the {r} {k} available?", 'Is the {r} "{k}" active, not greyed out?',
    "Can {k} be clicked?", 'Is the {r} "{k}" usable at the moment?',
)
GREY = (
    "Which buttons are greyed out?", "Which buttons are disabled?", "Which buttons cannot be pressed?",
    "Name the buttons that are grey.", "Which of the buttons are inactive?", "What are the disabled buttons?",
)
HAS: dict[str, tuple[str, ...]] = {
    "button": ('Is there a button "{t}"?', "Is there a button that says {t}?", 'Does it have a button "{t}"?',
               "Do you see a button {t}?", 'Do you find a button called "{t}"?', 'Is "{t}" one of the buttons?'),
    "checkbox": ('Is there a check box "{t}"?', "Is there an option {t}?", 'Can I tick "{t}" here?',
                 'Do you see a check box called "{t}"?', 'Is "{t}" one of the check boxes?'),
    "tab": ('Is there a tab "{t}"?', "Is there a tab called {t}?", 'Does it have a tab "{t}"?', "Do you see a tab {t}?",
            'Is "{t}" one of the tabs?', 'Can I switch to a tab named "{t}"?'),
    "field": ('Is there a field "{t}"?', "Is there a field called {t}?", 'Is there something to fill in for "{t}"?',
              'Does it have a field labelled "{t}"?', 'Do you see a field named "{t}"?'),
    "menu": ('Is there a menu "{t}"?', "Does the menu bar have {t}?", 'Do you see a menu called "{t}"?',
             'Is "{t}" in the menu bar?', "Is there a menu named {t}?"),
    "entry": ('Is there an entry "{t}"?', "Is {t} listed?", 'Do you see an entry called "{t}"?',
              'Is "{t}" in the list?', "Does the list have {t}?"),
    "header": ('Is there a column "{t}"?', "Does the table have a column {t}?", 'Is "{t}" one of the columns?',
               'Do you see a column called "{t}"?', "Is there a column named {t}?"),
    "radio": ('Is there an option "{t}"?', "Can I choose {t}?", 'Is "{t}" one of the options?',
              'Do you see a radio button "{t}"?', 'Is there a radio button called "{t}"?'),
    "group": ('Is there a section "{t}"?', "Is there a group called {t}?", 'Do you see a group of settings "{t}"?',
              'Does it have a section named "{t}"?'),
}
GROUPS = (
    "Which sections are there?", "List the groups.", "What are the groups called?", "Name the sections.",
    "Into which groups are the settings divided?", "Read the captions of the groups.",
)
HEADINGS = ("Which headings are there?", "List the headings.", "Read the headings.", "Name all headings.")
LINKS = ("Which links are there?", "List the links.", "Read the links.", "What do the links say?", "Name the links.")
PROGRESS = (
    "How far is it?", "What is the progress?", "How many percent are done?", "What does the progress bar say?",
    "Read the progress bar.", "How much is done?", "Which progress is shown?", "How far along is it?",
)
BADGE = (
    'Which number is at "{k}"?', "What does the badge of {k} say?", 'What is the count at "{k}"?',
    "How many does it show for {k}?", 'Which number stands beside "{k}"?',
)
BADGE_TEXT = (
    'What does the badge of "{k}" say?', "Which badge does {k} have?", 'What is written in the small badge at "{k}"?',
    "What does the tag beside {k} say?", 'Read the badge beside "{k}".',
)
TEXT = (
    "What does the text box say?", "Read the text in the text box.", "What is in the text box?",
    "What is written in the large text field?", "Copy the text in the box.", "Which text is in the text area?",
    "Quote the text box.",
)
TEXT_OF = (
    'What does the text box "{k}" say?', "Read the text under {k}.", 'What is written in "{k}"?',
    'Copy the text of "{k}".', "Which text is in the box {k}?", 'Quote what is in "{k}".',
)
CELL = (
    'What is the {c} of "{k}"?', "What does the column {c} say for {k}?", 'Which {c} does "{k}" have?',
    "{k}: what {c}?",
    'In the row "{k}", what is in the column "{c}"?', "Look up {c} for {k}.", 'Read "{c}" in the row of {k}.',
    'What stands under "{c}" in the row of "{k}"?', "{c} of {k}?", 'Tell me the {c} of "{k}".',
)
CELL_BACK = (
    'Which {f} has the {c} "{v}"?', 'In which row is {c} "{v}"? Say its {f}.', "The {c} is {v}: for which {f}?",
    'Which {f} stands in the row with "{v}" under {c}?', 'For which {f} does it say "{v}" in the column {c}?',
)
COLUMNS = (
    "Which columns does the table have?", "What are the columns?", "List the column headers.", "Name the columns.",
    "Read the header of the table.", "Which columns are there?", "What do the column headers say?",
)
COLUMN_COUNT = (
    "How many columns are there?", "How many columns does the table have?", "Count the columns.",
    "What is the number of columns?", "How many columns do you see?",
)
ROW_COUNT = (
    "How many rows are there?", "How many rows does the table have?", "Count the rows.", "How many rows are listed?",
    "What is the number of rows, without the header?", "How many rows do you see under the header?",
)
COLUMN_ALL = (
    'What is in the column "{c}"?', "List all values of the column {c}.", 'Read the column "{c}" from top to bottom.',
    "Which values does the column {c} have?", 'Name everything under "{c}".', "Copy the column {c}.",
)
ROW_SELECTED = (
    "Which row is selected?", "Which row is highlighted?", "What is selected in the table?",
    "What does the selected row begin with?",
    "Which entry of the table is selected?", "Read the first cell of the selected row.",
)
ROW_JSON = (
    'Give the row "{k}" as JSON with the column names as keys.', "Return the row of {k} as a JSON object.",
    'The row "{k}" as JSON, please, keyed by the headers.', "Row {k} as a JSON object?",
    'Turn the row of "{k}" into JSON; the keys are the headers.', "As JSON, what is in the row {k}?",
)
TITLE_OF_PROGRAM = ("What kind of window is this?", "What kind of window do you see?", "What sort of window is it?")
WHICH_GROUP = (
    'In which section is "{k}"?', "Under which heading is {k}?", 'To which group does "{k}" belong?',
    'In which group do I find "{k}"?', "Which section has {k}?",
)
# fmt: on
