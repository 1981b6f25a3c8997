// The idempotency keys of what is forwarded: a start that came without one gets one here, so that sending it again, because its answer was lost, is one
// run. What the client sent is not changed otherwise, and is judged where it arrives.
import { randomUUID } from 'node:crypto';

export interface Keyed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string | undefined;
  /** Made here for a single start; the client is told, and may use it to ask again. */
  readonly key: string | null;
}

/** A request to be forwarded: `json` is its body as it was read, `body` as it came. */
export interface Unkeyed {
  /** As the route is declared: `/api/workflows`. */
  readonly route: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
  readonly body: Buffer | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const lacksKey = (value: unknown): value is Fields => isObject(value) && !('idempotency_key' in value);

/** POSTs that start runs, each with where it has its key. */
const WAYS: Readonly<Record<string, (request: Unkeyed) => Keyed | null>> = {
  '/api/workflows': (request) => (lacksKey(request.json) ? byHeader(request) : null),
  '/api/workflows/execute': (request) => (isObject(request.json) && lacksKey(request.json['opts']) ? byHeader(request) : null),
  '/api/workflows/batch': eachInBatch,
  '/api/schedules/:name/run': inBody,
};

export function startsRuns(method: string, route: string): boolean {
  return method === 'POST' && Object.hasOwn(WAYS, route);
}

export function withKeys(request: Unkeyed): Keyed {
  const { headers, body } = request;
  return WAYS[request.route]?.(request) ?? { headers, body, key: null };
}

function byHeader({ headers, body }: Unkeyed): Keyed | null {
  if (headers['idempotency-key'] !== undefined) return null;
  const key = randomUUID();
  return { headers: { ...headers, 'idempotency-key': key }, body, key };
}

function eachInBatch({ headers, json }: Unkeyed): Keyed | null {
  if (!isObject(json) || !Array.isArray(json['workflows']) || !json['workflows'].some(lacksKey)) return null;
  const workflows = json['workflows'].map((element: unknown) =>
    lacksKey(element) ? { ...element, idempotency_key: randomUUID() } : element,
  );
  return { headers, body: JSON.stringify({ ...json, workflows }), key: null };
}

function inBody({ headers, json = {} }: Unkeyed): Keyed | null {
  if (!lacksKey(json)) return null;
  const key = randomUUID();
  return { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ ...json, idempotency_key: key }), key };
}
