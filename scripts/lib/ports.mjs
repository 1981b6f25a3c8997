// Ports of the loopback interface.
import { createServer } from 'node:net';

function hold(port) {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** That many free ports; held open together until all are found, so no two are the same. */
export async function freePorts(count) {
  const held = await Promise.all(Array.from({ length: count }, () => hold(0)));
  const ports = held.map((server) => server.address().port);
  await Promise.all(held.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

export const freePort = async () => (await freePorts(1))[0];

export async function isFree(port) {
  try {
    const server = await hold(port);
    await new Promise((done) => server.close(done));
    return true;
  } catch (error) {
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES') return false;
    throw error;
  }
}
