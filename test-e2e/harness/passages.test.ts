import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { waitFor } from '@singularity-workflow/testkit';
import { Passages } from './passages.js';

const NAMES = ['us', 'eu', 'ap'];
const ANSWER = 'answer to ';

const servers: Server[] = [];
const sockets: Socket[] = [];
/** What each region's server was asked. */
let asked: Map<string, string>;
let passages: Passages;

/** Answers everything that it is asked. */
async function serve(name: string): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        asked.set(name, (asked.get(name) ?? '') + bytes.toString());
        socket.write(ANSWER + bytes.toString());
      });
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** A connection from one region to another, and what came back on it. */
async function call(from: string, to: string, door: 'database' | 'router' = 'database') {
  const socket = connect(passages.portOf(from, to, door), '127.0.0.1');
  sockets.push(socket);
  const heard = { text: '', isBroken: false };
  socket
    .on('data', (bytes) => (heard.text += bytes.toString()))
    .on('error', () => (heard.isBroken = true))
    .on('close', () => (heard.isBroken = true));
  await once(socket, 'connect');
  return { heard, say: (text: string) => socket.write(text) };
}

beforeEach(async () => {
  asked = new Map();
  const doors = await Promise.all(NAMES.map(async (name) => [name, { database: await serve(name), router: await serve(name) }] as const));
  passages = await Passages.open(new Map(doors));
});

afterEach(async () => {
  await passages.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

it('lets every region reach every other', async () => {
  for (const from of NAMES)
    for (const to of NAMES.filter((name) => name !== from)) {
      const { heard, say } = await call(from, to);
      say(`${from} to ${to};`);
      await waitFor(() => heard.text.endsWith(';'), { until: `${to} answers ${from}` });
      expect(heard.text).toBe(`${ANSWER}${from} to ${to};`);
    }
});

it('breaks what stands between two regions when they are cut, both ways, and nothing else', async () => {
  const there = await call('us', 'eu');
  const back = await call('eu', 'us');
  const other = await call('us', 'ap');
  passages.cut('us', 'eu');
  await waitFor(() => there.heard.isBroken && back.heard.isBroken, { until: 'both connections are broken' });
  other.say('hello');
  await waitFor(() => other.heard.text === `${ANSWER}hello`, { until: 'the third region answers' });
  expect([passages.stateOf('us', 'eu'), passages.stateOf('eu', 'us'), passages.stateOf('us', 'ap')]).toEqual(['cut', 'cut', 'open']);
});

it('lets nothing of a region arrive that is not heard by another, neither questions nor answers; what it is asked arrives', async () => {
  const there = await call('us', 'eu');
  const back = await call('eu', 'us');
  passages.swallow('us', 'eu');
  there.say('question');
  back.say('question');
  await waitFor(() => asked.get('us') === 'question', { until: 'us is asked' });
  expect([asked.get('eu'), back.heard.text, back.heard.isBroken]).toEqual([undefined, '', false]);
  expect([passages.stateOf('us', 'eu'), passages.stateOf('eu', 'us')]).toEqual(['one-way', 'open']);
  passages.heal();
  await waitFor(() => asked.get('eu') === 'question' && back.heard.text === `${ANSWER}question`, { until: 'it all arrives' });
  expect(passages.stateOf('us', 'eu')).toBe('open');
});

it('breaks what routers say to each other along with what databases do', async () => {
  const there = await call('us', 'eu', 'router');
  there.say('hello');
  await waitFor(() => there.heard.text === `${ANSWER}hello`, { until: 'the router of eu answers' });
  passages.cut('us', 'eu');
  await waitFor(() => there.heard.isBroken, { until: 'the connection is broken' });
  expect(there.heard.text).toBe(`${ANSWER}hello`);
});

it('can be reached again after a cut was healed', async () => {
  passages.cut('us', 'eu');
  passages.heal();
  const { heard, say } = await call('us', 'eu');
  say('again');
  await waitFor(() => heard.text.endsWith('again'), { until: 'eu answers' });
  expect(heard.text).toBe(`${ANSWER}again`);
});

it('knows no way between regions that it was not told of', () => {
  expect(() => passages.portOf('us', 'mars')).toThrow('there is no way from us to mars');
});
