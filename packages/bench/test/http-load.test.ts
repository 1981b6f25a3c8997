import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { load, requestOf, statusOfComplete } from '../src/scaling/http-load.js';

let server: Server;
let port: number;
const bodies: string[] = [];

beforeAll(async () => {
  server = createServer((request, reply) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push(body);
      const answer = '{"id":"x"}';
      reply.writeHead(request.url === '/no' ? 503 : 202, { 'content-length': answer.length });
      reply.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('callers', () => {
  it('make a call each at least, and say how long every answer took', async () => {
    const report = await load({ ports: [port], request: requestOf('POST', '/yes', { run: 'é' }), callers: 3, forMs: 0 });
    expect(report).toMatchObject({ answered: 3, refused: {} });
    expect(report.latenciesMs.every((ms) => ms > 0)).toBe(true);
    expect(bodies).toEqual(Array(3).fill('{"run":"é"}'));
  });

  it('repeat their request on one connection until the time is over', async () => {
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const report = await load({ ports: [port], request: requestOf('GET', '/yes'), callers: 2, forMs: 50 });
    expect(report.answered).toBeGreaterThan(2);
    expect(connections).toBe(2);
  });

  it('count refusals by status, and none of them as answered', async () => {
    const report = await load({ ports: [port], request: requestOf('GET', '/no'), callers: 2, forMs: 0 });
    expect(report).toMatchObject({ answered: 0, refused: { 503: 2 } });
  });

  it('fail when nobody listens', async () => {
    await expect(load({ ports: [1], request: requestOf('GET', '/'), callers: 1, forMs: 0 })).rejects.toThrow('a caller of port 1');
  });
});

describe('an answer', () => {
  const bytes = Buffer.from('HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\nabcd');

  it('is complete with its last byte', () => {
    expect([10, 40, bytes.length - 1].map((length) => statusOfComplete(bytes.subarray(0, length)))).toEqual([null, null, null]);
    expect(statusOfComplete(bytes)).toBe(202);
  });

  it('without a length is refused', () => {
    expect(() => statusOfComplete(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow('without a length');
  });
});
