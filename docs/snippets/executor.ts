// #region executor
import { createExecutor } from '@singularity-workflow/sdk';
import { fulfilOrder } from './fulfil-order.js';

export const executor = createExecutor({
  databaseUrl: 'postgres://workflow_executor_login:secret@127.0.0.1:5432/app',
  workflows: [fulfilOrder],
  handleSignals: true, // SIGTERM drains, a second one hastens
});
await executor.start();
await executor.whenStopped();
// #endregion
