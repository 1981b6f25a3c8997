// A fault that regions must get over, tried on a planet of them.
import { Planet } from '../../harness/planet.js';
import { PlanetLoad } from '../../harness/planet-load.js';
import type { Described, Stage, Staged } from '../scenario.js';
import { type Ground, PlanetTrial } from './planet-trial.js';

export const REGIONS = ['us-east', 'eu-west', 'ap-south'] as const;

/** Handlers that obey their signals: of others nobody may ask that they have ended when somebody else takes over. */
const HEEDING = { heeds: true };

/** Brings the fault about, and ends it. What is cut may be left: the end heals it. `input`: more for the input of all runs. */
export function onPlanet(about: Described, strike: (trial: PlanetTrial) => Promise<void>, input: object = HEEDING): Staged {
  return { ...about, build: () => build(strike, input) };
}

async function build(strike: (trial: PlanetTrial) => Promise<void>, input: object): Promise<Stage> {
  const planet = await Planet.start(REGIONS, { region: { record: 'attempts' } });
  const ground: Ground = { planet, load: new PlanetLoad(planet), acknowledged: [], stoppedAt: new Map() };
  return {
    attempt: async (nth, random) => {
      const trial = new PlanetTrial(ground, nth, random);
      await planet.linked();
      await trial.work(input);
      await strike(trial);
      return trial.end();
    },
    complaints: () => planet.complaints(),
    close: () => planet.close(),
  };
}
