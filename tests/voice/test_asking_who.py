"""Which answers ask an anonymous author who they are, in six languages, and which do not."""

import pytest

from bot.voice.inbox_blocks import READY_REPLIES
from bot.voice.pure.asking_who import asks_who

ASKING = (
    "Who are you?",
    "Sorry, but who is this",
    "Which team are you in?",
    "What department do you work in?",
    "What’s your name?",
    "Could you tell us your name so that we can talk?",
    "Who is your manager?",
    "Your name, please.",
    "WHO   WROTE\nTHIS?",
    "Wer bist du?",
    "Wer sind Sie denn?",
    "In welchem Team arbeitest du?",
    "Aus welcher Abteilung kommen Sie?",
    "Wie heißen Sie?",
    "Wer ist Ihre Vorgesetzte?",
    "Verraten Sie uns Ihren Namen? Ihren Namen sagen Sie uns bitte.",
    "Qui êtes-vous ?",
    "Dans quelle équipe travaillez-vous ?",
    "Quel est votre nom ?",
    "Qui est ton manager ?",
    "¿Quién eres?",
    "¿En qué equipo trabajas?",
    "¿Cuál es su nombre?",
    "¿Quién es tu jefe?",
    "Quem é você?",
    "Em que equipe você trabalha?",
    "Qual é o seu nome?",
    "Quem é a sua gestora?",
    "あなたは誰ですか？",
    "どちらの部署ですか",
    "お名前を教えてください。",
    "所属はどこですか",
    # What an outsider wrote without knowing the list.
    "Who r u?",
    "Who's this?",
    "Please tell me who you are.",
    "Could you let us know who you are?",
    "Can I ask who I'm talking to?",
    "I need your name.",
    "What's your job title?",
    "What team is this about?",
    "Please introduce yourself.",
    "Who\u200b are you?",
    "Sag uns bitte, wer du bist.",
    "Bitte sagen Sie uns, wer Sie sind.",
    "Ihr Name bitte",
    "Welches Team?",
    "Dites-nous qui vous êtes.",
    "Tu es qui ?",
    "Votre nom, s'il vous plaît.",
    "Dígame su nombre",
    "Tu nombre, por favor.",
    "Diga-nos quem é.",
    "Seu nome, por favor.",
    "誰？",
    "どなた様でしょうか",
    "あなたの名前は？",
)
NOT_ASKING = (
    *READY_REPLIES.values(),
    "We have asked the works council who is responsible for the rota.",
    "Thank you. Which days are hardest, and what would you like instead?",
    "Our team will look at it, whoever you are. You need not tell us.",
    "What is your view of the new plan?",
    "Who else could help here?",
    "Wir klären, welche Abteilung zuständig ist, und wer das entscheidet.",
    "Was wäre dein Vorschlag?",
    "Nous regardons quel service peut s'en occuper. Merci !",
    "Hablaremos con quien es responsable del turno. Gracias.",
    "Vamos falar com quem decide sobre isso. Obrigado.",
    "ありがとうございます。担当者と話します。",
    "We can't know who you are, and need not.",
    "You can stay unknown; nobody will ask who you are.",
    "Please do not tell us who you are.",
    "Please tell us who else was there.",
    "Sie müssen nicht sagen, wer Sie sind.",
    "Nous ne demanderons pas qui vous êtes.",
    "C'est qui décide qui compte.",
    "誰が担当するか確認します。",
)


@pytest.mark.parametrize("text", ASKING)
def test_a_question_for_the_author_is_noticed(text: str) -> None:
    assert asks_who(text)


@pytest.mark.parametrize("text", NOT_ASKING)
def test_what_an_answer_needs_is_let_through(text: str) -> None:
    assert not asks_who(text)
