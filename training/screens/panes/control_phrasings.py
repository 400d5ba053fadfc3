"""How people ask about the controls of dialogs, lists beside each other and what a status bar counts."""

# fmt: off
from __future__ import annotations

RADIO = (
    "Which option is selected for {label}?", "What is chosen for {label}?", "{label}: which option is on?",
    "Which radio button is selected under {label}?", "What is {label} set to?", "Which one is picked for {label}?",
    "Under {label}, which circle is filled?", "Which choice is active for {label}?", "Selected {label}?",
    "Which of the options for {label} is checked?", "What is the current choice for {label}?", "Which {label} is set?",
    "Which radio button is on for {label}?",
)
RADIO_OPTIONS = (
    "Which options are there for {label}?", "What can I choose for {label}?", "List the options of {label}.",
    "Which radio buttons are under {label}?", "What are the choices for {label}?",
    "{label}: which options are offered?",
    "Name the options for {label}.", "Between which options can I choose for {label}?", "Options for {label}?",
)
RADIO_COUNT = (
    "How many options are there for {label}?", "How many radio buttons are under {label}?",
    "How many choices does {label} have?", "Count the options of {label}.", "Number of options for {label}?",
    "{label}: how many options?", "How many options can I choose from for {label}?",
    "Among how many options for {label} can I choose?",
)
IS_CHECKED = (
    "Is {label} checked?", "Is {label} ticked?", "Is there a tick at {label}?", "Is the box {label} ticked?",
    "Does {label} have a check mark?", "Is {label} on?", "Is {label} switched on?", "Is {label} enabled?",
    "Has {label} been turned on?", "Is {label} active?", "Is the option {label} set?", "Is {label} set?",
    "Is the option {label} on?", "Has {label} been switched on?",
)
CHECKED = (
    "Which boxes are checked?", "Which check boxes are ticked?", "What is ticked?", "Which options are switched on?",
    "Which options are enabled?", "List what is checked.", "Name the check boxes that are on.", "Checked boxes?",
    "Which of the boxes have a tick?", "Which boxes are set?", "What is turned on?",
)
UNCHECKED = (
    "Which boxes are not checked?", "Which check boxes are empty?", "What is not ticked?", "Which options are off?",
    "Which options are switched off?", "Name the check boxes without a tick.", "Which boxes are unchecked?",
    "Which of the boxes are off?", "What is turned off?",
)
CHECKED_COUNT = (
    "How many boxes are checked?", "How many check boxes are ticked?", "How many options are switched on?",
    "Count the ticked boxes.", "How many of the boxes have a tick?", "Number of checked boxes?",
    "How many check boxes are on?", "How many options are enabled?",
)
BOXES = (
    "Which options can be switched on or off?", "Which settings are either on or off?",
    "Which check boxes are there?", "List the check boxes.", "What do the check boxes say?", "Name all check boxes.",
    "Which boxes can be ticked?", "Read the labels of the check boxes.", "What are the check boxes called?",
    "Check boxes?",
)
BESIDE = (
    "Which button is beside {label}?", "Which button is next to the field {label}?",
    "What button stands right of {label}?",
    "Which button belongs to {label}?", "The button beside the field {label}?",
    "What does the button after {label} say?",
    "Which button is in the row of {label}?", "What can I press beside {label}?",
    "Read the button to the right of {label}.",
)
KINDS_JSON = (
    "Answer as JSON: {schema}", "Return JSON with this schema: {schema}", "Fill in this schema: {schema}",
    "Give the dialog as JSON of this form: {schema}", "JSON, please: {schema}", "Read the dialog into {schema}",
    "Extract the settings as {schema}", "Reply with JSON only, like {schema}",
    "As JSON with exactly these keys: {schema}",
    "I need {schema} filled in from the dialog.", "Which values are set? Answer as {schema}",
    "What is set here? Use {schema}",
)
STEP = (
    "Which step is it?", "Which step of the wizard is open?", "At which step am I?", "What is the current step?",
    "Which step is highlighted?", "Which of the steps is active?", "Current step?", "Which step is being done?",
    "On which step is the assistant?", "What step is shown?",
)
STEPS = (
    "Which steps are there?", "List the steps.", "What are the steps?", "Name the steps of the wizard.",
    "Which steps does it have?", "All steps, in order?", "Read the list of steps.", "Steps?",
)
STEP_COUNT = (
    "How many steps are there?", "How many steps does it have?", "Of how many steps is it?", "Number of steps?",
    "Count the steps.", "How many steps does the wizard have?", "In how many steps is it done?", "How many steps?",
)
KEY_DOES = (
    "What does {key} do?", "What is {key} for?", "{key}?", "Which command is on {key}?",
    "What happens when I press {key}?",
    "Which function has {key}?", "What does the key {key} mean?", "What stands beside {key}?",
    "{key}: what does it do?",
    "Pressing {key} does what?", "Which action has the key {key}?",
)
KEY_FOR = (
    "Which key is for {name}?", "Which key do I press for {name}?", "Key for {name}?", "What is the key for {name}?",
    "How do I get {name}?", "With which key is {name} done?", "{name}: which key?", "Which shortcut has {name}?",
    "What must I press for {name}?", "Which key does {name}?", "Which key stands before {name}?",
)
KEY_COUNT = (
    "How many keys are listed at the bottom?", "How many keys are explained?",
    "How many shortcuts are shown at the bottom?",
    "Count the keys at the bottom.", "How many commands are in the bottom line?", "Number of keys at the bottom?",
    "How many keys does the bottom bar show?", "How many shortcuts does the bottom line list?",
)
KEY_NAMES = (
    "Which commands are listed at the bottom?", "List the commands of the bottom line.",
    "What can be done by the keys at the bottom?", "Read the names in the key bar.",
    "Which functions have keys at the bottom?",
    "Name the commands in the bottom bar, without the keys.", "Commands at the bottom?",
    "Which actions does the bottom line offer?",
)
SETTING = (
    "What is {key} set to?", "What is the value of {key}?", "Which value does {key} have?", "{key}?", "What is {key}?",
    "Value of {key}?", "To what is {key} set?", "What does the file set {key} to?", "Read the value of {key}.",
    "Which value is assigned to {key}?", "What stands after {key}?", "{key} is what?",
)
SETTING_IN = (
    "What is {key} set to in [{part}]?", "What is the value of {key} in the section {part}?",
    "In {part}, what is {key}?",
    "Which {key} does the section {part} have?", "{key} in {part}?", "[{part}]: what is {key}?",
    "What does the section {part} set {key} to?", "Value of {key} under {part}?",
)
SETTING_OF = (
    "Which key has the value {value}?", "What is set to {value}?", "Which setting is {value}?",
    "{value} is the value of what?",
    "Which name is assigned {value}?", "Which option is set to {value}?", "What has the value {value}?",
    "Which key is {value}?",
)
KEYS_IN = (
    "Which keys are in [{part}]?", "List the keys of the section {part}.",
    "Which settings does the section {part} have?",
    "What is set in {part}?", "Name the keys under {part}.", "Keys of [{part}]?",
    "Which options are in the section {part}?",
    "Which names are set in {part}?",
)
KEYS_COUNT = (
    "How many keys are in [{part}]?", "How many settings does the section {part} have?", "Count the keys of {part}.",
    "How many options are set in {part}?", "Number of keys in {part}?", "How many entries has the section {part}?",
    "How many keys does {part} set?", "In {part}, how many keys are set?",
)
SECTIONS = (
    "Which sections does the file have?", "List the sections.", "Which sections are there?",
    "What are the sections called?",
    "Name the sections of the file.", "Sections?", "Read the names of the sections.",
    "Which groups of settings are there?",
)
CURSOR_LINE = (
    "In which line is the cursor?", "On which line is the cursor?", "Which line is the cursor in?",
    "Line of the cursor?",
    "What line number does the status bar show?", "At which line am I?", "What is the current line number?",
    "Which line number is in the status bar?",
)
CURSOR_COLUMN = (
    "In which column is the cursor?", "Which column is the cursor in?", "Column of the cursor?",
    "What column number does the status bar show?", "At which column am I?", "What is the current column?",
    "Which column is in the status bar?", "The cursor is in which column?",
)
# fmt: on
