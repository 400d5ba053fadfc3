"""The generator's English: stems that grow into about 2,600 words by inflection, and names of all sorts.

`vocabulary(split)` divides every list by a hash of its entries, so that a seventh of them is held out.
"""

# ruff: noqa: SIM905 - lists of words are easier to read and to extend without quotes

from __future__ import annotations

import functools
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from training.screens.records import Split

NOUNS = """account address afternoon air album angle animal answer apple archive area arm army arrow article artist
atom autumn backup bag ball balloon band bank basket battery beach bean bed bell bench bicycle bill bird block board
boat body bolt bone book border bottle bowl box brain branch brand bread breakfast bridge brother browser bucket budget
buffer building bus business butter cabin cabinet cable cache cake calendar camera camp candle captain card carpet
castle cat cause cave ceiling cell center century certificate chain chair channel chapter cheese chest chicken child
circle city class clerk client clock cloud club coast coat code coffee coin collar color column comment company
computer concert connection contact container corner cotton country course cousin cow crowd crystal cup curtain cycle
dance daughter day deck degree desert design desk detail device dinner direction director disk distance doctor document
dog domain door dream dress driver drum duck ear earth editor effect egg elbow email engine entry error event example
exercise expert face factory family farm farmer father feather field figure file filter finger fire fish flag floor
flower folder food foot forest form frame friend fruit function future game garage garden gate gift glass glove goal
gold graph grass group guest guide guitar hair hall hammer hand harbor hat head header heart hill history hobby holiday
home honey horse hospital hotel hour house husband ice idea image index ingredient insect invoice iron island jacket
job journey judge juice jungle kernel key keyboard king kitchen kite knee knife label ladder lake lamp land language
laptop layer leader leaf leather lesson letter level library license light limit line lion list lock log lunch machine
magnet mail manager map market mask matrix matter meadow meal measure meeting member memory menu message metal meter
middle milk mill mind minute mirror mode model module moment money monitor month moon morning mother motor mountain
mouse mouth movie museum music nail name nation neck needle neighbor nest network night node noise north nose note
novel number nurse object ocean office oil option orange order organ oven owner package page paint pair palace panel
paper parent park part partner password patch path pattern payment peace pen pencil people pepper phone photo piano
picture pillow pilot pipe pixel plan planet plant plate player plugin pocket poem point police pool port position
potato powder power president price printer prize problem process product profile program project purpose quality
queen quarter query queue rabbit race radio rain range reader reason receipt record region report request result rice
ring river road robot rocket roof room root rope route row rule salad salt sand scale scene school science screen
script sea season seat second section seed sensor server service session shadow shape share sheet shelf ship shirt
shoe shop shoulder side signal silver singer sister size skill skin sky snow soap society socket soil soldier song soup
south space speaker spider spoon spring square stage star state station steam steel step stick stomach stone store
storm story stream street student studio subject sugar suit summer sun surface sweater switch symbol system table task
taxi tea teacher team telephone temple test theme thread thumb ticket tiger timer token tomato tongue tool tooth topic
tower town toy track trade train tree triangle truck trunk tube tunnel uncle unit update user valley value vector
vehicle version video village violin visitor voice volume wagon wall watch water wave weather wedding week weight wheel
widget wife wind window wing winter wire wolf wood wool word worker world yard year zebra zone""".split()

VERBS = """accept add adjust admire agree allow announce appear apply argue arrange arrive ask attach attack avoid bake
balance believe belong boil borrow bother bounce breathe brush build burn call cancel carry change charge check cheer
choose clean clear climb close collect combine compare compile complain complete compress confirm connect consider copy
correct count cover crash create cross decide decorate defend delay delete deliver depend describe destroy detect
develop disable discover divide download drag dry earn edit encourage end enjoy enter escape exclude exist expand
expect explain explore export extend extract fail fasten fetch fill find finish fix float fold follow force format
gather generate glow grab greet guess handle happen hate help hope hunt hurry identify ignore imagine import improve
include increase inform insert install invite join jump kick knock laugh launch learn like listen load look love
maintain manage mark match measure melt mention merge mix modify mount move need notice obey observe obtain offer open
optimize pack paint park paste pause perform permit pick play point polish pour practice prefer prepare press prevent
print produce promise protect provide publish pull push race reach realize receive recover reduce reflect refresh
refuse register reject relax release rely remain remember remind remove rename repair repeat replace reply report
request require rescue reset resize resolve restart restore retry return review roll rush sail save scan search select
send separate serve settle shake share shout sign skip smile sort start stay stop store stretch study submit succeed
suggest support surprise switch talk taste terminate test thank tie touch trace train transfer travel treat trust try
turn type unlock unpack update upgrade upload use validate verify visit wait walk want warn wash watch wonder work
wrap yell zoom""".split()

ADJECTIVES = """able active actual ancient angry automatic average basic blank bold brave brief bright broad broken busy
calm careful central certain cheap clever cold common complex cool correct corrupt crazy curious current dangerous dark
deep default different digital dim direct double dry dull early easy elegant empty entire equal exact external extra
fair false famous fancy fast final fine firm flat foreign formal free fresh full funny gentle global good grand great
half happy hard heavy helpful hidden high hollow honest hot huge hungry idle important initial internal invalid large
late lazy legal little local lonely long loose loud lucky main major manual minor missing modern mutual narrow native
natural neat nervous new nice noisy normal obvious odd old optional original outer pale partial perfect plain pleasant
polite poor popular possible previous primary private proper proud public pure quick quiet random rapid rare raw ready
real recent regular remote rich ripe rough round royal sad safe secure separate serious shared sharp short shy silent
similar simple slow small smart smooth soft solid special stable steady steep strange strict strong sudden sweet swift
tall temporary tender thick thin tight tiny tired total tough true typical unique unknown useful usual valid various
vast visible warm weak weird wet wide wild wise wooden wrong young""".split()

ADVERBS = """about above across after again almost along already also always among around away because before behind
below beside between beyond during early either enough even ever every far forever here indeed inside instead just
later maybe meanwhile more most much near never nothing now often once only outside over perhaps quite rather really
seldom since sometimes soon still then there therefore through today together tomorrow tonight too toward under until
upon very when where while within without yesterday yet""".split()

FIRST_NAMES = """Ada Alan Alice Amara Amit Ana Anton Astrid Beatriz Ben Boris Carla Chen Clara Daniel Diego Elena Elif
Emil Emma Erik Farah Felix Fiona Frida George Grace Hana Hassan Hugo Ibrahim Ines Ingrid Ivan Jack Jan Jonas Julia
Kamal Karin Kenji Laura Leila Leo Linda Lucas Maria Marta Max Mei Milan Mina Nadia Nina Noah Oliver Olga Omar Oscar
Paula Pedro Petra Quentin Rachel Raj Rosa Ruth Samir Sara Sofia Sven Tara Theo Tom Uma Vera Victor Wanda Wei Xenia
Yusuf Zoe""".split()

LAST_NAMES = """Adams Ahmed Almeida Anders Baker Bauer Becker Bell Berg Bianchi Brown Carter Castro Chan Clark Costa
Cruz Diaz Dubois Duarte Evans Farkas Fischer Fox Garcia Gomez Gray Green Haas Hall Hansen Hill Horvat Ito Jansen Jensen
Jones Kaya Keller Khan Kim King Klein Kovacs Kumar Lange Larsen Lee Lopez Marino Martin Meyer Miller Moreau Mori Nakata
Nguyen Novak Olsen Ortiz Park Patel Perez Peters Quinn Ramos Reed Rossi Sato Schmidt Silva Singh Smith Stone Sousa
Tanaka Taylor Torres Turner Varga Vogel Wagner Walker Weber White Wilson Wolf Wong Wright Yilmaz Young Zhang""".split()

PLACES = """Aalborg Basel Bergen Bilbao Bonn Bristol Cairo Cork Cusco Dakar Delhi Denver Dublin Geneva Genoa Ghent Graz
Hanoi Havana Jena Kiel Kyoto Lagos Leeds Lima Lisbon Lyon Madrid Malmo Milan Nairobi Naples Nice Osaka Oslo Oxford
Paris Porto Prague Quito Riga Rome Seoul Split Sydney Tampa Tokyo Turin Utrecht Vienna Warsaw York Zurich""".split()

APPS = """Amberbox Archivist Atlas Beacon Binder Blueprint Calculator Canvas Cobalt Compass Console Courier Cricket
Dockyard Editor Ember Explorer Falcon Fieldnotes Files Firefly Foundry Gazette Granite Harbor Hexpad Inkwell Juniper
Keyring Lantern Ledger Lighthouse Mailbox Maple Mapper Marble Meridian Monitor Mosaic Notepad Orchard Outpost Packer
Paintbrush Paperclip Pelican Pinboard Player Quill Radar Recorder Relay Sandbox Scanner Scribe Sketchpad Sparrow
Spindle Studio Tempo Terminal Thicket Timber Toolbox Tracker Viewer Voyager Wavelet Workbench Zephyr""".split()

GOODS = """Almonds Apples Apricots Bacon Bagels Bananas Basil Beans Beer Beetroot Biscuits Bread Broccoli Brushes Butter
Cabbage Candles Carrots Cashews Celery Cereal Cheese Cherries Chicken Chips Chocolate Cider Coffee Cookies Cream
Cucumber Dates Detergent Eggs Envelopes Figs Flour Foil Garlic Ginger Glue Grapes Gum Ham Honey Hummus Jam Juice
Ketchup Kiwis Lamp Leeks Lemons Lentils Lettuce Limes Mangos Matches Melon Milk Mints Muffins Mushrooms Mustard Napkins
Noodles Notebook Nuts Oats Oil Olives Onions Oranges Paprika Pasta Peaches Pears Peas Pencils Pepper Pickles Plums
Popcorn Potatoes Prunes Pumpkin Radish Raisins Rice Rolls Salad Salmon Salt Sausage Shampoo Soap Soda Spinach Sponge
Sugar Sushi Tape Tea Toast Tofu Tomatoes Towels Tuna Turkey Vinegar Waffles Walnuts Water Wine Yeast Yogurt""".split()

EXTENSIONS = "txt pdf png csv json log zip py c html docx xlsx cfg md toml mp3 svg tar.gz iso db so jpg xml ini".split()

_VOWELS = "aeiou"


@dataclass(frozen=True)
class Vocabulary:
    """The words of one split, to choose from at random."""

    words: Sequence[str]
    nouns: Sequence[str]
    verbs: Sequence[str]
    adjectives: Sequence[str]
    first_names: Sequence[str]
    last_names: Sequence[str]
    places: Sequence[str]
    apps: Sequence[str]
    goods: Sequence[str]


def held_out(entry: str) -> bool:
    """Whether an entry, of whatever list, belongs to the held-out split; the case of letters does not matter."""
    return zlib.crc32(entry.lower().encode()) % 7 == 3


@functools.cache
def vocabulary(split: Split) -> Vocabulary:
    """The words of a split; an inflected form may go to another split than its stem."""

    def mine(entries: list[str]) -> tuple[str, ...]:
        return tuple(entry for entry in entries if held_out(entry) == (split == "held_out"))

    words = {*NOUNS, *map(plural, NOUNS), *ADJECTIVES, *map(manner, ADJECTIVES), *ADVERBS, *VERBS}
    words.update(form for verb in VERBS for form in (third_person(verb), past(verb), progressive(verb)))
    return Vocabulary(
        mine(sorted(words)),
        mine(NOUNS),
        mine(VERBS),
        mine(ADJECTIVES),
        mine(FIRST_NAMES),
        mine(LAST_NAMES),
        mine(PLACES),
        mine(APPS),
        mine(GOODS),
    )


def with_article(noun: str, *, capital: bool = False) -> str:
    """The noun after "a" or "an", or after "A" or "An" where a sentence begins."""
    article = "an" if noun[0] in "aeiouA" else "a"
    return f"{article.capitalize() if capital else article} {noun}"


def plural(noun: str) -> str:
    """By the regular rules."""
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + "s"


def third_person(verb: str) -> str:
    """Of the present tense."""
    return plural(verb)


def past(verb: str) -> str:
    """By the regular rules, for irregular verbs too: spelling practice, not grammar."""
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied"
    return _doubled(verb) + "ed"


def progressive(verb: str) -> str:
    """The -ing form."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    return (verb[:-1] if verb.endswith("e") else _doubled(verb)) + "ing"


def manner(adjective: str) -> str:
    """The adverb."""
    if adjective.endswith("y") and len(adjective) > 3:
        return adjective[:-1] + "ily"
    return adjective[:-1] + "y" if adjective.endswith("le") else adjective + "ly"


def _doubled(verb: str) -> str:
    """The last consonant doubles after a single vowel in words of one syllable."""
    short = len(verb) <= 4 and sum(char in _VOWELS for char in verb) == 1
    closed = len(verb) >= 3 and verb[-1] not in "aeiouwxy" and verb[-2] in _VOWELS
    return verb + verb[-1] if short and closed else verb
