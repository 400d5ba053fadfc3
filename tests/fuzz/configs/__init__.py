"""A fuzzer of the small files that the program keeps or finds: `python -m tests.fuzz.configs`.

Settings and quick actions (`toml_kinds`), the catalogue, records of the library, notes of downloads and Ollama's
manifests (`json_kinds`). Each is read as the program reads it, and what is kept in TOML is changed and written, too.
"""
