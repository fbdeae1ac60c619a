"""All tables of Attune; importing this package fills `Base.metadata`."""

from models.audit import AuditEntry
from models.database import Base
from models.delivery import Delivery, Interruption, SenderLease
from models.digest import AlertChannel, DigestSubscription, ToldAlert, ToldWave
from models.insights import Figure, PublishedComment, ThemeTerm
from models.installations import Workspace
from models.journeys import JourneyPause, JourneyStep, Milestone
from models.mentoring import (
    CoffeeGroup,
    MentoringFeedback,
    MentoringMatch,
    MentoringMeeting,
    MentoringOutcome,
    MentoringProfile,
    MentoringProgramme,
    MentoringRound,
)
from models.people import AttentionPreference, Employee, RoleGrant
from models.pools import Pool, PoolEntry, QuestionAsked
from models.products import ItemEffect, ItemStep, PeopleProduct, ProductItem
from models.pulse import Answer, Cohort, Comment, Invitation, NamedResponse, OpenAnswer, Wave
from models.requests import SeenRequest
from models.surveys import Survey, SurveyQuestion
from models.voice import VoiceMessage, VoiceThread
from models.welcomes import Welcome

__all__ = [
    "AlertChannel",
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
    "ItemEffect",
    "ItemStep",
    "JourneyPause",
    "JourneyStep",
    "MentoringFeedback",
    "MentoringMatch",
    "MentoringMeeting",
    "MentoringOutcome",
    "MentoringProfile",
    "MentoringProgramme",
    "MentoringRound",
    "Milestone",
    "NamedResponse",
    "OpenAnswer",
    "PeopleProduct",
    "Pool",
    "PoolEntry",
    "ProductItem",
    "PublishedComment",
    "QuestionAsked",
    "RoleGrant",
    "SeenRequest",
    "SenderLease",
    "Survey",
    "SurveyQuestion",
    "ThemeTerm",
    "ToldAlert",
    "ToldWave",
    "VoiceMessage",
    "VoiceThread",
    "Wave",
    "Welcome",
    "Workspace",
]
