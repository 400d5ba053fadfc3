"""The conversation on the screen: a virtualised column of questions and answers."""
