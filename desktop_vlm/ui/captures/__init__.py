"""Captures that were made lately, and regions of the screen that are watched.

| module | what it is for |
|---|---|
| recent | `RecentCaptures`: the last ones, for as long as the settings say |
| strip, popup | what shows them |
| watch, looking, condition | a region that is looked at again and again, and what is worth telling |
| watches | `Watches`: all of them, and their turns with the model |
| watch_dialog, watch_bar | how one is begun, and the list of those that run |
"""
