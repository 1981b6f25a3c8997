// Something that runs in a process of its own and is told what to do (hosted.mjs): scripts are ES modules, which Jest cannot load, and what they
// started is ended when this process is, however that happens.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { e2eFolder } from './places.js';

interface Message {
  readonly id?: number;
  readonly ready?: unknown;
  readonly failed?: string;
  readonly result?: unknown;
  readonly error?: string;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class Hosted<Ready> {
  private readonly waiting = new Map<number, Waiting>();
  private commands = 0;

  private constructor(
    private readonly child: ChildProcess,
    /** What it said when it was ready. */
    readonly ready: Ready,
  ) {
    child.on('message', (message) => this.answer(message as Message));
    child.once('exit', (code) => {
      for (const waiting of this.waiting.values()) waiting.reject(new Error(`the process ended with ${code}`));
    });
  }

  /** Starts `script`, a file of this folder, and waits until it is ready. */
  static async start<Ready>(script: string, options: object): Promise<Hosted<Ready>> {
    const child = fork(join(e2eFolder, 'harness', script), [JSON.stringify(options)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
    });
    const first = await new Promise<Message>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Message));
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
    });
    if (first.failed !== undefined) throw new Error(`${script}: ${first.failed}`);
    return new Hosted<Ready>(child, first.ready as Ready);
  }

  tell<Result>(command: string, ...args: readonly unknown[]): Promise<Result> {
    const id = (this.commands += 1);
    return new Promise<unknown>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject: (error) => reject(new Error(`${command}: ${error.message}`)) });
      this.child.send({ id, command, args });
    }) as Promise<Result>;
  }

  /** Ends what runs there. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    await gone;
  }

  private answer({ id, result, error }: Message): void {
    const waiting = this.waiting.get(id ?? 0);
    this.waiting.delete(id ?? 0);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }
}
