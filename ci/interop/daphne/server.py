"""An echo consumer of Django Channels, for Daphne."""
import django
from django.conf import settings

settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="echo", USE_TZ=True)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter  # noqa: E402


class Echo(AsyncWebsocketConsumer):
    async def receive(self, text_data=None, bytes_data=None):
        await self.send(text_data=text_data, bytes_data=bytes_data)


application = ProtocolTypeRouter({"websocket": Echo.as_asgi()})
