"""Pictures in the window: taking them in, showing them, and what the model sees of them.

| module | what it is for |
|---|---|
| sources, intake, pdf | from drops, the clipboard and files to `NewPicture` |
| thumbnails, thumbnail, flow_layout | the rows in the composer and in messages |
| viewer, canvas, viewport, saving | a picture at full size; copy and save |
| composer | the composite as the engine makes it |
| composite_panel, composite_state, composite_preview, entry_row, toggle | "What the model sees" |
| drop_overlay | what covers the window during a drag |
| background, loading, painting, wording | shared: threads, decoding, drawing, how sizes are written |
"""
