// A PostgreSQL of its own that a test may crash and start again, on the same port and data.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Answer {
  id?: number;
  url?: string;
  error?: string;
}

export class CrashableServer {
  private commands = 0;

  private constructor(
    private readonly process: ChildProcess,
    /** Superuser URL of the database postgres; stays the same over crashes. */
    readonly url: string,
  ) {}

  static async start(settings: Record<string, string | number> = {}): Promise<CrashableServer> {
    const script = fileURLToPath(new URL('../crashable-server.mjs', import.meta.url));
    const child = fork(script, [JSON.stringify(settings)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
    const { url } = await answerOf(child, (answer) => answer.url !== undefined);
    return new CrashableServer(child, url!);
  }

  /** Immediate shutdown: nothing is flushed, unlogged tables will be empty. */
  crash = () => this.tell('crash');
  /** kill -9 of its first process: as crash, but nobody is told. */
  kill = () => this.tell('kill');
  /** Fast shutdown. */
  shutdown = () => this.tell('shutdown');
  /** Starts what was crashed or shut down. */
  restart = () => this.tell('start');

  /** Ends the server and removes its data. */
  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.disconnect();
    await gone;
  }

  private async tell(command: string): Promise<void> {
    const id = (this.commands += 1);
    const answer = answerOf(this.process, (message) => message.id === id);
    this.process.send({ id, command });
    const { error } = await answer;
    if (error) throw new Error(`${command}: ${error}`);
  }
}

function answerOf(child: ChildProcess, isIt: (answer: Answer) => boolean): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`the server's process ended with ${code}`));
    const onMessage = (message: unknown) => {
      if (!isIt(message as Answer)) return;
      child.off('exit', onExit).off('message', onMessage);
      resolve(message as Answer);
    };
    child.on('message', onMessage).once('exit', onExit);
  });
}
