// What can be typed at the planet's prompt: a line becomes the call of an action, or a sentence that says what is wrong with it. Pure but for the actions.
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { atMost } from './numbers.js';

export interface PlanetActions {
  kill(region: string): Promise<void>;
  bringBack(region: string): Promise<void>;
  add(region: string): Promise<void>;
  evacuate(region: string): Promise<void>;
  restore(region: string): Promise<void>;
  /** `oneWay`: only what the first sends to the second is lost. */
  cut(from: string, to: string, oneWay: boolean): Promise<void>;
  delay(a: string, b: string, ms: number): Promise<void>;
  heal(): Promise<void>;
  submit(runs: number): Promise<void>;
  status(): Promise<void>;
  compare(): Promise<void>;
}

/** What became of a line. */
export type Outcome = 'done' | 'quit';

const RUNS_MAX = 100_000;
const DELAY_MS_MAX = 60_000;
/** As REGION must be. */
const NAME = /^[a-z][a-z0-9-]{0,30}$/;

export class Commands {
  constructor(
    /** Those that there are now. */
    private readonly regions: () => readonly string[],
    private readonly actions: PlanetActions,
    private readonly say: (text: string) => void,
  ) {}

  /** The words that a line may begin with. */
  get names(): string[] {
    return this.program(() => undefined).commands.map((command) => command.name());
  }

  /** Never throws for what was typed: it says what is wrong. What an action throws goes on. */
  async run(line: string): Promise<Outcome> {
    const words = line.trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) return 'done';
    let outcome: Outcome = 'done';
    try {
      await this.program(() => (outcome = 'quit')).parseAsync(words, { from: 'user' });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error; // commander has said what it is
    }
    return outcome;
  }

  /** Made anew for each line: commander keeps options from one parse to the next. */
  private program(quit: () => void): Command {
    const { actions } = this;
    const program = new Command('planet')
      .exitOverride()
      .helpOption(false)
      .helpCommand('help', 'this list')
      .configureOutput({
        writeOut: (text) => this.say(text.trimEnd()),
        writeErr: (text) => this.say(text.trimEnd()),
      });
    const add = (usage: string, description: string): Command =>
      program
        .command(usage)
        .description(description)
        .helpOption(false)
        .allowExcessArguments(false)
        .configureHelp({ visibleOptions: () => [] });
    add('status', 'the map: regions, their leases and homes, and the links between them').action(() => actions.status());
    add('submit', 'start so many runs, for many tenants, at all routers in turn: each takes any of them')
      .argument('<runs>', '', atMost(RUNS_MAX))
      .action((runs: number) => actions.submit(runs));
    this.naming(add('kill', 'kill -9 of everything in a region, its database too'), '<region>').action((region: string) =>
      actions.kill(region),
    );
    this.naming(add('start', 'bring a killed region back, with the data it had'), '<region>').action((region: string) =>
      actions.bringBack(region),
    );
    this.naming(add('restore', 'have the others give back what they have of a region, by planned moves'), '<region>').action(
      (region: string) => actions.restore(region),
    );
    this.naming(add('evacuate', 'empty a region: its homes go to the others, by planned moves'), '<region>').action((region: string) =>
      actions.evacuate(region),
    );
    add('add', 'one more region, which copies everything and takes its share of the homes')
      .argument('<region>', '', (value: string) => this.newcomer(value))
      .action((region: string) => actions.add(region));
    this.naming(add('cut', 'break the links of two regions; --one-way: only what the first sends is lost'), '<region>', '<other>')
      .option('--one-way')
      .action((from: string, to: string, { oneWay = false }: { oneWay?: boolean }) =>
        this.between(from, to, () => actions.cut(from, to, oneWay)),
      );
    this.naming(add('delay', 'let everything between two regions arrive later, each way'), '<region>', '<other>')
      .argument('<ms>', '', atMost(DELAY_MS_MAX))
      .action((a: string, b: string, ms: number) => this.between(a, b, () => actions.delay(a, b, ms)));
    add('heal', 'undo every cut and delay').action(() => actions.heal());
    add('compare', 'are all replicated tables the same in all regions?').action(() => actions.compare());
    add('quit', 'end everything and throw it away').alias('exit').action(quit);
    return program;
  }

  private naming(command: Command, ...names: string[]): Command {
    for (const name of names) command.argument(name, '', (value: string) => this.known(value));
    return command;
  }

  private known(value: string): string {
    if (!this.regions().includes(value)) throw new InvalidArgumentError(`It is none of ${this.regions().join(', ')}.`);
    return value;
  }

  private newcomer(value: string): string {
    if (this.regions().includes(value)) throw new InvalidArgumentError('There is one.');
    if (!NAME.test(value)) throw new InvalidArgumentError('A name has small letters, digits and hyphens.');
    return value;
  }

  private async between(a: string, b: string, action: () => Promise<void>): Promise<void> {
    if (a === b) this.say(`there is no link between ${a} and itself`);
    else await action();
  }
}
