import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import type { RunEvents, RunRequest } from '../../plugin/core/bridge/bridge';
import { BridgeClient } from '../../plugin/core/bridge/bridgeClient';
import type { SocketLike } from '../../plugin/core/bridge/runtime';

/** What went over a client's socket, in bytes. */
export interface Traffic {
  sent: number;
  received: number;
}

/** A reference client that is connected, and the count of what it moves. */
export async function connectCounted(
  port: number,
  token: string,
): Promise<{ readonly client: BridgeClient; readonly traffic: Traffic }> {
  const traffic: Traffic = { sent: 0, received: 0 };
  const client = new BridgeClient(
    {
      openSocket(url) {
        const socket = new WebSocket(url);
        const send = socket.send.bind(socket) as (frame: string | Uint8Array) => void;
        socket.on('message', (frame: Buffer | ArrayBuffer) => {
          traffic.received += frame.byteLength;
        });
        return Object.assign(socket, {
          send(frame: string | Uint8Array) {
            traffic.sent += frame.length;
            send(frame);
          },
        }) as SocketLike;
      },
      timers: {
        now: () => performance.now(),
        after(milliseconds, callback) {
          const timer = setTimeout(callback, milliseconds);
          return () => clearTimeout(timer);
        },
      },
      randomName: () => randomBytes(12).toString('hex'),
    },
    {
      url: `ws://localhost:${port}/`,
      client: { name: 'bench', version: '0' },
      tokens: { load: async () => token, save: async () => undefined },
      compact: true,
    },
  );
  client.start();
  await new Promise<void>((resolve) => {
    client.state.subscribe(({ kind }) => kind === 'ready' && resolve());
  });
  return { client, traffic };
}

export const silent: RunEvents = {
  onSending: () => undefined,
  onQueued: () => undefined,
  onProgress: () => undefined,
};

/** A job of one square region, 8 bit and opaque. */
export function squareJob(side: number, more: Partial<RunRequest> = {}): RunRequest {
  return {
    operation: 'reconstruct',
    model: 'echo',
    parameters: {},
    priority: 'interactive',
    regions: [
      {
        bounds: { left: 0, top: 0, right: side, bottom: side },
        pixels: { width: side, height: side, data: new Uint8Array(side * side * 4).fill(255) },
        face: null,
        faceNumber: null,
        hole: null,
        latents: null,
      },
    ],
    ...more,
  };
}
