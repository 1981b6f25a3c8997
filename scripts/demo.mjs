// `npm run demo`: the examples over real input, in the region that runs (`.data/region.json`) or in one of its own, for as long as it takes.
// Exit code 0 when every number is as it must be.
import { join } from 'node:path';
import { runningRegion } from './lib/region-file.mjs';
import { root } from './lib/turbo.mjs';
import { startRegion } from './up/region.mjs';
import { readSettings, Refused } from './up/settings.mjs';

const say = (line) => console.error(line);

/** The router to use, and how to end what was started for it. */
async function openRegion(settings) {
  const running = runningRegion(settings.dataDir);
  if (running) return { url: running.services.router.url, close: async () => {} };
  say('no region runs: starting one for the demo');
  const region = startRegion(settings, say);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => void region.stop().then(() => process.exit(130)));
  }
  try {
    return { url: (await region.ready).services.router, close: () => region.stop() };
  } catch (error) {
    await region.stop();
    throw error;
  }
}

try {
  const settings = readSettings({ PORT: '0', ...process.env });
  const { url, close } = await openRegion(settings);
  say(`router ${url}\n`);
  try {
    const { runDemo } = await import('../packages/examples/dist/demo/index.js');
    const asItMustBe = await runDemo({ urls: [url], root, dataDir: join(settings.dataDir, 'demo') });
    if (!asItMustBe) process.exitCode = 1;
  } finally {
    await close();
  }
} catch (error) {
  say(error instanceof Refused ? error.message : error);
  process.exitCode = 1;
}
