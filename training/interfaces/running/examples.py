"""Examples of Qt 5, which Debian has as programs (qtbase5-examples): folder and program | what it is."""

from __future__ import annotations

_FOLDER = "/usr/lib/x86_64-linux-gnu/qt5/examples"
_LISTED = """
network/broadcastsender/broadcastsender | example window
network/dnslookup/dnslookup | lookup window
network/http/http | download dialog
network/network-chat/network-chat | chat window
network/torrent/torrent | download window
sql/books/books | book list
sql/cachedtable/cachedtable | table editor
sql/drilldown/drilldown | map window
sql/masterdetail/masterdetail | music archive
sql/querymodel/querymodel | table window
sql/relationaltablemodel/relationaltablemodel | table window
sql/sqlwidgetmapper/sqlwidgetmapper | data form
sql/tablemodel/tablemodel | table window
widgets/animation/easing/easing | curve window
widgets/desktop/systray/systray | example window
widgets/desktop/screenshot/screenshot | example window
widgets/dialogs/classwizard/classwizard | wizard
widgets/dialogs/extension/extension | example window
widgets/dialogs/findfiles/findfiles | search window
widgets/dialogs/licensewizard/licensewizard | wizard
widgets/dialogs/standarddialogs/standarddialogs | example window
widgets/dialogs/tabdialog/tabdialog | properties dialog
widgets/gallery/gallery | style gallery
widgets/graphicsview/diagramscene/diagramscene | diagram editor
widgets/itemviews/addressbook/addressbook | address book
widgets/itemviews/basicsortfiltermodel/basicsortfiltermodel | example window
widgets/itemviews/chart/chart | example window
widgets/itemviews/combowidgetmapper/combowidgetmapper | example window
widgets/itemviews/customsortfiltermodel/customsortfiltermodel | example window
widgets/itemviews/dirview/dirview | file browser
widgets/itemviews/editabletreemodel/editabletreemodel | example window
widgets/itemviews/flattreeview/flattreeview | example window
widgets/itemviews/frozencolumn/frozencolumn | example window
widgets/itemviews/interview/interview | example window
widgets/itemviews/simpledommodel/simpledommodel | example window
widgets/itemviews/simpletreemodel/simpletreemodel | example window
widgets/itemviews/simplewidgetmapper/simplewidgetmapper | example window
widgets/itemviews/spreadsheet/spreadsheet | spreadsheet
widgets/itemviews/stardelegate/stardelegate | example window
widgets/itemviews/storageview/storageview | storage list
widgets/layouts/basiclayouts/basiclayouts | example window
widgets/layouts/dynamiclayouts/dynamiclayouts | example window
widgets/mainwindows/application/application | text editor
widgets/mainwindows/dockwidgets/dockwidgets | example window
widgets/mainwindows/mainwindow/mainwindow | example window
widgets/mainwindows/mdi/mdi | text editor
widgets/mainwindows/sdi/sdi | text editor
widgets/painting/basicdrawing/basicdrawing | example window
widgets/painting/fontsampler/fontsampler | font list
widgets/painting/gradients/gradients | example window
widgets/painting/pathstroke/pathstroke | example window
widgets/richtext/calendar/calendar | calendar
widgets/richtext/orderform/orderform | order window
widgets/richtext/syntaxhighlighter/syntaxhighlighter | code editor
widgets/richtext/textedit/textedit | text editor
widgets/tools/codecs/codecs | encoding window
widgets/tools/completer/completer | example window
widgets/tools/i18n/i18n | example window
widgets/tools/plugandpaint/plugandpaint | drawing program
widgets/tools/regularexpression/regularexpression | regular expression tester
widgets/tools/settingseditor/settingseditor | settings editor
widgets/tools/undoframework/undoframework | example window
widgets/widgets/calendarwidget/calendarwidget | calendar
widgets/widgets/charactermap/charactermap | character map
widgets/widgets/groupbox/groupbox | example window
widgets/widgets/icons/icons | icon window
widgets/widgets/lineedits/lineedits | example window
widgets/widgets/sliders/sliders | example window
widgets/widgets/spinboxes/spinboxes | example window
widgets/widgets/styles/styles | style gallery
widgets/widgets/stylesheet/stylesheet | example window
widgets/widgets/validators/validators | example window
widgets/widgets/windowflags/windowflags | example window
widgets/tutorials/addressbook/part7/part7 | address book
xml/dombookmarks/dombookmarks | bookmarks window
xml/rsslisting/rsslisting | news reader
xml/streambookmarks/streambookmarks | bookmarks window
"""


def _line(listed: str) -> str:
    """As in `listed.py`; an example is called what its program is."""
    path, noun = listed.split(" | ")
    return f"{_FOLDER}/{path} | {noun} | {path.rpartition('/')[2]}"


EXAMPLES = "\n".join(map(_line, _LISTED.strip().splitlines()))
