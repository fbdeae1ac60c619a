"""All tables of Attune; importing this package fills `Base.metadata`."""

from models.audit import AuditEntry
from models.database import Base
from models.delivery import Delivery, Interruption, SenderLease
from models.digest import DigestSubscription, ToldWave
from models.insights import Figure, PublishedComment, ThemeTerm
from models.installations import Workspace
from models.knowledge import KnowledgeCard, KnowledgeQuestion, KnowledgeRequest
from models.mentoring import (
    CoffeeGroup,
    MentoringFeedback,
    MentoringMatch,
    MentoringMeeting,
    MentoringOffer,
    MentoringOutcome,
    MentoringProfile,
    MentoringProgramme,
    MentoringRound,
)
from models.people import AttentionPreference, Employee, RoleGrant
from models.pulse import Answer, Cohort, Comment, Invitation, NamedResponse, OpenAnswer, Wave
from models.requests import SeenRequest
from models.surveys import Survey, SurveyQuestion
from models.tallies import MonthlyFigure

__all__ = [
    "Answer",
    "AttentionPreference",
    "AuditEntry",
    "Base",
    "CoffeeGroup",
    "Cohort",
    "Comment",
    "Delivery",
    "DigestSubscription",
    "Employee",
    "Figure",
    "Interruption",
    "Invitation",
    "KnowledgeCard",
    "KnowledgeQuestion",
    "KnowledgeRequest",
    "MentoringFeedback",
    "MentoringMatch",
    "MentoringMeeting",
    "MentoringOffer",
    "MentoringOutcome",
    "MentoringProfile",
    "MentoringProgramme",
    "MentoringRound",
    "MonthlyFigure",
    "NamedResponse",
    "OpenAnswer",
    "PublishedComment",
    "RoleGrant",
    "SeenRequest",
    "SenderLease",
    "Survey",
    "SurveyQuestion",
    "ThemeTerm",
    "ToldWave",
    "Wave",
    "Workspace",
]
