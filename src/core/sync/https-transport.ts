import { connect as connectTcp } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Agent, buildConnector, request as sendRequest } from 'undici';
import type { RegistryReply, RegistryRequest, RegistryTransport, TransportFailure } from './transport.ts';

export interface HttpsTransportOptions {
  /** `https://host:port` */
  readonly url: string;
  /** The only authority accepted for the registry's certificate. */
  readonly caPem: string;
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly connectTimeoutMs?: number;
}

const unpack = promisify(gunzip);

/** How long a probed connection must stay open: a gateway without a registry behind it closes at once. */
const probeStayMs = 200;

/** Mutual TLS 1.3 with one pinned authority; no proxy, no redirect, no fallback. */
export function createHttpsTransport(options: HttpsTransportOptions): RegistryTransport {
  const base = new URL(options.url);
  const connectTimeoutMs = options.connectTimeoutMs ?? 4000;
  const connect = buildConnector({
    ca: options.caPem,
    cert: options.certificatePem,
    key: options.keyPem,
    minVersion: 'TLSv1.3',
    rejectUnauthorized: true,
    timeout: connectTimeoutMs,
  });
  const agent = new Agent({
    connections: 8,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 60_000,
    connect: (target, done) => {
      connect(target, (...outcome) => {
        const [error] = outcome;
        if (error !== null) duringHandshake.add(error);
        done(...outcome);
      });
    },
  });

  const send = async (request: RegistryRequest): Promise<RegistryReply> => {
    const deadline = AbortSignal.timeout(request.timeoutMs);
    const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
    try {
      const answer = await sendRequest(new URL(request.path, base), {
        dispatcher: agent,
        method: request.method,
        headers: {
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
        },
        body: request.body ?? null,
        signal,
        headersTimeout: request.timeoutMs,
        bodyTimeout: request.timeoutMs,
      });
      const pieces: Buffer[] = [];
      let sizeBytes = 0;
      for await (const piece of answer.body as AsyncIterable<Buffer>) {
        sizeBytes += piece.length;
        if (sizeBytes > request.maxAnswerBytes) return { kind: 'failed', reason: 'too_large', detail: String(sizeBytes) };
        pieces.push(piece);
      }
      const headers = plainHeaders(answer.headers);
      const received = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
      const body = headers['content-encoding'] === 'gzip' ? await unpack(received, { maxOutputLength: request.maxAnswerBytes }) : received;
      return { kind: 'answer', status: answer.statusCode, headers, body };
    } catch (error) {
      if (request.signal?.aborted === true) return { kind: 'failed', reason: 'aborted', detail: '' };
      if (deadline.aborted) return { kind: 'failed', reason: 'timeout', detail: 'DEADLINE' };
      const code = codeOf(error);
      // What unpacks beyond its bound is dropped like what arrives beyond it.
      if (code === 'ERR_BUFFER_TOO_LARGE') return { kind: 'failed', reason: 'too_large', detail: code };
      return { kind: 'failed', reason: reasonOf(code, isOfHandshake(error)), detail: code };
    }
  };

  const probe = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connectTcp({ host: base.hostname.replace(/^\[|\]$/g, ''), port: Number(base.port || 443) });
      let timer = setTimeout(() => finish(false), connectTimeoutMs);
      const finish = (isReachable: boolean): void => {
        clearTimeout(timer);
        socket.removeAllListeners();
        socket.on('error', () => undefined);
        socket.destroy();
        resolve(isReachable);
      };
      socket.once('connect', () => {
        clearTimeout(timer);
        timer = setTimeout(() => finish(true), probeStayMs);
      });
      socket.once('error', () => finish(false));
      socket.once('close', () => finish(false));
      socket.once('end', () => finish(false));
      socket.resume();
    });

  return { send, probe, close: () => agent.destroy() };
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return plain;
}

/** The code of an error or of what caused it; never its text, which may quote the request. */
function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError) return codeOf(at.errors[0]);
  }
  return 'UNKNOWN';
}

const tlsCodes = /CERT|^ERR_SSL|^ERR_TLS|UNABLE_TO_|SELF_SIGNED|EPROTO|^INVALID_|PATH_LENGTH|HOSTNAME|^CRL_|UNSPECIFIED/;
/** An alert of the other side about the certificate of this desk. */
const refusalOfOurs = /ALERT_(?:.*CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/;

const unreachableCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Errors that came while the connection was being made: what is wrong then is about certificates and versions and not about the way. */
const duringHandshake = new WeakSet<Error>();

function isOfHandshake(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1)
    if (duringHandshake.has(at)) return true;
  return false;
}

/**
 * Bytes that were spoilt on their way over a connection that stood are a broken link like any other. Only the refusal of our own certificate
 * comes after the handshake: in TLS 1.3 the client has finished by then. Source: b5, transport and desk auth
 */
function reasonOf(code: string, isHandshake: boolean): TransportFailure {
  if (unreachableCodes.has(code)) return 'unreachable';
  if (isHandshake ? tlsCodes.test(code) : refusalOfOurs.test(code)) return 'tls';
  if (code.endsWith('_TIMEOUT')) return 'timeout';
  return 'reset';
}
