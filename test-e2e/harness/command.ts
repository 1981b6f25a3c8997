// How a command that starts services ends: they end with it, for the channels of those who watch over them close with this process.

/** Runs it and exits with the code that it answers; Ctrl-C and the like: 130. */
export async function runCommand(run: () => Promise<number>): Promise<never> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
  // Not left to the end of the event loop: Node then waits, at times for ever, for the handles of processes that were killed.
  process.exit(await run());
}
