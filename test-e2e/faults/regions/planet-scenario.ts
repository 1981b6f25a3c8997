// A fault that regions must get over, tried on a planet of them.
import { Planet } from '../../harness/planet.js';
import { PlanetLoad } from '../../harness/planet-load.js';
import type { Described, Stage, Staged } from '../scenario.js';
import { type Ground, PlanetTrial } from './planet-trial.js';

export const REGIONS = ['us-east', 'eu-west', 'ap-south'] as const;

/** Brings the fault about, and ends it. What is cut may be left: the end heals it. */
export function onPlanet(about: Described, strike: (trial: PlanetTrial) => Promise<void>): Staged {
  return { ...about, build: () => build(strike) };
}

async function build(strike: (trial: PlanetTrial) => Promise<void>): Promise<Stage> {
  const planet = await Planet.start(REGIONS, { region: { record: 'attempts' } });
  const ground: Ground = { planet, load: new PlanetLoad(planet), acknowledged: [], stoppedAt: new Map() };
  return {
    attempt: async (nth, random) => {
      const trial = new PlanetTrial(ground, nth, random);
      await planet.linked();
      await trial.work();
      await strike(trial);
      return trial.end();
    },
    complaints: () => planet.complaints(),
    close: () => planet.close(),
  };
}
