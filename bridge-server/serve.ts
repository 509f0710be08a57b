import { join } from 'node:path';
import type { Logger } from 'pino';
import { PspError } from '../protocol/errors';
import {
  defaultLimits,
  defaultPort,
  protocolVersion,
  timeouts as defaultTimeouts,
  type Limits,
} from '../protocol/limits';
import type { OperationDeclaration } from '../protocol/operation';
import { describeFileError } from './fileErrors';
import { packageFolder } from './folders';
import { JobQueue } from './jobs/jobQueue';
import { operations } from './operations/registry';
import { createPages, type Invitation } from './pages/createPages';
import { Challenges } from './pairing/challenges';
import { codeLifeMs, PairingCodes } from './pairing/pairingCodes';
import { ensureToken } from './pairing/token';
import { explainListenError } from './portTaken';
import { createGreeting } from './service/createGreeting';
import { createHandlers, type InstallPlugIn } from './service/createHandlers';
import type { ModelStorage } from './service/modelHandlers';
import { Connections } from './transport/connections';
import type { Timeouts } from './transport/conversation';
import { listen, type SocketServer } from './transport/webSocketServer';
import { openRemoteProcessor } from './worker/remoteProcessor';

export interface ServeOptions {
  readonly version: string;
  readonly userFolder: string;
  readonly storage: ModelStorage;
  readonly installPlugIn: InstallPlugIn;
  readonly log: Logger;
  /** 0 takes any free port. */
  readonly port?: number;
  /** Where clients reach it, when something forwards to it: proofs are made for what they dialled. */
  readonly dialledPort?: number;
  /** A module that calls `hostProcessor`; by default the real one. */
  readonly processorEntry?: string;
  readonly operations?: readonly OperationDeclaration[];
  readonly pageFolder?: string;
  readonly limits?: Partial<Limits>;
  readonly timeouts?: Partial<Timeouts>;
  /** A cancelled network call that takes longer is ended with its process. */
  readonly cancelGraceMs?: number;
  /** An inference process that owes an answer and is silent for longer is ended. */
  readonly silenceMs?: number;
}

export interface RunningServer {
  readonly port: number;
  /** A fresh invitation; the one before it is void. */
  invite(): Invitation;
  /** Of the inference process that lives now. */
  readonly processorPid: number | undefined;
  /** Hands waiting jobs back, lets the running one end within `graceMs`, then closes. */
  stop(graceMs?: number): Promise<void>;
}

/** Starts the bridge server. @throws PspError BUSY with the reason when the port cannot be had */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { version, log } = options;
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const startedAt = performance.now();
  const dialledPort = (): number => options.dialledPort ?? server.port;
  const codes = new PairingCodes();
  const token = await ensureToken(options.userFolder).catch((cause: unknown) => {
    const text = `The token in ${options.userFolder} cannot be read or written: ${describeFileError(cause)}.`;
    throw new PspError('OUTPUT_FAILED', text, { retryable: true, cause });
  });
  const processor = await openRemoteProcessor({
    entry: options.processorEntry ?? join(__dirname, 'worker', 'main'),
    cancelGraceMs: options.cancelGraceMs ?? 15_000,
    silenceMs: options.silenceMs ?? 5 * 60_000,
    onDeath: ({ code, message }) => log.error({ code, message }, 'inference process ended'),
  });
  const queue: JobQueue = new JobQueue(processor, limits, {
    notify: (client, event) => connections.notify(client, event),
    onEnd: (job, { operation, model, regions }, outcome) => {
      const fields = { job, operation, model, regions: regions.length };
      if (outcome instanceof Error) log.warn({ ...fields, code: outcome.code }, 'job failed');
      else log.info({ ...fields, workMs: Math.round(outcome.workMs) }, 'job finished');
    },
  });
  const connections = new Connections(
    {
      greet: createGreeting({ version, token, codes, limits, port: dialledPort }),
      arrived: (instance) => queue.announce(instance),
      handlers: createHandlers({
        operations: options.operations ?? operations.declarations,
        processor,
        pictures: processor.pictures,
        queue,
        codes,
        storage: options.storage,
        installPlugIn: options.installPlugIn,
        limits,
        notify: (client, event) => connections.notify(client, event),
        onModelsChanged: () => connections.notifyAll({ event: 'models-changed', params: {} }),
      }),
    },
    { ...defaultTimeouts, ...options.timeouts },
    {
      onGreeted: (connection) => log.info({ connection }, 'connected'),
      onClosed: (connection) => log.info({ connection }, 'closed'),
      onUnexpected: (connection, method, { message, stack }) =>
        log.error({ connection, method, message, stack }, 'unexpected'),
    },
  );

  const invite = (): Invitation => ({
    pairingCode: codes.create('code').code,
    pageUrl: `http://localhost:${server.port}/#pair=${codes.create('page').code}`,
    expiresInMs: codeLifeMs,
  });
  const port = options.port ?? defaultPort;
  const server: SocketServer = await listen({
    port,
    refuseConnection: () =>
      connections.count < limits.connections
        ? null
        : `${limits.connections} programs are connected already. Close one of them.`,
    onTrouble: (error) => log.error({ error: String(error) }, 'socket trouble'),
    onConnection: (socket) => connections.add(socket),
    onRequest: createPages({
      folder: options.pageFolder ?? join(packageFolder, 'dist', 'browser'),
      health: () => ({
        service: 'psp-layers',
        version,
        protocol: protocolVersion,
        uptimeSeconds: Math.round((performance.now() - startedAt) / 1000),
        device: processor.report.device,
        passedOver: processor.report.passedOver,
        connections: connections.count,
        jobs: queue.counts,
      }),
      challenges: new Challenges(token, dialledPort),
      invite,
    }),
  }).catch(async (error: unknown) => {
    await Promise.all([queue.close(0), processor.close()]);
    throw await explainListenError(error, port);
  });
  log.info({ port: server.port, version, device: processor.report.device }, 'listening');

  return {
    port: server.port,
    invite,
    get processorPid() {
      return processor.pid;
    },
    async stop(graceMs = 10_000) {
      log.info('stopping');
      await queue.close(graceMs);
      const reason = 'The bridge server was stopped. Start it again with "psp-layers serve".';
      connections.endAll(new PspError('CONNECTION_LOST', reason, { retryable: true }));
      await Promise.all([server.close(), processor.close()]);
    },
  };
}
