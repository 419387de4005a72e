/** The network as the exchange sees it: one request, one whole answer, no exception. Adapters: HTTPS with mutual TLS, and the simulator's. */
export interface RegistryRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'HEAD' | 'PATCH';
  /** Path with query, e.g. `/v1/sync/changes?cursor=`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** From the first byte sent to the last byte received. */
  readonly timeoutMs: number;
  /** A longer answer is dropped unread. */
  readonly maxAnswerBytes: number;
  readonly signal?: AbortSignal;
}

export type TransportFailure =
  /** No connection: the request was not sent. */
  | 'unreachable'
  /** Sent, or perhaps sent; the answer did not come whole. */
  | 'timeout'
  | 'reset'
  | 'too_large'
  /** A certificate that is not accepted, on either side. */
  | 'tls'
  | 'aborted';

export type RegistryReply =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: TransportFailure; readonly detail: string };

export interface RegistryTransport {
  /** Never rejects. */
  send(request: RegistryRequest): Promise<RegistryReply>;
  /** True when a TCP connection opens and stays open for a moment; nothing is sent. */
  probe(): Promise<boolean>;
  close(): Promise<void>;
}
