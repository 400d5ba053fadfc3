"""Files that strangers may have written, read with a limit to everything that they can ask for.

`files` opens ordinary files only, never waits and never reads more than a caller allows; `json_text` reads JSON of
bounded depth, numbers and size, in which no name stands for two things; `section` takes typed values out of it;
`links` says where a file of a folder really lies. Whoever reads such a file does it through here.
"""
