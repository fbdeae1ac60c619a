"""Uploading a file in a form."""

from sandbox.acting.lookup import person
from sandbox.engine import Engine
from sandbox.ids import new_id, new_secret
from sandbox.render import file_json
from sandbox.state import File, Json


def upload(engine: Engine, user: str, name: str, content: bytes) -> Json:
    """Upload a file as somebody does in a form; return what its field then holds."""
    world = engine.world
    uploader = person(engine, user).id
    key = new_secret()
    file = File(new_id("F"), name, len(content), uploader, world.epoch(), key, content=content)
    file.completed = True
    world.files[file.id] = file
    return file_json(world, file, engine.base_url)
