// Whoever starts a process tells the warden its pid; whatever happens to the suite, the process is ended.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { e2eFolder } from './places.js';

export class Warden {
  private readonly child: ChildProcess;

  constructor() {
    this.child = fork(join(e2eFolder, 'harness/warden.mjs'), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
    });
    this.child.unref();
    this.child.channel?.unref();
  }

  watch(...pids: readonly number[]): void {
    this.child.send({ watch: pids });
  }

  forget(...pids: readonly number[]): void {
    this.child.send({ forget: pids });
  }

  /** Ends all that is still watched. */
  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.ref();
    this.child.disconnect();
    await gone;
  }
}
