import { FakeEntrypoints } from '../entrypoints';
import { FakePhotoshop } from '../photoshop';
import { FakeNetwork, type ServerEnd } from '../websocket';

function network() {
  const photoshop = new FakePhotoshop();
  return new FakeNetwork(['ws://localhost:7077', 'ws://127.0.0.1:7077'], photoshop.world.modal);
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the fake network', () => {
  test('the constructor throws for what the manifest lacks and for addresses in numbers', () => {
    const { WebSocket } = network();
    expect(() => new WebSocket('ws://localhost:9000')).toThrow('Manifest entry not found');
    expect(() => new WebSocket('ws://127.0.0.1:7077')).toThrow('Manifest entry not found');
    expect(() => new WebSocket('wss://localhost:7077')).toThrow('Manifest entry not found');
  });

  test('a refused connection is a close without an open', async () => {
    const { WebSocket } = network();
    const socket = new WebSocket('ws://localhost:7077');
    const events: string[] = [];
    for (const type of ['open', 'close', 'error'] as const) {
      socket.addEventListener(type, () => events.push(type));
    }
    await turn();
    expect(events).toEqual(['close']);
  });

  test('the own close is told late, frames stay below 1 MiB and arrive as array buffers', async () => {
    const net = network();
    let server: ServerEnd | null = null;
    net.listen('ws://localhost:7077', (end) => (server = end));
    const socket = new net.WebSocket('ws://localhost:7077');
    socket.binaryType = 'arraybuffer';
    const received: unknown[] = [];
    let closed = false;
    socket.onmessage = ({ data }) => received.push(data);
    socket.onclose = () => (closed = true);
    await turn();
    server!.send(Uint8Array.of(1, 2));
    expect(() => socket.send(new Uint8Array(1024 * 1024 + 1))).toThrow('above 1 MiB');
    await turn();
    expect(received).toHaveLength(1);
    expect(new Uint8Array(received[0] as ArrayBuffer)).toEqual(Uint8Array.of(1, 2));
    socket.close();
    await turn();
    expect(closed).toBe(false);
    net.deliverLateCloses();
    expect(closed).toBe(true);
  });
});

describe('the fake entry points', () => {
  const declared = [
    { type: 'panel', id: 'main' },
    { type: 'command', id: 'frontalize' },
  ];
  const handlers = {
    panels: { main: { create: () => undefined } },
    commands: { frontalize: { run: () => undefined } },
  };

  test('are set up once, at once, and for exactly what the manifest declares', () => {
    const entrypoints = new FakeEntrypoints(declared);
    expect(() => entrypoints.setup({ panels: handlers.panels })).toThrow('frontalize');
    entrypoints.setup(handlers);
    expect(() => entrypoints.setup(handlers)).toThrow('only once');
    const late = new FakeEntrypoints(declared);
    late.scriptEnded();
    expect(() => late.setup(handlers)).toThrow('too late');
  });
});
