// Hands on what may pass, as a stream in both directions (long-polls and event streams last). Adds nothing to what the service answers.
import { createServer, request as ask } from 'node:http';
import { refusal } from './rules.mjs';

/** Between two parties only (RFC 9110, 7.6.1); and the token is the door's, not the service's. */
const NOT_HANDED_ON = new Set(['authorization', 'connection', 'keep-alive', 'proxy-authorization', 'te', 'trailer', 'upgrade']);

const handedOn = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_HANDED_ON.has(name)));

function refuse(response, status, detail) {
  const headers = { 'content-type': 'application/problem+json', ...(status === 401 && { 'www-authenticate': 'Bearer' }) };
  response.writeHead(status, headers).end(JSON.stringify({ status, title: 'The door is shut', detail }));
}

/** @param {{ servicePort: number, tokens: { api: string | null, metrics: string | null } }} settings */
export function createDoor({ servicePort, tokens }) {
  return createServer((request, response) => {
    const { method, url, headers } = request;
    const refused = refusal({ method, url, authorization: headers.authorization }, tokens);
    if (refused) return refuse(response, refused.status, refused.detail);
    const behind = ask({ host: '127.0.0.1', port: servicePort, method, path: url, headers: handedOn(headers) }, (answer) => {
      response.writeHead(answer.statusCode, handedOn(answer.headers));
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    behind.once('error', () => (response.headersSent ? response.destroy() : refuse(response, 503, 'the service does not answer')));
    response.once('close', () => behind.destroy());
    request.pipe(behind);
  });
}
