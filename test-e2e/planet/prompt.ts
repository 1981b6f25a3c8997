// A line after the other, until somebody quits or there are no more. What is typed may come through a pipe.
import { createInterface } from 'node:readline/promises';
import type { Commands } from './commands.js';

export async function prompt(commands: Commands, regions: () => readonly string[], say: (text: string) => void): Promise<void> {
  say('\nhelp lists what can be said');
  const completer = (line: string): [string[], string] => {
    const word = line.split(/\s+/).at(-1)!;
    return [[...commands.names, ...regions()].filter((name) => name.startsWith(word)), word];
  };
  const terminal = createInterface({ input: process.stdin, output: process.stdout, completer, prompt: 'planet> ' });
  let isOpen = true; // lines that came through a pipe are still to be done when it has ended
  terminal.on('close', () => (isOpen = false)).on('SIGINT', () => process.exit(130));
  terminal.prompt();
  for await (const line of terminal) {
    try {
      if ((await commands.run(line)) === 'quit') break;
    } catch (error) {
      say(`that failed: ${(error as Error).message}`);
    }
    if (isOpen) terminal.prompt();
  }
  terminal.close();
}
