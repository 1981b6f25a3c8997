// `<data>/region.json`: where a region's services are and which processes they are. It is the claim to the data folder too: it is made by whoever
// starts, and stands until that one has stopped. After a kill -9 it names the processes that were left behind.
// Its mode is 600: it holds the address of the database with its password.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, self } from './processes.mjs';

const pathOf = (dataDir) => join(dataDir, 'region.json');
const text = (region) => `${JSON.stringify(region, null, 2)}\n`;

/** @returns {Record<string, any> | null} */
export function readRegion(dataDir) {
  try {
    return JSON.parse(readFileSync(pathOf(dataDir), 'utf8'));
  } catch {
    return null;
  }
}

/** The region that runs on this folder and is ready, or null. */
export function runningRegion(dataDir) {
  const region = readRegion(dataDir);
  return region?.state === 'ready' && isAlive(region.launcher) ? region : null;
}

/**
 * Claims the folder for this process.
 * @returns {{ holder: object } | { leftovers: { name: string, pid: number, identity: string }[] }} who has it, or what the last one left
 */
export function claimRegion(dataDir) {
  mkdirSync(dataDir, { recursive: true });
  for (;;) {
    const last = readRegion(dataDir);
    if (isAlive(last?.launcher)) return { holder: last };
    const leftovers = [...(last?.leftovers ?? []), ...Object.values(last?.services ?? {})].filter(isAlive);
    rmSync(pathOf(dataDir), { force: true });
    try {
      writeFileSync(pathOf(dataDir), text({ launcher: self(), state: 'starting', leftovers, services: {} }), { flag: 'wx', mode: 0o600 });
      return { leftovers };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error; // another start was quicker
    }
  }
}

/** Readers see the old file or the new one, never half of it. */
export function writeRegion(dataDir, region) {
  writeFileSync(`${pathOf(dataDir)}.new`, text({ launcher: self(), ...region }), { mode: 0o600 });
  renameSync(`${pathOf(dataDir)}.new`, pathOf(dataDir));
}

export const dropRegion = (dataDir) => rmSync(pathOf(dataDir), { force: true });
