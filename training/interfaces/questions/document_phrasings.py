"""How people ask about what they read: paragraphs, sentences, code, lists, definitions, notices, tiles."""

# fmt: off
from __future__ import annotations

PARAGRAPH = (
    'What does the {nth} paragraph under "{h}" say?', "Copy the {nth} paragraph of the section {h}.",
    'Read the {nth} paragraph below the heading "{h}".', "Quote the {nth} paragraph under {h}.",
    'Write out the {nth} paragraph in "{h}".', 'The {nth} paragraph after the heading "{h}": what does it say?',
    "Transcribe the {nth} paragraph under {h}.",
)
PARAGRAPH_WITH = (
    'Copy the paragraph that begins with "{b}".', 'Read the whole paragraph that starts with "{b}".',
    'Quote the paragraph beginning with "{b}".', 'What does the paragraph say that begins "{b}"?',
    'Write out the paragraph that starts "{b}".', 'The paragraph "{b} ...": give me all of its text.',
    'Transcribe the paragraph starting with "{b}".',
)
FIRST_SENTENCE = (
    'What is the first sentence under "{h}"?', "How does the section {h} begin? Quote its first sentence.",
    'Read the first sentence below the heading "{h}".', 'Copy the first sentence of "{h}".',
    "What is the first thing that is said under {h}? Quote the sentence.", 'With which sentence does "{h}" begin?',
)
SENTENCE_OF = (
    'What is the {nth} sentence of the paragraph that begins with "{b}"?',
    'Quote the {nth} sentence of the paragraph starting with "{b}".',
    'In the paragraph that begins "{b}", what does the {nth} sentence say?',
    'Copy the {nth} sentence of the paragraph "{b} ...".',
)
SENTENCE_WITH = (
    'Quote the sentence that contains "{w}".', 'Which sentence has "{w}" in it? Copy it.',
    'Copy the sentence with the word "{w}".', 'In which sentence does "{w}" occur? Quote it.',
    "What does the text say about {w}? Quote the sentence.", "Find the sentence that mentions {w} and copy it.",
)
LINE_OF = (
    'What is the {nth} line of the paragraph that begins with "{b}"?',
    'Read the {nth} line of the paragraph starting with "{b}".',
    'Copy only the {nth} line of the paragraph "{b} ...".',
    'As it is wrapped here, what is the {nth} line of the paragraph that begins "{b}"?',
)
LINES_OF = (
    'How many lines does the paragraph have that begins with "{b}"?',
    'How many lines long is the paragraph starting with "{b}"?',
    'Count the lines of the paragraph that begins "{b}".',
)
HEADING_ABOVE = (
    'Under which heading is the paragraph that begins with "{b}"?', 'Which section has the paragraph "{b} ..."?',
    'In which section does it say "{b}"?', 'What is the heading above the paragraph starting with "{b}"?',
    'Which heading stands above "{b} ..."?',
)
NEXT_HEADING = (
    'Which heading comes after "{h}"?', "What is the next heading below {h}?", 'Which section follows "{h}"?',
    'What is the heading of the section after "{h}"?',
)
BEFORE_HEADING = (
    'Which heading comes before "{h}"?', "What is the heading directly above {h}?", 'Which section is before "{h}"?',
)
MENTIONED = (
    'Is "{w}" mentioned in the text?', 'Does the text mention "{w}"?', 'Does the word "{w}" occur on the page?',
    "Is there anything about {w} in the text?", 'Can I read the word "{w}" somewhere here?',
)
CODE = (
    "Copy the code.", "What does the code block say?", "Write out the code example.", "Read the code block.",
    "Give me the code that is shown.", "Transcribe the code.", "What is in the block of code?",
)
CODE_UNDER = (
    'Copy the code under "{h}".', 'What is the code example in the section "{h}"?', "Write out the code below {h}.",
    'Read the block of code under "{h}".', "Give me the code of the section {h}.",
)
CODE_LINE = (
    "What is the {nth} line of the code?", "Read line {n} of the code block.", "Copy the {nth} line of the code.",
    "What does the {nth} line of the code example say?", "Which code stands in the {nth} line of the block?",
)
CODE_LINE_WITH = (
    "Which line of the code comes after `{l}`?", "What is the next line of the code after `{l}`?",
    "In the code, what stands below `{l}`?", "Which line of code is directly below `{l}`?",
)
CODE_LINES = (
    "How many lines does the code have?", "How many lines of code are shown?", "Count the lines of the code block.",
    "How long is the code example, in lines?",
)
ITEM = (
    'What is the {nth} item of the list under "{h}"?', 'Read the {nth} bullet point under "{h}".',
    "Copy the {nth} point of the list below {h}.", 'What does the {nth} list item under "{h}" say?',
)
ITEM_ALONE = (
    "What is the {nth} item of the list?", "Read the {nth} bullet point.", "Copy the {nth} point of the list.",
    "What does the {nth} list item say?", "Which point is listed {nth}?",
)
ITEM_WITH = (
    'Read the list item that begins with "{b}".', 'Copy the bullet point that starts with "{b}".',
    'What does the point of the list say that begins "{b}"?', 'Quote the list item starting with "{b}".',
)
ITEM_NEXT = (
    'Which list item comes after "{b} ..."? Copy it.', 'Read the bullet point below the one that begins with "{b}".',
    'What does the item after "{b} ..." say?',
)
ITEMS = (
    'How many items does the list under "{h}" have?', "How many points are listed under {h}?",
    'Count the bullet points under "{h}".', 'How many list items are there below "{h}"?',
)
ITEMS_ALONE = (
    "How many bullet points are there?", "How many items does the list have?", "Count the items of the list.",
    "How many points does the list have?", "How many list items do you see?",
)
DEFINITION = (
    'What does it say about "{k}"?', "How is {k} described?", 'Copy the description of "{k}".',
    'What is written for "{k}"?', 'What does the text beside or below "{k}" say?', "How is {k} explained?",
    'Quote what is said about "{k}".', 'Which description does "{k}" have?',
)
DEFINITION_BACK = (
    'What is described with "{b} ..."?', 'What has the description "{b} ..."?',
    'Which term is explained with "{b} ..."?', 'To what does the description "{b} ..." belong?',
)
LONG_CELL = (
    'What does the column "{c}" say for "{k}"?', 'Copy the {c} of "{k}".', "Read the {c} of {k}.",
    'Quote what stands under "{c}" in the row "{k}".', "What is the {c} of {k}?",
)
NOTICE = (
    "What does the {n} say?", "Quote the {n}.", "Copy the text of the {n}.", "What does one learn from the {n}?",
    'What does the box titled "{t}" say?', "Read the {n}.",
)
HAS_NOTICE = (
    'Is there a box titled "{t}"?', "Does the page show a {n}?", "Is there a {n} on the page?", "Do you see a {n}?",
)
MESSAGE_WITH = (
    'What does the message say that begins with "{b}"?', 'Copy the alert that starts with "{b}".',
    'Read the notice beginning with "{b}".', 'Quote the message that starts "{b}".',
)
CRUMBS = (
    "Read the breadcrumb.", "Which path does the breadcrumb show?", "What are the parts of the breadcrumb?",
    "List the levels of the breadcrumb navigation.", "Which pages are in the breadcrumb trail?",
)
LAST_CRUMB = (
    "With which page does the breadcrumb end?", "What is the last part of the breadcrumb?",
    "According to the breadcrumb, on which page am I?", "Which page is last in the breadcrumb trail?",
)
CRUMB_ABOVE = (
    "In the breadcrumb, what stands before {k}?", 'Which page is one level above "{k}" in the breadcrumb?',
    'Which part of the breadcrumb comes before "{k}"?',
)
HINT = (
    "What does the search box say while it is empty?", "Which hint is in the search field?",
    "What is the placeholder of the search box?", "What stands in grey in the search field?",
    "Which text is in the empty search box?",
)
HINT_ALONE = (
    "Which hint is in the empty field?", "What is the placeholder of the field?",
    "What stands in grey in the empty field?", "What does the placeholder say?",
)
ERROR_OF = (
    'Which error is shown for "{k}"?', "What is wrong with {k}? Quote the message.",
    'Quote the error message of the field "{k}".', 'What does the error below "{k}" say?',
)
ERROR = (
    "Which error is shown?", "Quote the error message.", "What does the error message say?", "Copy the error.",
    "What is wrong? Quote the message.",
)
PRICE = (
    "How much is {k}?", "What does {k} cost?", 'What is the price of "{k}"?', 'Which price is shown for "{k}"?',
    "Price of {k}?", 'For how much is "{k}" offered?',
)
PRICE_BACK = (
    "What costs {v}?", "Which offer costs {v}?", "What is offered for {v}?", 'What has the price "{v}"?',
)
PRICES_JSON = (
    'Give the names and prices as JSON: [{{"name": string, "price": string}}].',
    'List what is offered as JSON like [{{"name": string, "price": string}}].',
    'As JSON, please: [{{"name": string, "price": string}}] for each offer.',
)
TILES = (
    "How many {n} are shown?", "How many {n} do you see?", "Count the {n}.", "How many {n} are there?",
)
TILE_TITLES = (
    "Which {n} are shown? Give their titles.", "List the titles of the {n}.", "Name the {n}.",
    "What are the {n} called?",
)
TILE_NTH = (
    "What is the title of the {nth} of the {n}?", "What is the {nth} of the {n} called?",
    "Read the title of the {nth} of the {n}.",
)
VERSION = (
    "Which version is mentioned?", "Which version does the page name?", "What is the version number?",
    "Which version is this about?",
)
UPDATED = (
    "When was the page last updated?", "What is the date of the last update?", "Which date has the last change?",
    "When was this last changed?",
)
PARAGRAPHS = (
    'How many paragraphs are under "{h}"?', "How many paragraphs does the section {h} have?",
    'Count the paragraphs below the heading "{h}".', 'Of how many paragraphs does "{h}" consist?',
)
SENTENCES = (
    'How many sentences does the paragraph have that begins with "{b}"?',
    'Count the sentences of the paragraph starting with "{b}".',
    'Of how many sentences does the paragraph "{b} ..." consist?',
)
PAIR_IS = (
    'Is "{v}" given for {k}?', "Is {k} {v}?", 'Does it say "{v}" for "{k}"?', 'Is the value of "{k}" {v}?',
)
PAIRS_JSON = (
    "Give this as JSON: {schema}", "Fill in this JSON from the page: {schema}", "As JSON, please: {schema}",
    "Read the values and answer with JSON like {schema}", "Extract {schema} as JSON.",
)
# fmt: on
