// Who may pass the door. Paths are compared as they were sent: whatever is written in another way needs the API's token.
import { createHash, timingSafeEqual } from 'node:crypto';

const OPEN = new Set(['/health/live', '/health/ready']);
const MEASURED = new Set(['/health', '/metrics']);

const digest = (text) => createHash('sha256').update(text).digest();
/** Takes as long for a near miss as for a far one. */
const same = (given, token) => token !== null && timingSafeEqual(digest(given), digest(token));

/**
 * @param {{ method: string, url: string, authorization?: string }} request
 * @param {{ api: string | null, metrics: string | null }} tokens null: not set, and then nobody passes by it
 * @returns {null | { status: 401 | 403, detail: string }} null: it may pass
 */
export function refusal({ method, url, authorization = '' }, tokens) {
  const path = url.split('?', 1)[0];
  const reads = method === 'GET' || method === 'HEAD';
  if (reads && OPEN.has(path)) return null;
  const measures = reads && MEASURED.has(path);
  const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
  if (same(given, tokens.api) || (measures && same(given, tokens.metrics))) return null;
  if (tokens.api === null && !(measures && tokens.metrics !== null)) {
    return { status: 403, detail: `${measures ? 'METRICS_TOKEN' : 'API_TOKEN'} is not set: nobody may ask for ${path}` };
  }
  return { status: 401, detail: 'send the token as `Authorization: Bearer ...`' };
}
