"""Puts weekly digests into the outbox."""

from bot.digest.service import due_digests, enqueue_digest
from scheduler.sweeps import Sweep, in_one_transaction

enqueue_digests = Sweep("enqueue_digests", due_digests, in_one_transaction(enqueue_digest))
