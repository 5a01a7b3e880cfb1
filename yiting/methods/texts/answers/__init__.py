"""A reply looked over beside its message, for the person who writes it: is it about it, what is not said yet?

It advises; it grades nobody. Nothing here knows who wrote a reply.
"""

from yiting.methods.texts.answers.checking import AnswerCheck, Kind, Lack, Missing, answer_check
from yiting.methods.texts.answers.signs import PARTS, Part

__all__ = ["PARTS", "AnswerCheck", "Kind", "Lack", "Missing", "Part", "answer_check"]
