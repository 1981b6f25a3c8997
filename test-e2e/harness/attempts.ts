// What really ran: handlers append a line at each start and end of an attempt to a file of their process, which a kill -9 does not take away.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A line of such a file. `at`: see moment.ts. */
export interface AttemptNote {
  readonly kind: 'start' | 'end' | 'fail';
  /** Name of the process (E2E_NAME). */
  readonly process: string;
  readonly at: number;
  readonly runId: string;
  readonly stepSlug: string;
  readonly taskIndex: number;
  readonly attempt: number;
  /** Of a start. */
  readonly input?: unknown;
  /** Of an end. */
  readonly output?: unknown;
}

export const ATTEMPTS_FOLDER = 'attempts';
export const GATES_FOLDER = 'gates';

/** All notes of all processes, in the order of their moments. A line that is being written is left out. */
export function readAttempts(folder: string): AttemptNote[] {
  const attempts = join(folder, ATTEMPTS_FOLDER);
  if (!existsSync(attempts)) return [];
  const notes = readdirSync(attempts).flatMap((file) => {
    const lines = readFileSync(join(attempts, file), 'utf8').split('\n');
    return lines.slice(0, -1).map((line) => JSON.parse(line) as AttemptNote);
  });
  return notes.toSorted((a, b) => a.at - b.at);
}
