"""An echo server on Debian's python3-websockets."""
import asyncio
import sys

import websockets


async def echo(socket):
    try:
        async for message in socket:
            await socket.send(message)
    except websockets.ConnectionClosed:
        pass


async def main(port):
    async with websockets.serve(
        echo, "127.0.0.1", port, max_size=64 << 20, ping_interval=None, close_timeout=2
    ):
        await asyncio.Future()


asyncio.run(main(int(sys.argv[1])))
