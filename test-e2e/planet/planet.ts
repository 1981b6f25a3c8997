// Starts the regions, shows the map, and hands over: to the demo, or to whoever types.
import { moment } from '../harness/moment.js';
import { Planet } from '../harness/planet.js';
import { Commands } from './commands.js';
import { demonstrate } from './demo.js';
import type { Options } from './options.js';
import { prompt } from './prompt.js';
import { PlanetSession, seconds } from './session.js';

const REGIONS = ['us-east', 'eu-west', 'ap-south'];
/** That the demo loses. */
const LOST = 'eu-west';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Answers the exit code: 1 when the demo's regions were not equal in the end. */
export async function runPlanet({ demo, runs }: Options): Promise<number> {
  const began = moment();
  say(`starting ${REGIONS.join(', ')}: a PostgreSQL and four services each`);
  const planet = await Planet.start(REGIONS, { routers: true });
  try {
    say(`all services are ready after ${seconds(moment() - began)}; the regions find each other`);
    await planet.linked();
    say(`one mesh, leases held, all links whole after ${seconds(moment() - began)}\n`);
    const session = new PlanetSession(planet, say);
    await session.status();
    if (demo) return (await demonstrate(session, LOST, runs, say)) ? 0 : 1;
    await prompt(new Commands(() => planet.names, session, say), () => planet.names, say);
    return 0;
  } finally {
    await planet.close();
  }
}
