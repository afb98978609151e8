"""A wire between the product and PostgreSQL that can be cut: `python -m tests.faults.wire LISTEN TARGET`.

SIGUSR1 cuts every second connection, as a network does that loses its mind; kill -9 cuts all of them, and SIGSTOP is a
network that is silent.
"""

import asyncio
import contextlib
import signal
import sys

Pair = tuple[asyncio.StreamWriter, asyncio.StreamWriter]
_pairs: list[Pair] = []


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    target.close()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        far_reader, far_writer = await asyncio.open_unix_connection(sys.argv[2])
    except OSError:
        writer.close()
        return
    pair = (writer, far_writer)
    _pairs.append(pair)
    await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
    _pairs.remove(pair)


def _cut() -> None:
    for pair in _pairs[::2]:
        for end in pair:
            end.transport.abort()


async def _main() -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, _cut)
    server = await asyncio.start_unix_server(_serve, sys.argv[1])
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
