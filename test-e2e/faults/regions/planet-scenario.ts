// A fault that regions must get over, tried on a planet of them.
import { Planet } from '../../harness/planet.js';
import type { RegionOptions } from '../../harness/region.js';
import { PlanetLoad } from '../../harness/planet-load.js';
import type { Described, Stage, Staged } from '../scenario.js';
import { type Ground, PlanetTrial } from './planet-trial.js';

export const REGIONS = ['us-east', 'eu-west', 'ap-south'] as const;

/** Handlers that obey their signals: of others nobody may ask that they have ended when somebody else takes over. */
const HEEDING = { heeds: true };

export interface Surroundings {
  /** More for the input of all runs. Default: their handlers obey their signals. */
  readonly input?: object;
  /** For every region, over the defaults. */
  readonly region?: RegionOptions;
}

/** Brings the fault about, and ends it. What is cut may be left: the end heals it. */
export function onPlanet(about: Described, strike: (trial: PlanetTrial) => Promise<void>, surroundings: Surroundings = {}): Staged {
  return { ...about, build: () => build(strike, surroundings) };
}

async function build(strike: (trial: PlanetTrial) => Promise<void>, { input = HEEDING, region = {} }: Surroundings): Promise<Stage> {
  const planet = await Planet.start(REGIONS, { region: { record: 'attempts', ...region } });
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
