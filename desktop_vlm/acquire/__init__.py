"""The ways to a model: download and convert one, or import the files that another program left."""
