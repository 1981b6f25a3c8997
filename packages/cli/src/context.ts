import { createClient, type Client } from '@singularity-workflow/sdk/client';
import { Command, Option } from 'commander';
import { asJson, table, type Row, type Terminal } from './terminal.js';

const LOCAL_ROUTER = 'http://127.0.0.1:4000';

interface GlobalOptions {
  readonly url?: string[];
  readonly apiKey?: string;
  readonly json: boolean;
}

/** What a command works with: a client of the routers that were named, and a way to show its result. */
export interface Context {
  readonly client: Client;
  readonly terminal: Terminal;
  readonly json: boolean;
  /** The whole answer as JSON where that is wanted, otherwise what `rows` makes of it. */
  readonly show: <T>(answer: T, rows: (answer: T) => readonly Row[]) => void;
}

export function globalOptions(program: Command): Command {
  return program
    .addOption(
      new Option('--url <url>', `address of a router; given again, of another to turn to (default: ${LOCAL_ROUTER})`)
        .env('SWF_URL')
        .argParser(addresses),
    )
    .addOption(new Option('--api-key <key>', 'API key').env('SWF_API_KEY'))
    .option('--json', 'print the whole answer as JSON', false);
}

export function contextOf(command: Command, terminal: Terminal): Context {
  const { url = [LOCAL_ROUTER], apiKey, json } = command.optsWithGlobals<GlobalOptions>();
  return {
    client: createClient({ urls: url, ...(apiKey !== undefined && { apiKey }) }),
    terminal,
    json,
    show: (answer, rows) => terminal.out(json ? asJson(answer) : table(rows(answer))),
  };
}

/** Each by itself, or several separated by commas, as the environment gives them. */
const addresses = (text: string, earlier: readonly string[] = []): string[] => [
  ...earlier,
  ...text.split(/[\s,]+/).filter((url) => url !== ''),
];
