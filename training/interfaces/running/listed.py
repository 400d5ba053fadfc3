"""Programs of Debian, but for games: command | what it is | name. `table.py` says what stands in braces."""

from __future__ import annotations

LISTED = """
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
rhythmbox {music} | music player | Rhythmbox
quodlibet --start-playing | music player | Quod Libet
parole {music} | media player | Parole
xfburn | disc burning program | Xfburn
brasero | disc burning program | Brasero
simple-scan | scanning program | Document Scanner
homebank {xhb} | accounting program | HomeBank
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
bluefish {html} {c} {python} | code editor | Bluefish
remmina | remote desktop program | Remmina
gnome-disks | disk manager | Disks
d-feet | bus browser | D-Feet
devhelp | documentation window | Devhelp
glade {glade} | interface designer | Glade
gcolor3 | color picker | Color Picker
easytag {music} | tag editor | EasyTAG
soundconverter | sound converter | SoundConverter
gpodder | podcast program | gPodder
mate-system-monitor | system monitor | System Monitor
mate-search-tool | search window | Search for Files
mate-disk-usage-analyzer | disk usage window | MATE Disk Usage Analyzer
gnome-dictionary | dictionary | Dictionary
pavucontrol | sound settings window | Volume Control
grsync | backup program | Grsync
gramps | family tree program | Gramps
gnome-logs | log viewer | Logs
virt-manager | virtual machine manager | Virtual Machine Manager
foliate {epub} | book reader | Foliate
gtkhash {text} | checksum window | GtkHash
xfce4-dict | dictionary | Dictionary
xfce4-screenshooter | screenshot dialog | Screenshot
sayonara {music} | music player | Sayonara
strawberry {music} | music player | Strawberry
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
focuswriter {long} | text editor | FocusWriter
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
designer {ui} | interface designer | Qt Designer
linguist {ts} | translation program | Qt Linguist
assistant | documentation window | Qt Assistant
kmplot | function plotter | KmPlot
kwordquiz {words} | vocabulary trainer | KWordQuiz
kbruch | learning program | KBruch
kgeography | learning program | KGeography
umbrello5 | diagram editor | Umbrello
goldendict | dictionary | GoldenDict
kcachegrind {calls} | profiler | KCachegrind
luckybackup | backup program | luckyBackup
backintime-qt | backup program | Back In Time
qjackctl | audio control window | QjackCtl
qsynth | synthesizer | Qsynth
hydrogen | drum machine | Hydrogen
juffed {c} {log} | text editor | JuffEd
notepadqq {python} {c} | text editor | Notepadqq
screengrab | screenshot program | ScreenGrab
ktimer | timer | KTimer
ktouch | typing tutor | KTouch
cantata | music player | Cantata
klavaro | typing tutor | Klavaro
poedit {po} | translation editor | Poedit
audacity {song} | sound editor | Audacity
codelite {c} {python} | development environment | CodeLite
codeblocks {c} | development environment | Code::Blocks
wxmaxima | algebra program | wxMaxima
amule | download manager | aMule
wxHexEditor {binary} | hex editor | wxHexEditor
mediainfo-gui {song} | media information window | MediaInfo
guayadeque | music player | Guayadeque
treesheets | notebook | TreeSheets
4pane | file manager | 4Pane
aegisub {srt} | subtitle editor | Aegisub
FreeFileSync | synchronizing program | FreeFileSync
wxglade | interface designer | wxGlade
mmex | accounting program | Money Manager EX
gitg {repo} | history viewer | gitg
diffuse {text} {text2} | comparison window | Diffuse
gaupol {srt} | subtitle editor | Gaupol
subtitleeditor {srt} | subtitle editor | Subtitle Editor
gpredict | satellite tracker | Gpredict
viking {gpx} | map program | Viking
psppire | statistics program | PSPPIRE
gretl_x11 {csv} | statistics program | gretl
gnome-commander | file manager | GNOME Commander
gparted | partition editor | GParted
timeshift-gtk | backup program | Timeshift
arandr | screen layout editor | Screen Layout Editor
menulibre | menu editor | MenuLibre
alacarte | menu editor | Main Menu
gnome-nettool | network tools window | Network Tools
lshw-gtk | hardware list | Hardware Lister
cpu-x | system information window | CPU-X
psensor | temperature monitor | Psensor
gsmartcontrol | disk health window | GSmartControl
pdfarranger | page arranger | PDF Arranger
gimagereader-gtk {image} | text recognition program | gImageReader
font-manager | font manager | Font Manager
gpick | color picker | Gpick
qalculate-gtk | calculator | Qalculate!
genius | calculator | GNOME Genius
searchmonkey | search window | Searchmonkey
gtkwave {vcd} | wave viewer | GTKWave
gigolo | connection manager | Gigolo
nicotine | file sharing program | Nicotine+
hamster | time tracker | Time Tracker
gtimelog | time tracker | GTimeLog
gcstar | collection manager | GCstar
solfege | ear training program | GNU Solfege
exaile {song} | music player | Exaile
lollypop | music player | Lollypop
ario | music player | Ario
sonata | music player | Sonata
ghb | video converter | HandBrake
putty | connection dialog | PuTTY
abiword {long} | word processor | AbiWord
scite {c} | code editor | SciTE
setzer {tex} | LaTeX editor | Setzer
gummi {tex} | LaTeX editor | Gummi
firewall-config | firewall window | Firewall Configuration
gpa | key manager | GNU Privacy Assistant
xiphos | Bible study program | Xiphos
xfce4-notes | notes window | Notes
xpad | notes window | Xpad
terminator -x less {log} | terminal | Terminator
tilix --preferences | settings window | Tilix
system-config-printer | printer settings window | Print Settings
nm-connection-editor | network settings window | Network Connections
mate-appearance-properties | appearance settings window | Appearance Preferences
mate-keyboard-properties | keyboard settings window | Keyboard Preferences
mate-mouse-properties | mouse settings window | Mouse Preferences
mate-default-applications-properties | settings window | Preferred Applications
mate-keybinding-properties | shortcut settings window | Keyboard Shortcuts
mate-window-properties | window settings window | Window Preferences
mate-system-log {log} | log viewer | System Log
mate-font-viewer | font viewer | Font Viewer
wireshark {pcap} | network analyzer | Wireshark
okteta {binary} | hex editor | Okteta
ksystemlog | log viewer | KSystemLog
glogg {log} | log viewer | glogg
klogg {log} | log viewer | klogg
rssguard | news reader | RSS Guard
konversation | chat program | Konversation
kvirc | chat program | KVIrc
psi | chat program | Psi
git-cola -r {repo} | version control window | Git Cola
librecad | CAD program | LibreCAD
openscad {scad} | CAD program | OpenSCAD
gpxsee {gpx} | map program | GPXSee
lokalize {po} | translation editor | Lokalize
tellico {bib} | collection manager | Tellico
skrooge | accounting program | Skrooge
eqonomize | accounting program | Eqonomize!
rkward | statistics program | RKWard
veusz {csv} | plotting program | Veusz
cutecom | serial terminal | CuteCom
mumble | voice chat program | Mumble
qdirstat {home} | disk usage window | QDirStat
kbackup | backup program | KBackup
copyq show | clipboard manager | CopyQ
vym | mind map editor | VYM
heimer | mind map editor | Heimer
treeline | outliner | TreeLine
novelwriter | writing program | novelWriter
manuskript | writing program | Manuskript
retext {markdown} | text editor | ReText
ghostwriter {markdown} | text editor | ghostwriter
lyx | document editor | LyX
texworks {tex} | LaTeX editor | TeXworks
recoll | search window | Recoll
xxdiff {text} {text2} | comparison window | xxdiff
doublecmd {home} {music} | file manager | Double Commander
krusader --left {home} --right {music} | file manager | Krusader
calibre --with-library {home}/Library | e-book library | calibre
sigil {epub} | e-book editor | Sigil
FBReader {epub} | book reader | FBReader
clementine {music} | music player | Clementine
juk | music player | JuK
qmmp {song} | music player | Qmmp
vlc --no-qt-privacy-ask {song} | media player | VLC media player
k3b | disc burning program | K3b
rosegarden | music editor | Rosegarden
qtractor | music editor | Qtractor
frescobaldi | music editor | Frescobaldi
synthv1_jack | synthesizer | synthv1
samplv1_jack | sampler | samplv1
vmpk | virtual piano | Virtual MIDI Piano Keyboard
kmidimon | MIDI monitor | Drumstick MIDI Monitor
qasmixer | mixer | QasMixer
kwave {song} | sound editor | Kwave
sonic-visualiser {song} | sound viewer | Sonic Visualiser
kalzium | periodic table | Kalzium
avogadro {xyz} | molecule editor | Avogadro
kstars | astronomy program | KStars
merkaartor {gpx} | map editor | Merkaartor
klog | radio log | KLog
gqrx | radio receiver | Gqrx
wsjtx | radio program | WSJT-X
qelectrotech | diagram editor | QElectroTech
fwbuilder | firewall editor | Firewall Builder
xca | certificate manager | X Certificate and Key management
kleopatra | key manager | Kleopatra
kgpg | key manager | KGpg
qtpass | password manager | QtPass
kdbg | debugger | KDbg
massif-visualizer | profiler | Massif Visualizer
heaptrack_gui | profiler | Heaptrack
cmake-gui | build configuration window | CMake
qtcreator {c} | development environment | Qt Creator
persepolis | download manager | Persepolis
ktorrent | download manager | KTorrent
simplescreenrecorder | screen recorder | SimpleScreenRecorder
vokoscreenNG | screen recorder | vokoscreenNG
converseen {image} | image converter | Converseen
nomacs {image} | image viewer | nomacs
phototonic {images} | image viewer | Phototonic
kolourpaint {image} | drawing program | KolourPaint
kgraphviewer {dot} | graph viewer | KGraphViewer
labplot2 | plotting program | LabPlot
cantor | notebook | Cantor
kalgebra | calculator | KAlgebra
kig | geometry program | Kig
rocs | graph editor | Rocs
kapow | time tracker | Kapow
ktimetracker | time tracker | KTimeTracker
mnemosyne | flashcard program | Mnemosyne
kiten | dictionary | Kiten
tagainijisho | dictionary | Tagaini Jisho
tipp10 | typing tutor | TIPP10
basket | notebook | BasKet Note Pads
kbibtex {bib} | reference manager | KBibTeX
qps | process viewer | Qps
muon | package manager | Muon Package Manager
partitionmanager | partition editor | KDE Partition Manager
designer6 {ui} | interface designer | Qt Designer
linguist6 {ts} | translation program | Qt Linguist
assistant6 | documentation window | Qt Assistant
qdbusviewer | bus browser | D-Bus Viewer
gnucash | accounting program | GnuCash
inkscape | drawing program | Inkscape
rawtherapee | photo editor | RawTherapee
scribus | page layout program | Scribus
calligrasheets {csv} | spreadsheet | Calligra Sheets
calligraplan | project planner | Plan
calligrawords {text} | word processor | Calligra Words
qgis {gpx} | GIS program | QGIS
freecad | CAD program | FreeCAD
octave --gui | numerics program | Octave
pitivi | video editor | Pitivi
openshot-qt | video editor | OpenShot
flowblade | video editor | Flowblade
gimp {image} | image editor | GIMP
kicad | circuit designer | KiCad
spyder3 {python} | development environment | Spyder
pyzo {python} | development environment | Pyzo
denemo | music editor | Denemo
mscore3 | music editor | MuseScore 3
lmms | music editor | LMMS
kdenlive | video editor | Kdenlive
krita {image} | painting program | Krita
digikam | photo manager | digiKam
nmapsi4 | network scanner | NmapSI4
gajim | chat program | Gajim
linphone | telephone program | Linphone
carla | audio plugin host | Carla
klayout | layout editor | KLayout
solvespace | CAD program | SolveSpace
leocad | model designer | LeoCAD
gchempaint | molecule editor | GChemPaint
gnome-tweaks | settings window | Tweaks
ibus-setup | input settings window | IBus Preferences
xlog | radio log | Xlog
gscan2pdf | scanning program | gscan2pdf
ocrfeeder | text recognition program | OCRFeeder
pdfchain | PDF tool | PDF Chain
onboard-settings | keyboard settings window | Onboard Preferences
pyspread {csv} | spreadsheet | pyspread
unison | synchronizing program | Unison
gufw | firewall window | Firewall
packetsender | network test program | Packet Sender
cppcheck-gui | code checker | Cppcheck
doxywizard | documentation generator | Doxygen GUI frontend
gpsbabelfe | GPS converter | GPSBabelFE
kdf | disk usage window | KDiskFree
sweeper | cleaning program | Sweeper
kwalletmanager5 | password manager | KDE Wallet Manager
kdebugsettings | settings window | KDebugSettings
brewtarget | brewing program | Brewtarget
software-properties-gtk | software sources window | Software & Updates
blueman-manager | Bluetooth window | Bluetooth Devices
gpk-application | package manager | Packages
gpk-log | package log | Package Log Viewer
gpk-prefs | package settings window | Package Sources
orage | calendar | Orage
gnome-power-statistics | power statistics window | Power Statistics
mate-power-statistics | power statistics window | Power Statistics
mate-power-preferences | power settings window | Power Management Preferences
mate-screensaver-preferences | screensaver settings window | Screensaver Preferences
mate-session-properties | startup settings window | Startup Applications Preferences
mate-dictionary | dictionary | Dictionary
mate-volume-control | sound settings window | Sound Preferences
mate-at-properties | accessibility settings window | Assistive Technologies Preferences
mate-network-properties | network settings window | Network Proxy Preferences
mate-display-properties | display settings window | Monitor Preferences
kile {tex} | LaTeX editor | Kile
cervisia | version control window | Cervisia
kdesvn | version control window | kdesvn
qgit {repo} | history viewer | QGit
giggle {repo} | history viewer | giggle
gtick | metronome | GTick
gtkterm | serial terminal | GtkTerm
etherape | network monitor | EtherApe
polyphone | sound font editor | Polyphone
qmidiroute | MIDI router | QMidiRoute
qmidiarp | arpeggiator | QMidiArp
qxgedit | synthesizer editor | qxgedit
padthv1_jack | synthesizer | padthv1
drumkv1_jack | drum sampler | drumkv1
fmit | tuner | FMIT
lingot | tuner | lingot
vorta | backup program | Vorta
edb | debugger | edb
clamtk | virus scanner | ClamTk
revelation | password manager | Revelation
smb4k | network browser | Smb4K
x2goclient | remote desktop program | X2Go Client
wpa_gui | wireless settings window | wpa_gui
kapptemplate | project assistant | KAppTemplate
kuiviewer {ui} | form viewer | KUIViewer
kphotoalbum | photo manager | KPhotoAlbum
sound-juicer | CD ripper | Sound Juicer
almanah | diary | Almanah Diary
bijiben | notebook | Notes
gourmand | recipe manager | Gourmand
glabels-3 | label designer | gLabels
remote-viewer | remote desktop program | Remote Viewer
entangle | camera control window | Entangle
drawing {image} | drawing program | Drawing
guitarix | guitar amplifier | Guitarix
paprefs | sound settings window | PulseAudio Preferences
gtg | task list | Getting Things GNOME!
klettres | learning program | KLettres
step | physics program | Step
kmix | mixer | KMix
kaffeine | media player | Kaffeine
krdc | remote desktop program | KRDC
skanlite | scanning program | Skanlite
kexi | database program | KEXI
marble-qt | globe | Marble
qmapshack | map program | QMapShack
Mapper | map editor | OpenOrienteering Mapper
Fritzing | circuit designer | Fritzing
khelpcenter | help window | Help Center
kimagemapeditor {image} | image map editor | KImageMapEditor
gtk3-demo | demo window | GTK+ Demo
gtk3-widget-factory | widget gallery | GTK Widget Factory
gtk3-icon-browser | icon browser | Icon Browser
gtk3-demo-application | text window | Demo Application
"""
