import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Lifecycle } from '@singularity-workflow/core/nest';

const CLOSE_LOOK_MS = 50;

/**
 * A server that closes waits for its connections: for those kept alive after a long request that was answered only then, and for those on which
 * nothing was ever asked. Once it has stopped listening, connections are closed as they fall idle, and all of them with the last request.
 */
export function closeWhatFallsIdle(app: NestFastifyApplication): void {
  const server = app.getHttpServer();
  let open = 0;
  server.on('request', (_request, response) => {
    open++;
    response.once('close', () => open--);
  });
  const close = (): void => {
    if (server.listening) return;
    if (open === 0) server.closeAllConnections();
    else server.closeIdleConnections();
  };
  app.get(Lifecycle).draining.addEventListener('abort', () => {
    const timer = setInterval(close, CLOSE_LOOK_MS);
    server.once('close', () => clearInterval(timer));
  });
}
