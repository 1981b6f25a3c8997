// `npm start`: a region on this machine, from a fresh clone to a curl line that works, until Ctrl-C. See up/settings.mjs for what may be set,
// up/region.mjs for the order of things. Exit code 0 after a wanted stop, 1 when it could not start.
import { banner } from './up/banner.mjs';
import { startRegion } from './up/region.mjs';
import { readSettings, Refused } from './up/settings.mjs';

const began = Date.now();
const say = (line) => console.error(line);
// A terminal that was closed refuses what is said while everything stops; the stop goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

if (Number.parseInt(process.versions.node, 10) < 24) {
  say(`this is Node ${process.versions.node}; start with \`npm start\`, which brings and uses Node 24`);
  process.exit(1);
}

try {
  const settings = readSettings();
  const region = startRegion(settings, say);
  let signals = 0;
  const stop = async () => {
    say(['stopping: what runs may finish, then everything ends (again to hasten)', 'hastening', 'killing'][Math.min(signals++, 2)]);
    await region.stop();
    process.exit();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  try {
    const { services, database } = await region.ready;
    console.log(banner({ services, database, dataDir: settings.dataDir, seconds: ((Date.now() - began) / 1000).toFixed(1) }));
  } catch (error) {
    if (signals === 0) {
      await region.stop();
      throw error;
    } // else it failed because it was told to stop, and stop() ends the process
  }
} catch (error) {
  say(error instanceof Refused ? error.message : error);
  process.exit(1);
}
