"""What an mmproj must be before libmtmd opens it: its reader asserts on types and trusts shapes and numbers.

`settings` are the numbers of the encoder, `encoder_tensors` the tensors that every vision transformer has; what only
one kind of projector has is its family's, and `projector` asks all of them. Sources: tools/mtmd/clip.cpp and
tools/mtmd/models/*.cpp.
"""
