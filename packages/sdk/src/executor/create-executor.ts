import { Executor } from './executor.js';
import { settingsOf, type ExecutorOptions } from './settings.js';

/** An executor for the user's own process. It does nothing before `start()`. Throws `invalid_config` with all mistakes at once. */
export function createExecutor(options: ExecutorOptions): Executor {
  const settings = settingsOf(options);
  const executor = new Executor(settings);
  if (settings.handleSignals) stopOnSignals(executor);
  return executor;
}

function stopOnSignals(executor: Executor): void {
  const stop = (): void => void executor.stop();
  process.on('SIGTERM', stop).on('SIGINT', stop);
  void executor.whenStopped().then(() => process.off('SIGTERM', stop).off('SIGINT', stop));
}
