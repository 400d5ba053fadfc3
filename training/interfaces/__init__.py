"""Windows and pages that others laid out, as training images: forms of Qt and GTK programs, programs that run, HTML."""
