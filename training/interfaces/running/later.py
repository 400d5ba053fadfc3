"""Programs that joined `table.py` later, and the examples of Qt and GTK that Debian has as programs."""

from __future__ import annotations

_QT = "/usr/lib/x86_64-linux-gnu/qt5/examples"

LATER = """
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
accerciser | accessibility explorer | Accerciser
kturtle | programming lessons | KTurtle
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
evolution | mail program | Evolution
balsa | mail program | Balsa
gtg | task list | Getting Things GNOME!
kpat | game of patience | KPatience
konquest | game | Konquest
kiriki | dice game | Kiriki
ksudoku | game | KSudoku
klettres | learning program | KLettres
step | physics program | Step
kigo | game | Kigo
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
knights | chess program | Knights
kreversi | game | KReversi
palapeli | puzzle game | Palapeli
picmi | game | Picmi
kubrick | game | Kubrick
lskat | game of patience | LSkat
kblocks | game | KBlocks
kbounce | game | KBounce
gnome-klotski | game | Klotski
sol | game of patience | AisleRiot Solitaire
gnome-mahjongg | game | Mahjongg
iagno | game | Reversi
five-or-more | game | Five or More
four-in-a-row | game | Four-in-a-row
tali | dice game | Tali
hitori | game | Hitori
swell-foop | game | Swell Foop
gnome-tetravex | game | Tetravex
quadrapassel | game | Quadrapassel
gnome-nibbles | game | Nibbles
gnome-robots | game | Robots
gtk3-demo | demo window | GTK+ Demo
gtk3-widget-factory | widget gallery | GTK Widget Factory
gtk3-icon-browser | icon browser | Icon Browser
gtk3-demo-application | text window | Demo Application
gtk3-demo --run=list_store | demo window | List Store
gtk3-demo --run=tree_store | demo window | Tree Store
gtk3-demo --run=entry_completion | demo window | Entry Completion
gtk3-demo --run=assistant | demo window | Assistant
gtk3-demo --run=dialog | demo window | Dialog
gtk3-demo --run=sizegroup | demo window | Sizegroup
gtk3-demo --run=spinbutton | demo window | Spinbutton
gtk3-demo --run=iconview | demo window | Iconview
gtk3-demo --run=infobar | demo window | Infobar
gtk3-demo --run=expander | demo window | Expander
gtk3-demo --run=panes | demo window | Panes
gtk3-demo --run=listbox | demo window | Listbox
gtk3-demo --run=stack | demo window | Stack
gtk3-demo --run=sidebar | demo window | Sidebar
gtk3-demo --run=headerbar | demo window | Headerbar
gtk3-demo --run=filtermodel | demo window | Filtermodel
gtk3-demo --run=editable_cells | demo window | Editable Cells
gtk3-demo --run=printing | demo window | Printing
gtk3-demo --run=textview | demo window | Textview
gtk3-demo --run=hypertext | demo window | Hypertext
gtk3-demo --run=shortcuts | demo window | Shortcuts
gtk3-demo --run=search_entry | demo window | Search Entry
gtk3-demo --run=links | demo window | Links
gtk3-demo --run=modelbutton | demo window | Modelbutton
gtk3-demo --run=menus | demo window | Menus
gtk3-demo --run=flowbox | demo window | Flowbox
gtk3-demo --run=font_features | demo window | Font Features
gtk3-demo --run=combobox | demo window | Combobox
gtk3-demo --run=pickers | demo window | Pickers
gtk3-demo --run=toolpalette | demo window | Toolpalette
gtk3-demo --run=tabs | demo window | Tabs
gtk3-demo --run=colorsel | demo window | Colorsel
gtk3-demo --run=builder | demo window | Builder
gtk3-demo --run=markup | demo window | Markup
gtk3-demo --run=button_box | demo window | Button Box
gtk3-demo --run=css_basics | demo window | Css Basics
gtk3-demo --run=pagesetup | demo window | Pagesetup
gtk3-demo --run=application_demo | demo window | Application Demo
gtk3-demo --run=iconview_edit | demo window | Iconview Edit
gtk3-demo --run=images | demo window | Images
gtk3-demo --run=scale | demo window | Scale
gtk3-demo --run=theming_style_classes | demo window | Theming Style Classes
gtk3-demo --run=clipboard | demo window | Clipboard
gtk3-demo --run=changedisplay | demo window | Changedisplay
{qt}/network/broadcastsender/broadcastsender | example window | broadcastsender
{qt}/network/dnslookup/dnslookup | lookup window | dnslookup
{qt}/network/http/http | download dialog | http
{qt}/network/network-chat/network-chat | chat window | network-chat
{qt}/network/torrent/torrent | download window | torrent
{qt}/sql/books/books | book list | books
{qt}/sql/cachedtable/cachedtable | table editor | cachedtable
{qt}/sql/drilldown/drilldown | map window | drilldown
{qt}/sql/masterdetail/masterdetail | music archive | masterdetail
{qt}/sql/querymodel/querymodel | table window | querymodel
{qt}/sql/relationaltablemodel/relationaltablemodel | table window | relationaltablemodel
{qt}/sql/sqlwidgetmapper/sqlwidgetmapper | data form | sqlwidgetmapper
{qt}/sql/tablemodel/tablemodel | table window | tablemodel
{qt}/widgets/animation/easing/easing | curve window | easing
{qt}/widgets/desktop/systray/systray | example window | systray
{qt}/widgets/desktop/screenshot/screenshot | example window | screenshot
{qt}/widgets/dialogs/classwizard/classwizard | wizard | classwizard
{qt}/widgets/dialogs/extension/extension | example window | extension
{qt}/widgets/dialogs/findfiles/findfiles | search window | findfiles
{qt}/widgets/dialogs/licensewizard/licensewizard | wizard | licensewizard
{qt}/widgets/dialogs/standarddialogs/standarddialogs | example window | standarddialogs
{qt}/widgets/dialogs/tabdialog/tabdialog | properties dialog | tabdialog
{qt}/widgets/gallery/gallery | style gallery | gallery
{qt}/widgets/graphicsview/diagramscene/diagramscene | diagram editor | diagramscene
{qt}/widgets/itemviews/addressbook/addressbook | address book | addressbook
{qt}/widgets/itemviews/basicsortfiltermodel/basicsortfiltermodel | example window | basicsortfiltermodel
{qt}/widgets/itemviews/chart/chart | example window | chart
{qt}/widgets/itemviews/combowidgetmapper/combowidgetmapper | example window | combowidgetmapper
{qt}/widgets/itemviews/customsortfiltermodel/customsortfiltermodel | example window | customsortfiltermodel
{qt}/widgets/itemviews/dirview/dirview | file browser | dirview
{qt}/widgets/itemviews/editabletreemodel/editabletreemodel | example window | editabletreemodel
{qt}/widgets/itemviews/flattreeview/flattreeview | example window | flattreeview
{qt}/widgets/itemviews/frozencolumn/frozencolumn | example window | frozencolumn
{qt}/widgets/itemviews/interview/interview | example window | interview
{qt}/widgets/itemviews/simpledommodel/simpledommodel | example window | simpledommodel
{qt}/widgets/itemviews/simpletreemodel/simpletreemodel | example window | simpletreemodel
{qt}/widgets/itemviews/simplewidgetmapper/simplewidgetmapper | example window | simplewidgetmapper
{qt}/widgets/itemviews/spreadsheet/spreadsheet | spreadsheet | spreadsheet
{qt}/widgets/itemviews/stardelegate/stardelegate | example window | stardelegate
{qt}/widgets/itemviews/storageview/storageview | storage list | storageview
{qt}/widgets/layouts/basiclayouts/basiclayouts | example window | basiclayouts
{qt}/widgets/layouts/dynamiclayouts/dynamiclayouts | example window | dynamiclayouts
{qt}/widgets/mainwindows/application/application | text editor | application
{qt}/widgets/mainwindows/dockwidgets/dockwidgets | example window | dockwidgets
{qt}/widgets/mainwindows/mainwindow/mainwindow | example window | mainwindow
{qt}/widgets/mainwindows/mdi/mdi | text editor | mdi
{qt}/widgets/mainwindows/sdi/sdi | text editor | sdi
{qt}/widgets/painting/basicdrawing/basicdrawing | example window | basicdrawing
{qt}/widgets/painting/fontsampler/fontsampler | font list | fontsampler
{qt}/widgets/painting/gradients/gradients | example window | gradients
{qt}/widgets/painting/pathstroke/pathstroke | example window | pathstroke
{qt}/widgets/richtext/calendar/calendar | calendar | calendar
{qt}/widgets/richtext/orderform/orderform | order window | orderform
{qt}/widgets/richtext/syntaxhighlighter/syntaxhighlighter | code editor | syntaxhighlighter
{qt}/widgets/richtext/textedit/textedit | text editor | textedit
{qt}/widgets/tools/codecs/codecs | encoding window | codecs
{qt}/widgets/tools/completer/completer | example window | completer
{qt}/widgets/tools/i18n/i18n | example window | i18n
{qt}/widgets/tools/plugandpaint/plugandpaint | drawing program | plugandpaint
{qt}/widgets/tools/regularexpression/regularexpression | regular expression tester | regularexpression
{qt}/widgets/tools/settingseditor/settingseditor | settings editor | settingseditor
{qt}/widgets/tools/undoframework/undoframework | example window | undoframework
{qt}/widgets/widgets/calendarwidget/calendarwidget | calendar | calendarwidget
{qt}/widgets/widgets/charactermap/charactermap | character map | charactermap
{qt}/widgets/widgets/groupbox/groupbox | example window | groupbox
{qt}/widgets/widgets/icons/icons | icon window | icons
{qt}/widgets/widgets/lineedits/lineedits | example window | lineedits
{qt}/widgets/widgets/sliders/sliders | example window | sliders
{qt}/widgets/widgets/spinboxes/spinboxes | example window | spinboxes
{qt}/widgets/widgets/styles/styles | style gallery | styles
{qt}/widgets/widgets/stylesheet/stylesheet | example window | stylesheet
{qt}/widgets/widgets/validators/validators | example window | validators
{qt}/widgets/widgets/windowflags/windowflags | example window | windowflags
{qt}/widgets/tutorials/addressbook/part7/part7 | address book | part7
{qt}/xml/dombookmarks/dombookmarks | bookmarks window | dombookmarks
{qt}/xml/rsslisting/rsslisting | news reader | rsslisting
{qt}/xml/streambookmarks/streambookmarks | bookmarks window | streambookmarks
""".replace("{qt}", _QT)
