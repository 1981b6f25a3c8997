import { stdout } from 'node:process';
import { Presets, SingleBar } from 'cli-progress';

/** How much of something is done; `update` may be called as often as one likes. */
export interface ProgressBar {
  update(done: number): void;
  stop(): void;
}

const LINE_EVERY_PERCENT = 25;

/** A bar that moves on a terminal; elsewhere (a log, a pipe) one line per quarter. */
export function progressBar(title: string, total: number): ProgressBar {
  return stdout.isTTY ? movingBar(title, total) : writtenQuarters(title, total);
}

function movingBar(title: string, total: number): ProgressBar {
  const format = `  ${title.padEnd(16)} {bar} {percentage}% {value}/{total} in {duration_formatted}`;
  const bar = new SingleBar({ format, hideCursor: true, barsize: 40 }, Presets.shades_classic);
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}

function writtenQuarters(title: string, total: number): ProgressBar {
  let written = -1;
  return {
    update(done) {
      const quarter = Math.floor((done * 100) / total / LINE_EVERY_PERCENT);
      if (quarter <= written) return;
      written = quarter;
      stdout.write(`  ${title}: ${done} of ${total}\n`);
    },
    stop: () => undefined,
  };
}
