"""Which programs are run for `programs.py`: how each is started, what people call it, and what is never clicked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A program.

    Attributes:
        command: its name and arguments; `{text}` and the like become a file of `program_files.py`.
        noun: what people call its window.
        name: how its windows' titles call it.
    """

    command: str
    noun: str
    name: str


_LINES = """
gnome-system-monitor | system monitor | System Monitor
gucharmap | character map | Character Map
file-roller {zip} | archive manager | Archive Manager
engrampa {zip} | archive manager | Engrampa
xarchiver {zip} | archive manager | Xarchiver
dconf-editor | settings editor | dconf Editor
meld {text} {text2} | comparison window | Meld
synaptic | package manager | Synaptic Package Manager
shotwell {image} | photo viewer | Shotwell
gthumb {images} | photo viewer | gThumb
geeqie {image} | image viewer | Geeqie
ristretto {image} | image viewer | Ristretto
viewnior {image} | image viewer | Viewnior
gpicview {image} | image viewer | GPicView
rhythmbox | music player | Rhythmbox
quodlibet | music player | Quod Libet
parole | media player | Parole
xfburn | disc burning program | Xfburn
brasero | disc burning program | Brasero
simple-scan | scanning program | Document Scanner
homebank | accounting program | HomeBank
grisbi | accounting program | Grisbi
planner | project planner | Planner
liferea | news reader | Liferea
pidgin | chat program | Pidgin
deluge-gtk | download manager | Deluge
uget-gtk | download manager | uGet
ghex {binary} | hex editor | GHex
seahorse | key manager | Passwords and Keys
regexxer | search window | regexxer
catfish | search window | Catfish
bleachbit | cleaning program | BleachBit
hardinfo | system information window | System Information
xfce4-taskmanager | task manager | Task Manager
lxtask | task manager | Task Manager
osmo | organizer | Osmo
zim {notebook} | notebook | Zim
cherrytree | notebook | CherryTree
rednotebook | journal | RedNotebook
gnote | notebook | Gnote
xournalpp | note-taking program | Xournal++
dia | diagram editor | Dia
mypaint | drawing program | MyPaint
bluefish {html} | code editor | Bluefish
remmina | remote desktop program | Remmina
gnome-disks | disk manager | Disks
d-feet | bus browser | D-Feet
devhelp | documentation window | Devhelp
glade | interface designer | Glade
gcolor3 | color picker | Color Picker
easytag {music} | tag editor | EasyTAG
soundconverter | sound converter | SoundConverter
gpodder | podcast program | gPodder
mate-system-monitor | system monitor | System Monitor
mate-search-tool | search window | Search for Files
mate-disk-usage-analyzer | disk usage window | MATE Disk Usage Analyzer
gnome-dictionary | dictionary | Dictionary
gnome-sudoku | game | Sudoku
gnome-mines | game | Mines
pavucontrol | sound settings window | Volume Control
grsync | backup program | Grsync
gramps | family tree program | Gramps
gnome-logs | log viewer | Logs
virt-manager | virtual machine manager | Virtual Machine Manager
foliate | book reader | Foliate
gtkhash {text} | checksum window | GtkHash
xfce4-dict | dictionary | Dictionary
xfce4-screenshooter | screenshot dialog | Screenshot
sayonara | music player | Sayonara
strawberry | music player | Strawberry
smplayer | media player | SMPlayer
kmymoney | accounting program | KMyMoney
akregator | news reader | Akregator
quiterss | news reader | QuiteRSS
quasselclient | chat program | Quassel
qbittorrent | download manager | qBittorrent
kompare {text} {text2} | comparison window | Kompare
kdiff3 {text} {text2} | comparison window | KDiff3
kcharselect | character map | KCharSelect
kcolorchooser | color picker | KColorChooser
kalarm | alarm program | KAlarm
texstudio {tex} | LaTeX editor | TeXstudio
texmaker {tex} | LaTeX editor | Texmaker
focuswriter {text} | text editor | FocusWriter
lximage-qt {image} | image viewer | Image Viewer
ark {zip} | archive manager | Ark
gwenview {images} | image viewer | Gwenview
kfind {home} | search window | KFind
kget | download manager | KGet
filelight {home} | disk usage window | Filelight
krename {image} | renaming program | KRename
kid3-qt {music} | tag editor | Kid3
puddletag {music} | tag editor | puddletag
ksnip {image} | screenshot program | ksnip
designer | interface designer | Qt Designer
linguist | translation program | Qt Linguist
assistant | documentation window | Qt Assistant
kmplot | function plotter | KmPlot
parley | vocabulary trainer | Parley
kwordquiz | vocabulary trainer | KWordQuiz
kbruch | learning program | KBruch
kgeography | learning program | KGeography
umbrello5 | diagram editor | Umbrello
goldendict | dictionary | GoldenDict
kcachegrind | profiler | KCachegrind
luckybackup | backup program | luckyBackup
backintime-qt | backup program | Back In Time
qjackctl | audio control window | QjackCtl
qsynth | synthesizer | Qsynth
hydrogen | drum machine | Hydrogen
juffed {python} | text editor | JuffEd
notepadqq {python} | text editor | Notepadqq
screengrab | screenshot program | ScreenGrab
ktimer | timer | KTimer
ktouch | typing tutor | KTouch
khangman | game | KHangMan
kanagram | game | Kanagram
cantata | music player | Cantata
klavaro | typing tutor | Klavaro
gufw | firewall window | Firewall
"""


def _parsed(lines: str) -> tuple[Program, ...]:
    return tuple(Program(*(part.strip() for part in line.split("|"))) for line in lines.strip().splitlines())


PROGRAMS = _parsed(_LINES)

NEVER = ("quit", "exit", "close", "log out", "restart", "shut", "delete", "remove", "erase", "trash", "print", "web",
         "online", "homepage", "donate", "report", "bug", "contents", "handbook", "kill", "stop", "end process", "burn",
         "format", "minimize", "maximize", "fullscreen", "full screen", "hide", "eject", "send", "about qt", "mail",
         "terminal", "file manager", "folder", "language", "translate", "community", "switch application")  # fmt: skip
"""Parts of what controls say that are not clicked, in lower case."""

WELCOME = ("preferences", "settings", "configure", "options", "about", "find", "search", "replace", "new", "properties",
           "add", "import", "export", "customize", "shortcuts", "plugins", "filter", "go to", "sort", "insert",
           "save as", "open", "edit", "statistics", "information", "manage", "tools", "profile", "rename",
           "columns")  # fmt: skip
"""Parts of menu entries that are likely to open a dialog."""
