"""How people ask about what commands print: files, processes, commits, errors, tests, settings."""

# fmt: off
from __future__ import annotations

LAST_COMMAND = (
    "What is the last command?", "Which command was run last?", "What did I type last?", "Read the last command.",
    "Which command did I run most recently?", "What was entered last?", "Quote the last command.",
    "Which command comes last?", "What is the newest command?", "What was the most recent command?",
    "Which command was typed last in the terminal?",
)
FIRST_COMMAND = (
    "What is the first command?", "Which command was run first?", "What did I type first?", "Read the first command.",
    "What was entered first?", "Quote the first command.", "Which command comes first?",
    "Which command was typed first in the terminal?",
)
COMMANDS = (
    "Which commands were run?", "List the commands.", "What commands did I type?", "Name all commands.",
    "Which commands are there?", "Read all commands.", "What was typed?", "What did I enter?",
    "List all commands that were entered.",
)
COMMAND_COUNT = (
    "How many commands were run?", "How many commands were entered?", "Count the commands.",
    "How many commands did I type?", "How many commands do you see?", "Number of commands?",
    "How many commands are there?",
)
WAS_RUN = (
    "Was '{t}' run?", "Was the command '{t}' entered?", "Did someone run '{t}'?", "Is the command '{t}' there?",
    "Did I type '{t}'?", "Has '{t}' been run?",
)
AFTER_COMMAND = (
    "Which command was run after '{c}'?", "What was typed after '{c}'?", "Which command follows '{c}'?",
    "What did I run next after '{c}'?", "After '{c}', which command comes?",
)
BEFORE_COMMAND = (
    "Which command was run before '{c}'?", "What was typed before '{c}'?", "Which command comes before '{c}'?",
    "What did I run just before '{c}'?",
)
OUTPUT = (
    "What did '{c}' print?", "What is the output of '{c}'?", "Read the output of '{c}'.", "What does '{c}' show?",
    "Copy what '{c}' printed.", "What came out of '{c}'?", "Quote the output of '{c}'.", "What did '{c}' return?",
    "What was printed after '{c}'?",
)
OUTPUT_FIRST = (
    "What is the first line that '{c}' printed?", "Read the first line of the output of '{c}'.",
    "What is the first line of the output of '{c}'?", "Which line did '{c}' print first?",
    "What comes right after '{c}'?", "How does the output of '{c}' begin?",
)
OUTPUT_LAST = (
    "What is the last line that '{c}' printed?", "Read the last line of the output of '{c}'.",
    "What is the last line of the output of '{c}'?", "Which line did '{c}' print last?",
    "How does the output of '{c}' end?", "Quote the last line that '{c}' printed.",
)
OUTPUT_COUNT = (
    "How many lines did '{c}' print?", "How many lines of output does '{c}' have?",
    "Count the lines that '{c}' printed.", "How many lines does '{c}' give?",
)
NO_OUTPUT = (
    "Did '{c}' print anything?", "Is there any output of '{c}'?", "Does '{c}' show any output?",
    "Was anything printed by '{c}'?",
)
PRINTED_BY = (
    "Which command printed '{t}'?", "From which command is '{t}'?", "What command gave '{t}'?",
    "After which command is '{t}' printed?", "Of which command is '{t}' the output?",
    "What was run to get '{t}'?", "Which command's output has '{t}'?",
)
PROMPT = (
    "What is the prompt?", "Read the prompt.", "What does the prompt look like?", "Quote the prompt.",
    "Which prompt does the terminal have?", "How does the prompt read?", "What stands before the cursor?",
)
USER = (
    "Which user is logged in?", "Who is logged in?", "What is the user name?",
    "Which user name does the prompt show?",
    "As whom am I logged in?", "Under which user does the terminal run?", "Which user is it?", "Who is the user?",
    "What is the name of the user in the prompt?",
)
HOST = (
    "What is the computer called?", "On which host is this?", "What is the host name?", "Which machine is it?",
    "Which host does the prompt show?", "What is the name of the machine?",
    "On which computer were these commands run?",
    "Which computer am I on?", "Name of the host?",
)
FOLDER = (
    "In which folder is the terminal?", "What is the current directory?", "Which folder is it?", "Where am I?",
    "Which directory does the prompt show?", "What is the working directory?", "In which directory am I now?",
    "What is the current folder?", "Which folder does the last prompt name?",
)
FOLDER_OF = (
    "In which folder was '{c}' run?", "In which directory was '{c}' run?", "Where was '{c}' run?",
    "What was the current folder when '{c}' was run?", "From which directory was '{c}' started?",
    "Which folder does the prompt before '{c}' show?",
)
IS_ROOT = (
    "Is it a root prompt?", "Am I root here?", "Is the user root?", "Does the terminal run as root?",
    "Is root logged in?", "Are these commands run as root?",
)
CLOCK = ("Which time does the last prompt show?", "What time is in the last prompt?",
         "What time does the prompt say?")
BRANCH_PROMPT = ("Which branch does the prompt show?", "What git branch is in the prompt?",
                 "Which branch is named in the prompt?")
STATUS = (
    "What is the exit status of '{c}'?", "Which exit code did '{c}' have?", "With which code did '{c}' end?",
    "What exit code did '{c}' return?", "What is the return code of '{c}'?", "Exit status of '{c}'?",
)
ERROR = (
    "What is the error?", "Read the error.", "What is the error message?", "Which error is shown?",
    "What went wrong?",
    "What does the error say?", "Read the error message.", "Quote the error.",
    "Which error message is in the terminal?",
    "What does it complain about?", "Why did it fail?", "What is the error in the terminal?",
)
ERROR_OF = (
    "What error did '{c}' give?", "Why did '{c}' fail?", "What is the error of '{c}'?", "What went wrong with '{c}'?",
    "Which error message came from '{c}'?", "What does '{c}' complain about?", "Quote the error of '{c}'.",
    "What did '{c}' say went wrong?",
)
FIRST_ERROR = (
    "What is the first error?", "Read the first error.", "What does the first error say?",
    "Which error is reported first?", "Quote the first error message.",
)
ERROR_FILE = (
    "In which file is the error?", "Which file has the error?", "Which file does the error name?",
    "What is the name of the file with the error?", "In what file did it go wrong?", "Which source file is faulty?",
)
ERROR_LINE = (
    "On which line is the error?", "Which line number does the error name?",
    "In which line of the file is the error?",
    "On what line of {f} is the error?", "Line number of the error?", "Which line of {f} is wrong?",
    "What is the line number in the error message?", "In which line of {f} did it fail?",
    "At which line does the error occur?",
)
ERROR_KIND = (
    "What type of error is it?", "Which kind of error is raised?", "Which exception was raised?",
    "What is the error's type?", "What is the exception called?", "Which exception ends the program?",
)
ERROR_WHERE = (
    "In which function did it fail?", "Which function raised the error?", "In which function is the error?",
    "Which function does the traceback end in?",
)
ERROR_COLUMN = ("At which column is the error?", "Which column does the error name?", "Column of the error?")
ERROR_COUNT = (
    "How many errors are reported?", "How many errors are there?", "Count the errors.",
    "How many errors did the compiler find?", "Number of errors?",
)
WARNING_COUNT = ("How many warnings are there?", "How many warnings are reported?", "Count the warnings.",
                 "Number of warnings?")
FAILED = (
    "Did a command fail?", "Does it show an error?", "Did anything go wrong?", "Was there an error?",
    "Is an error shown?", "Is there an error in the terminal?",
)
WHICH_FAILED = (
    "Which command failed?", "Which command gave an error?", "Which of the commands failed?",
    "What did I type that failed?", "Which command did not work?", "Which command caused the error?",
)
MISSING_FILE = ("Which file was not found?", "Which file is missing?", "What could not be found?",
                "Which file or directory does not exist?", "What does not exist?")
MISSING_COMMAND = ("Which command was not found?", "Which program is not installed?", "Which command does not exist?",
                   "Which program could not be found?")
DENIED = ("To what was access denied?", "For which file or folder was permission denied?",
          "What am I not allowed to access?", "Where was permission denied?")
MISSING_MODULE = ("Which module is missing?", "Which module could not be found?", "What could not be imported?",
                  "Which Python module is not installed?")

SIZE = ("How large is {k}?", "What is the size of {k}?", "How big is {k}?", "Size of {k}?",
        "What size does {k} have?", "Which size is shown for {k}?", "How much space does {k} take?")
OWNER = ("Who owns {k}?", "Which user owns {k}?", "Who is the owner of {k}?", "Owner of {k}?",
         "To whom does {k} belong?")
GROUP = ("Which group does {k} belong to?", "What is the group of {k}?", "Group of {k}?")
CHANGED = ("When was {k} last changed?", "What is the date of {k}?", "Which date does {k} have?",
           "When was {k} modified?", "Date of {k}?", "What date is shown for {k}?")
MODE = ("What are the permissions of {k}?", "Which permissions does {k} have?", "Permissions of {k}?",
        "What is the mode of {k}?", "Read the permissions of {k}.")
LINKS = ("How many links does {k} have?", "What is the link count of {k}?")
LARGEST = ("Which file is the largest?", "What is the largest file?", "Which of the files is largest?",
           "Name the largest file.", "Which file takes the most space?")
LARGEST_ENTRY = ("Which entry is the largest?", "What takes the most space?", "Which is the largest?",
                 "Name the largest entry.", "What uses the most space?")
SMALLEST = ("Which file is the smallest?", "What is the smallest file?", "Name the smallest file.")
IS_FOLDER = ("Is {k} a folder?", "Is {k} a directory?")
FOLDERS = ("Which folders are listed?", "List the folders.", "Which of the entries are directories?",
           "Name the directories.", "Which subfolders are there?")
FOLDER_COUNT = ("How many folders are listed?", "How many directories are there?", "How many subfolders are there?",
                "Count the directories.")
TOTAL = ("What is the total?", "Which total does the listing show?", "What does the line 'total' say?",
         "What is the total at the top of the listing?")
LISTED = ("Which {n} are listed?", "List the {n}.", "Name the {n}.", "Which {n} are there?", "What are the {n}?",
          "Give me the names of the {n}.", "Which {n} does it list?")
COUNT = ("How many {n} are listed?", "How many {n} are there?", "Count the {n}.", "How many {n} do you see?",
         "How many {n} does '{c}' list?", "Number of {n}?", "How many {n} does it show?")
IS_LISTED = ("Is {k} listed?", "Is there a line for {k}?", "Does the output list {k}?", "Do you see {k} in the list?",
             "Is {k} among the {n}?", "Is {k} one of the {n}?")
CELL = ("What is the {c} of {k}?", "Which {c} does {k} have?", "{k}: what {c}?", "Look up {c} for {k}.",
        "In the row of {k}, what is {c}?", "Read {c} in the row {k}.", "What stands under {c} for {k}?",
        "{c} of {k}?", "Tell me the {c} of {k}.", "What does it say under {c} for {k}?")
BY_CELL = ("Which {f} has {c} {v}?", "In which row is {c} {v}? Say its {f}.", "For which {f} is {c} {v}?",
           "Whose {c} is {v}? Give the {f}.", "Where does it say {v} under {c}? Name the {f}.")
ROW_TEXT = ("Read the row of {k}.", "What does the row of {k} say?", "Quote the line of {k}.",
            "Copy the line with {k}.")
TO_JSON = ("Give the row of {k} as JSON.", "Return the row of {k} as JSON.",
           "Write the line of {k} as a JSON object.",
           "Turn the row {k} into JSON with the column names as keys.")
FIRST_ROW = ("Which {f} is in the first row?", "What is the first {f}?", "Which {f} comes first in the list?",
             "What is the {f} in the first row below the header?")
LAST_ROW = ("Which {f} is in the last row?", "What is the last {f}?", "Which {f} comes last in the list?")
HIGHEST = ("Which {f} has the highest {c}?", "Which {f} has the largest {c}?", "For which {f} is {c} highest?",
           "What is the {f} with the highest {c}?")

VALUE = ("What is the value of {k}?", "What is {k}?", "What does it say for {k}?", "Read {k}.", "{k}?",
         "What is {k} set to?", "Which value does {k} have?", "What stands after {k}?", "Value of {k}?",
         "Tell me {k}.", "Look up {k}.")
SETTING = ("What is {k} set to?", "What is the value of {k}?", "Which value does {k} have?", "{k} is set to what?",
           "What does the file say for {k}?", "Read the setting {k}.", "Value of {k}?", "What has been set for {k}?")
SETTING_WITH = ("Which setting has the value {v}?", "What is set to {v}?", "Which key has the value {v}?",
                "Which entry says {v}?")
HAS_KEY = ("Is there a setting {k}?", "Is {k} set?", "Does the file set {k}?", "Is {k} in the file?")

AUTHOR = ("Who is the author of commit {k}?", "Who made commit {k}?", "Who wrote {k}?", "Author of {k}?",
          "Who committed {k}?")
AUTHOR_OF = ("Who made the commit '{k}'?", "Who wrote '{k}'?", "Who is the author of '{k}'?", "Who committed '{k}'?")
SUBJECT = ("What is the message of commit {k}?", "What does commit {k} say?", "What is the commit message of {k}?",
           "Read the message of {k}.", "What was done in commit {k}?", "Which message does {k} have?")
HASH = ("What is the hash of the commit '{k}'?", "Which commit is '{k}'?", "Which hash does '{k}' have?",
        "Give the hash of the commit '{k}'.", "Commit hash of '{k}'?")
COMMIT_DATE = ("When was the commit '{k}' made?", "What is the date of the commit '{k}'?",
               "Date of the commit '{k}'?", "When did '{k}' happen?")
LATEST = ("What is the newest commit?", "What is the latest commit message?", "What does the latest commit say?",
          "What is the message of the most recent commit?", "Read the message of the newest commit.")
ON_BRANCH = ("Which branch is checked out?", "On which branch am I?", "What is the current branch?",
             "Which branch is it?", "Name of the current branch?", "Which branch is active?")
MODIFIED = ("Which files are modified?", "Which files have been changed?", "List the modified files.",
            "What has been modified?", "Name the changed files.")
UNTRACKED = ("Which files are untracked?", "List the untracked files.", "Which files does git not track?",
             "What is not tracked?", "Name the untracked files.")
STAGED = ("Which files are staged?", "What will be committed?", "Which changes are to be committed?",
          "List the staged files.")
MODIFIED_COUNT = ("How many files are modified?", "How many files have been changed?", "Count the modified files.")
UNTRACKED_COUNT = ("How many files are untracked?", "How many untracked files are there?",
                   "Count the untracked files.")
PASSED = ("How many tests passed?", "How many tests were successful?", "Number of passed tests?",
          "How many of the tests passed?")
FAILED_TESTS = ("How many tests failed?", "Number of failed tests?", "How many of the tests failed?",
                "How many failures are there?")
RAN_TESTS = ("How many tests were run?", "How many tests ran?", "Number of tests that were run?")
FAILED_NAMES = ("Which tests failed?", "List the failed tests.", "Name the tests that failed.",
                "Which test cases fail?")
TOOK = ("How long did the tests take?", "How long did it take?", "In how many seconds did the tests run?")
TEST_RESULT = ("Did {k} pass?", "Did the test {k} pass?", "Was {k} successful?", "Has {k} passed?")
ALL_PASSED = ("Did all tests pass?", "Were all tests successful?", "Have all tests passed?")
LOSS = ("What is the packet loss?", "How many percent of the packets were lost?", "How much packet loss is there?")
SENT = ("How many packets were transmitted?", "How many packets were sent?", "Number of packets sent?")
RESULT = ("What is the result of {e}?", "What does {e} give?", "What is the value of {e}?", "What came out for {e}?",
          "Which result does {e} have?", "{e} gives what?")
LEVEL_COUNT = ("How many lines have the level {t}?", "How many {t} lines are there?", "Count the {t} entries.",
               "How many entries are marked {t}?", "How many times does it log {t}?",
               "How many {t} entries are shown?")
HAS_LEVEL = ("Is there an entry with {t}?", "Are there any {t} lines?", "Do you see a line with {t}?",
             "Is anything logged as {t}?", "Does the log contain {t}?")
LOGGED_AT = ("What was logged at {t}?", "What happened at {t}?", "What does the log say at {t}?",
             "Which message was logged at {t}?", "Read the log entry of {t}.")
WHEN_LOGGED = ("When was '{m}' logged?", "At what time did '{m}' happen?", "What is the time of the entry '{m}'?",
               "Which time stands before '{m}'?")
ONLY_LEVEL = ("What does the {t} line say?", "Which message has the level {t}?", "Read the {t} entry.",
              "What was logged as {t}?")
PROGRAM = ("Which program is running in the terminal?", "Which program is it?", "What program is running?",
           "What is the name of the program?", "Which program fills the terminal?", "Which tool is shown?")
OPEN_FILE = ("Which file is open?", "Which file is shown?", "What is the file called?", "Name of the open file?",
             "Which file is being read?", "What file is it?")
CODE_AT = ("What is on line {n} of the file?", "What does line {n} of the file say?", "Read line {n} of {f}.",
           "Which code is on line {n}?", "What stands on the line with the number {n}?")
LINE_OF = ("What is the line number of '{t}'?", "On which line of the file is '{t}'?", "Which line number has '{t}'?",
           "Which number stands before '{t}'?")
LINE_NUMBER_N = (
    "What is on line {n}?", "Read line {n}.", "What does line {n} say?", "Line {n}?", "Quote line {n}.",
    "What does the line number {n} say, counted from the top?", "Counted from the top, what is on line {n}?",
    "Count the lines from the top: what is on line {n}?", "What stands on line {n} of the terminal?",
    "Which text is on line {n} of the screen?", "Copy line {n} from the top.", "What is written on line {n}?",
)
LINE_FROM_TOP = (
    "What is on the {nth} line?", "Read the {nth} line.", "What does the {nth} line say?", "The {nth} line?",
    "What is the {nth} line from the top?", "Read the {nth} line from above.", "Quote the {nth} line.",
    "Which line is the {nth} from the top?", "What does the terminal show on its {nth} line?",
    "Counted from the top, what does the {nth} line say?", "What stands on the {nth} line of the window?",
)
LINE_FROM_BELOW = (
    "What is the {nth} line from the bottom?", "Read the {nth} line from the bottom.",
    "What does the {nth} line from below say?", "Counted from the bottom, what does the {nth} line say?",
    "Which line is the {nth} from the bottom?", "Quote the {nth} line from the end.",
    "What is on line {n} from the bottom?", "Read line {n}, counted from the bottom.",
    "Line {n} from below, counting the lowest as 1?", "Count from the bottom: what is on line {n}?",
)
LINE_NUMBER_OF = (
    "On which line from the top is '{t}'?", "Which line is '{t}', counted from the top?", "On which line is '{t}'?",
    "What is the number of the line '{t}'?", "Count the lines: on which one does it say '{t}'?",
    "Which number does the line '{t}' have?", "Line number of '{t}', counted from the top?",
    "In which line of the terminal do you read '{t}'?",
)
NUMBER_FROM_BELOW = (
    "Which line from the bottom is '{t}'?", "Counted from the bottom, which line is '{t}'?",
    "'{t}' is which line from the bottom? Give its number, the lowest line being 1.",
    "On which line from the bottom is '{t}'?", "Count from the bottom: which line says '{t}'?",
)
LINE_NOT_EMPTY = (
    "What is the {nth} line that is not empty?", "Read the {nth} non-empty line.",
    "Without counting empty lines, what is on line {n}?", "What does the {nth} non-empty line say?",
    "Not counting blank lines, what does line {n} say?", "Read line {n}, leaving out empty lines.",
    "The {nth} non-empty line?", "Quote the {nth} line with text in it.",
    "What is the {nth} line of text from the top?",
)
LINE_WITH_EMPTY = (
    "Counting empty lines, too, what is on line {n}?", "Read line {n}; blank lines count.",
    "What does line {n} say if empty lines are counted?", "What is on line {n}, blank lines included?",
    "Read the {nth} line, counting blank ones as well.",
)
NOT_EMPTY_FROM_BELOW = (
    "What is the {nth} non-empty line from the bottom?",
    "Read the {nth} line from the bottom, not counting empty lines.",
    "Without blank lines, what is line {n} from the bottom?", "What does the {nth} non-empty line from below say?",
    "Counted from the bottom without empty lines, what does line {n} say?",
)
NUMBER_NOT_EMPTY = (
    "Not counting empty lines, on which line is '{t}'?", "Which non-empty line from the top is '{t}'?",
    "Without blank lines, what is the number of the line '{t}'?", "'{t}' is which line, empty ones left out?",
    "Count the non-empty lines: on which one does it say '{t}'?",
)
NUMBER_NOT_EMPTY_BELOW = (
    "Not counting empty lines, which line from the bottom is '{t}'?", "Which non-empty line from the bottom is '{t}'?",
    "Count the non-empty lines from the bottom: which one says '{t}'?",
)
LINE_BELOW = (
    "What is the line after '{t}'?", "Read the line after the one that says '{t}'.", "Which line comes after '{t}'?",
    "What does the line below '{t}' say?", "Read the next line after '{t}'.", "Which line is right below '{t}'?",
    "What stands in the line under '{t}'?", "Find '{t}' and read the line after it.",
)
LINE_ABOVE = (
    "What is the line before '{t}'?", "Read the line before the one that says '{t}'.",
    "Which line comes before '{t}'?",
    "What does the line above '{t}' say?", "Which line is right above '{t}'?", "Read the line above '{t}'.",
    "What stands in the line over '{t}'?", "Find '{t}' and read the line before it.",
)
NOT_EMPTY_BELOW = (
    "Which non-empty line comes after '{t}'?", "What is the next line with text after '{t}'?",
    "Leaving out blank lines, what comes after '{t}'?", "Read the next non-empty line after '{t}'.",
)
NOT_EMPTY_ABOVE = (
    "Which non-empty line comes before '{t}'?", "What is the last line with text before '{t}'?",
    "Leaving out blank lines, what comes before '{t}'?", "Read the non-empty line before '{t}'.",
)
LINES_WITH = (
    "How many lines contain '{t}'?", "In how many lines is the word '{t}'?", "Count the lines with '{t}'.",
    "How many lines say '{t}'?", "How many of the lines have '{t}' in them?", "In how many lines do you read '{t}'?",
    "How many lines have the word '{t}'?", "Number of lines with '{t}'?",
)
IS_SET = ("Is {k} set to {v}?", "Is the value of {k} {v}?", "Does {k} have the value {v}?", "Is {v} the value of {k}?",
          "Does it say {v} for {k}?")
IS_CELL = ("Is the {c} of {k} {v}?", "Does {k} have the {c} {v}?", "Is {v} the {c} of {k}?",
           "In the row of {k}, is the {c} {v}?")
ENDING_COUNT = ("How many {e} files are listed?", "How many names end in {e}?", "How many files end in {e}?",
                "Count the {e} files.", "How many {e} files do you see?", "Number of {e} files?")
ENDING = ("Which {e} files are listed?", "List the {e} files.", "Which names end in {e}?", "Name the {e} files.",
          "Which of the files end in {e}?")
