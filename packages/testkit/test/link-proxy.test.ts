import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { LinkProxy } from '../src/link-proxy.js';
import { waitFor } from '../src/wait.js';

describe('the proxy of links', () => {
  let echo: Server;
  let proxy: LinkProxy;
  let received: string;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    received = '';
    echo = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        received += bytes.toString();
        socket.write(bytes);
      });
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    proxy = await LinkProxy.start((echo.address() as AddressInfo).port);
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await proxy.close();
    await new Promise((resolve) => echo.close(resolve));
  });

  function dial(): { socket: Socket; answers: () => string; gone: () => boolean } {
    const socket = connect(proxy.port, '127.0.0.1');
    sockets.push(socket);
    let answers = '';
    let gone = false;
    socket.on('error', () => undefined).on('close', () => (gone = true));
    socket.on('data', (bytes) => (answers += bytes.toString()));
    return { socket, answers: () => answers, gone: () => gone };
  }

  const until = (what: string, condition: () => boolean) => waitFor(condition, { until: what });

  it('passes everything on, both ways and in order', async () => {
    const { socket, answers } = dial();
    const sent = Array.from({ length: 20_000 }, (_, i) => `${i};`).join('');
    for (let at = 0; at < sent.length; at += 1_000) socket.write(sent.slice(at, at + 1_000));
    await until('all has come back', () => answers().length === sent.length);
    expect(answers()).toBe(sent);
  });

  it('breaks what stands and refuses what comes, until it heals', async () => {
    const before = dial();
    before.socket.write('a');
    await until('the answer came', () => before.answers() === 'a');
    proxy.cut();
    await until('the connection is broken', before.gone);
    const meanwhile = dial();
    await until('a new one is refused', meanwhile.gone);
    expect(proxy.count).toBe(0);
    proxy.heal();
    const after = dial();
    after.socket.write('b');
    await until('the answer came', () => after.answers() === 'b');
  });

  it('swallows requests one way, and passes them on when it heals', async () => {
    const { socket, answers } = dial();
    proxy.swallow('to-server');
    socket.write('a');
    const other = dial();
    other.socket.write('x');
    await until('both connections stand', () => proxy.count === 2);
    expect(received).toBe('');
    proxy.heal();
    await until('the answers came', () => answers() === 'a' && other.answers() === 'x');
  });

  it('swallows answers one way: the server has heard, the client does not know', async () => {
    const { socket, answers } = dial();
    proxy.swallow('to-client');
    socket.write('a');
    await until('the server has heard', () => received === 'a');
    expect(answers()).toBe('');
    proxy.heal();
    await until('the answer came', () => answers() === 'a');
  });

  it('delays each way', async () => {
    const { socket, answers } = dial();
    proxy.delay(150);
    const sentAt = performance.now();
    socket.write('a');
    await until('the answer came', () => answers() === 'a');
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(300 - 2); // a timer may be a millisecond early, each way
  });

  it('tells one end that the other has left', async () => {
    const { socket } = dial();
    socket.write('a');
    await until('the server has heard', () => received === 'a');
    socket.end();
    await until('nobody is connected', () => proxy.count === 0);
    expect(received).toBe('a');
  });
});
