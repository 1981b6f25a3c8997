// A process that executes runs of one peer, until its parent hangs up.
import { serve } from './serve.js';
import type { WorkerOrigin } from './protocol.js';

await serve(JSON.parse(process.argv[2]!) as WorkerOrigin);
