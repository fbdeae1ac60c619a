"""All tables of Attune; importing this package fills `Base.metadata`."""

from models.audit import AuditEntry
from models.blockers import (
    Blocker,
    BlockerCheck,
    BlockerPool,
    BlockerPreference,
    BlockerRequest,
    CountedBlocker,
)
from models.database import Base
from models.delivery import Delivery, Interruption, SenderLease
from models.digest import AlertChannel, DigestSubscription, ToldAlert, ToldWave
from models.goals import Goal, GoalCheckin
from models.insights import Figure, PublishedComment, ThemeTerm
from models.installations import Organisation, Workspace
from models.journeys import JourneyPause, JourneyStep, Milestone
from models.knowledge import KnowledgeCard, KnowledgeQuestion, KnowledgeRequest
from models.last_times import LastTime
from models.learning import LearningAnswer, LearningPolicy, LearningSlot
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
from models.people import AttentionPreference, Employee, RoleGrant, TeamReading
from models.pools import Pool, PoolComment, PoolEntry, QuestionAsked
from models.products import (
    ItemEffect,
    ItemStep,
    PeopleProduct,
    ProductItem,
    Support,
    SupportRound,
)
from models.pulse import Answer, Cohort, Comment, Invitation, NamedResponse, OpenAnswer, Wave
from models.requests import SeenRequest
from models.surveys import Survey, SurveyQuestion
from models.tallies import MonthlyFigure
from models.voice import VoiceMessage, VoiceThread
from models.welcomes import Welcome

__all__ = [
    "AlertChannel",
    "Answer",
    "AttentionPreference",
    "AuditEntry",
    "Base",
    "Blocker",
    "BlockerCheck",
    "BlockerPool",
    "BlockerPreference",
    "BlockerRequest",
    "CoffeeGroup",
    "Cohort",
    "Comment",
    "CountedBlocker",
    "Delivery",
    "DigestSubscription",
    "Employee",
    "Figure",
    "Goal",
    "GoalCheckin",
    "Interruption",
    "Invitation",
    "ItemEffect",
    "ItemStep",
    "JourneyPause",
    "JourneyStep",
    "KnowledgeCard",
    "KnowledgeQuestion",
    "KnowledgeRequest",
    "LastTime",
    "LearningAnswer",
    "LearningPolicy",
    "LearningSlot",
    "MentoringFeedback",
    "MentoringMatch",
    "MentoringMeeting",
    "MentoringOffer",
    "MentoringOutcome",
    "MentoringProfile",
    "MentoringProgramme",
    "MentoringRound",
    "Milestone",
    "MonthlyFigure",
    "NamedResponse",
    "OpenAnswer",
    "Organisation",
    "PeopleProduct",
    "Pool",
    "PoolComment",
    "PoolEntry",
    "ProductItem",
    "PublishedComment",
    "QuestionAsked",
    "RoleGrant",
    "SeenRequest",
    "SenderLease",
    "Support",
    "SupportRound",
    "Survey",
    "SurveyQuestion",
    "TeamReading",
    "ThemeTerm",
    "ToldAlert",
    "ToldWave",
    "VoiceMessage",
    "VoiceThread",
    "Wave",
    "Welcome",
    "Workspace",
]
