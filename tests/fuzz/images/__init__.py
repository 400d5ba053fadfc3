"""A fuzzer of images, drawings and PDF files that knows their structure: `python -m tests.fuzz.images`.

`subjects` are whole files of every kind that the program opens; `pieces` takes one apart and puts it together again,
checksums and all; `mutations` damages pieces, `drawings` the elements of SVGs and `pdfs` the objects of PDFs; `trial`
has one decoded as the window does, and tells what came of it.
"""
